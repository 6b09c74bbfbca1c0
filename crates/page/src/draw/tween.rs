//! Moving things smoothly from where they are seen to where the latest step put them.
use std::ops::Range;

use palaestra_env::scene::{Kind, SceneError};

use super::picture::Picture;

/// Angles that differ by more than half of this went the other way round.
const FULL_TURN: f32 = std::f32::consts::TAU;

/// The latest picture, and where its shapes come from.
#[derive(Debug, Default)]
pub(crate) struct Tween {
    to: Picture,
    /// Where each of `to`'s numbers started.
    from: Vec<f32>,
    now: Vec<f32>,
    began: f64,
    duration: f64,
    /// Shapes that may move: id, kind and numbers. A scene has them in much the same order every time.
    known: Vec<(u32, Kind, Range<usize>)>,
    next: Picture,
    /// Whether anything has changed since the last time it was looked at.
    changed: bool,
}

impl Tween {
    /// Takes a new scene in at a time. Shapes that the last scene had as well, by their id, set out from where they are seen;
    /// after a `cut` everything jumps.
    pub(crate) fn show(&mut self, scene: &[u8], at: f64, duration: f64, cut: bool) -> Result<(), SceneError> {
        self.interpolate(at);
        self.next.read(scene)?;
        self.from.clone_from(&self.next.numbers);
        let mut expected = 0;
        for shape in self.next.shapes.iter().filter(|shape| shape.style.id != 0 && !cut) {
            let (before, after) = self.known.split_at(expected);
            // Looked for from where the last one was found: the next one is nearly always the next one.
            let found = after.iter().chain(before).position(|known| known.0 == shape.style.id);
            let Some(found) = found.map(|found| (expected + found) % self.known.len()) else { continue };
            expected = found + 1;
            let seen = self.known.get(found).filter(|known| known.1 == shape.kind);
            let seen = seen.and_then(|known| self.now.get(known.2.clone()));
            if let (Some(seen), Some(from)) = (seen, self.from.get_mut(shape.numbers.clone()))
                && seen.len() == from.len()
            {
                from.copy_from_slice(seen);
            }
        }
        std::mem::swap(&mut self.to, &mut self.next);
        self.known.clear();
        for shape in self.to.shapes.iter().filter(|shape| shape.style.id != 0) {
            self.known.push((shape.style.id, shape.kind, shape.numbers.clone()));
        }
        (self.began, self.duration, self.changed) = (at, duration, true);
        Ok(())
    }

    /// The picture and its numbers at a time; nothing when it is as it was at the last look.
    pub(crate) fn look(&mut self, at: f64) -> Option<(&Picture, &[f32])> {
        if !self.changed {
            return None;
        }
        self.interpolate(at);
        self.changed = at < self.began + self.duration && self.moves();
        Some((&self.to, &self.now))
    }

    /// Looks at it again next time even if nothing has moved.
    pub(crate) fn touch(&mut self) {
        self.changed = true;
    }

    fn moves(&self) -> bool {
        // What is no number differs from itself.
        self.from.iter().zip(&self.to.numbers).any(|(from, to)| from.to_bits() != to.to_bits())
    }

    /// Only shapes that may move are reckoned with: what stands where another command has numbers, as a picture's pixels do, need not be numbers.
    fn interpolate(&mut self, at: f64) {
        let part = if self.duration > 0.0 { ((at - self.began) / self.duration).clamp(0.0, 1.0) as f32 } else { 1.0 };
        self.now.clone_from(&self.to.numbers);
        if part >= 1.0 {
            return;
        }
        for (_, kind, range) in &self.known {
            let range = range.clone();
            let (Some(now), Some(from)) = (self.now.get_mut(range.clone()), self.from.get(range)) else { continue };
            for (index, (now, from)) in now.iter_mut().zip(from).enumerate() {
                let mut way = *now - from;
                if kind.angle() == Some(index) {
                    way -= (way / FULL_TURN).round_ties_even() * FULL_TURN;
                }
                *now = from + way * part;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use palaestra_env::Colour;
    use palaestra_env::scene::{Scene, Style};

    fn scene(id: u32, x: f32) -> Scene {
        let mut scene = Scene::new();
        scene.circle(&Style::fill(Colour::BLACK).id(id), [x, 0.5], 0.1);
        scene
    }

    fn x(tween: &mut Tween, at: f64) -> Option<f32> {
        tween.look(at).map(|(_, numbers)| numbers[0])
    }

    #[test]
    fn a_shape_with_an_id_sets_out_from_where_it_is_seen() {
        let mut tween = Tween::default();
        tween.show(scene(1, 0.0).bytes(), 0.0, 100.0, false).unwrap();
        assert_eq!(x(&mut tween, 0.0), Some(0.0));
        tween.show(scene(1, 1.0).bytes(), 100.0, 100.0, false).unwrap();
        assert_eq!(x(&mut tween, 150.0), Some(0.5));
        tween.show(scene(1, 0.0).bytes(), 150.0, 100.0, false).unwrap();
        assert_eq!(x(&mut tween, 150.0), Some(0.5));
        assert_eq!(x(&mut tween, 200.0), Some(0.25));
        assert_eq!(x(&mut tween, 250.0), Some(0.0));
    }

    #[test]
    fn after_a_cut_and_without_an_id_shapes_jump() {
        let mut tween = Tween::default();
        tween.show(scene(1, 0.0).bytes(), 0.0, 100.0, false).unwrap();
        tween.show(scene(1, 1.0).bytes(), 0.0, 100.0, true).unwrap();
        assert_eq!(x(&mut tween, 1.0), Some(1.0));
        tween.show(scene(0, 0.0).bytes(), 1.0, 100.0, false).unwrap();
        tween.show(scene(0, 1.0).bytes(), 1.0, 100.0, false).unwrap();
        assert_eq!(x(&mut tween, 2.0), Some(1.0));
    }

    #[test]
    fn a_picture_at_rest_is_not_painted_again_until_touched() {
        let mut tween = Tween::default();
        tween.show(scene(1, 0.0).bytes(), 0.0, 100.0, false).unwrap();
        assert!(x(&mut tween, 0.0).is_some());
        assert!(x(&mut tween, 10.0).is_none());
        tween.touch();
        assert!(x(&mut tween, 20.0).is_some());
    }

    #[test]
    fn pixels_keep_their_bytes_while_others_move_and_alone_they_are_painted_once() {
        // As a number each of these pixels is none, and arithmetic would change its third byte.
        let pixels = [150, 150, 150, 255, 1, 2, 129, 255, 255, 255, 191, 127, 0, 0, 128, 255];
        let drawn = |x: Option<f32>| {
            let mut scene = x.map_or_else(Scene::new, |x| scene(1, x));
            scene.pixels([0.0, 0.0, 1.0, 1.0], [2, 2], &pixels);
            scene
        };
        let bytes = |numbers: &[f32]| -> Vec<u8> { numbers.iter().flat_map(|number| number.to_le_bytes()).collect() };
        let mut tween = Tween::default();
        tween.show(drawn(Some(0.0)).bytes(), 0.0, 100.0, false).unwrap();
        tween.show(drawn(Some(1.0)).bytes(), 0.0, 100.0, false).unwrap();
        let (_, numbers) = tween.look(50.0).unwrap();
        assert_eq!(numbers[0], 0.5);
        assert_eq!(bytes(&numbers[numbers.len() - 4..]), pixels);
        for at in [100.0, 200.0] {
            tween.show(drawn(None).bytes(), at, 100.0, false).unwrap();
            let (_, numbers) = tween.look(at + 1.0).unwrap();
            assert_eq!(bytes(&numbers[numbers.len() - 4..]), pixels);
            assert!(tween.look(at + 2.0).is_none(), "nothing moves");
        }
    }

    #[test]
    fn an_angle_goes_the_short_way_round() {
        let mut tween = Tween::default();
        let turned = |angle| {
            let mut scene = Scene::new();
            let style = Style::fill(Colour::BLACK).id(1);
            scene.turned_rectangle(&style, [0.0, 0.0, 1.0, 1.0], 0.0, angle);
            scene
        };
        tween.show(turned(3.0).bytes(), 0.0, 100.0, false).unwrap();
        tween.show(turned(-3.0).bytes(), 0.0, 100.0, false).unwrap();
        let (_, numbers) = tween.look(50.0).unwrap();
        assert!((numbers[5].abs() - FULL_TURN / 2.0).abs() < 0.01, "{}", numbers[5]);
    }

    #[test]
    fn a_broken_scene_is_an_error_and_leaves_the_last_one() {
        let mut tween = Tween::default();
        tween.show(scene(1, 0.25).bytes(), 0.0, 0.0, false).unwrap();
        assert!(tween.show(&[1, 2, 3], 0.0, 0.0, false).is_err());
        tween.touch();
        assert_eq!(x(&mut tween, 1.0), Some(0.25));
    }
}
