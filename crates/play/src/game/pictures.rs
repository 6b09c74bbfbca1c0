//! Which step's picture is drawn and painted, and when that was.
use palaestra_protocol::Station;

use super::metrics::Metrics;
use super::output::Output;

/// Moving from one step's picture to the next takes at most this long, however slow the ticks: a person who pressed a key
/// wants to see it obeyed.
const LONGEST_TWEEN_MS: f64 = 130.0;

/// The pictures of a game.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pictures {
    /// Milliseconds in which things move from one picture to the next.
    duration: f64,
    /// The frame whose picture is yet to be drawn.
    undrawn: Option<u32>,
    /// An animation frame has begun since there was that picture.
    looked: bool,
    /// The frame whose picture is yet to be painted by the browser.
    unpainted: Option<u32>,
}

impl Pictures {
    /// Of a game with so many ticks per second, whose things move if they `tween`.
    pub(super) fn new(fps: f64, tween: bool) -> Self {
        let duration = if tween { (1000.0 / fps).min(LONGEST_TWEEN_MS) } else { 0.0 };
        Self { duration, undrawn: None, looked: false, unpainted: None }
    }

    /// There are so many ticks per second, as turned out later.
    pub(super) fn pace(&mut self, fps: f64) {
        if self.duration > 0.0 {
            self.duration = (1000.0 / fps).min(LONGEST_TWEEN_MS);
        }
    }

    /// An episode begins with this scene: nothing moves there from the last one.
    pub(super) fn cut(&mut self, scene: &[u8], out: &mut Vec<Output>) {
        if !scene.is_empty() {
            self.undrawn = None;
            self.show(scene, true, out);
        }
    }

    /// A step led to this scene.
    pub(super) fn step(&mut self, frame: u32, scene: &[u8], out: &mut Vec<Output>) {
        if !scene.is_empty() {
            (self.undrawn, self.looked) = (Some(frame), false);
            self.show(scene, false, out);
        }
    }

    fn show(&self, scene: &[u8], cut: bool, out: &mut Vec<Output>) {
        out.push(Output::Show { scene: scene.to_vec(), duration: self.duration, cut });
    }

    /// An animation frame begins, in which the latest picture is drawn, or never.
    pub(super) fn animation_frame(&mut self) {
        self.looked = true;
    }

    /// The canvas has been painted.
    pub(super) fn drawn(&mut self, began: f64, ended: f64, metrics: &mut Metrics) {
        if let Some(frame) = self.undrawn.take() {
            metrics.stamp(frame as usize, Station::RenderBegin, began);
            metrics.stamp(frame as usize, Station::RenderEnd, ended);
            // By the next frame's beginning the last one has been painted, also where nobody has said so yet.
            if let Some(earlier) = self.unpainted.replace(frame) {
                metrics.stamp(earlier as usize, Station::Paint, began);
            }
        }
    }

    /// The browser has painted. Gives the frame whose picture that was for the first time.
    pub(super) fn painted(&mut self, now: f64, metrics: &mut Metrics) -> Option<u32> {
        if self.looked {
            // It could not be drawn. Nobody waits for it.
            self.undrawn = None;
        }
        let frame = self.unpainted.take()?;
        metrics.stamp(frame as usize, Station::Paint, now);
        Some(frame)
    }

    /// Whether the latest step's picture has been seen, or there is none.
    pub(super) fn seen(&self) -> bool {
        self.undrawn.is_none() && self.unpainted.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use palaestra_protocol::UNPASSED;

    fn metrics() -> Metrics {
        let mut metrics = Metrics::new(10);
        (0..3).for_each(|_| metrics.push(UNPASSED));
        metrics
    }

    #[test]
    fn a_picture_is_stamped_when_it_is_drawn_and_painted_for_the_first_time() {
        let (mut pictures, mut metrics, mut out) = (Pictures::new(30.0, true), metrics(), Vec::new());
        pictures.step(1, &[1], &mut out);
        assert!(!pictures.seen());
        pictures.drawn(5.0, 6.0, &mut metrics);
        assert!(!pictures.seen());
        assert_eq!(pictures.painted(7.0, &mut metrics), Some(1));
        assert!(pictures.seen());
        pictures.drawn(8.0, 9.0, &mut metrics);
        assert_eq!(pictures.painted(10.0, &mut metrics), None);
        let row = metrics.row(1).unwrap();
        assert_eq!(
            [Station::RenderBegin, Station::RenderEnd, Station::Paint].map(|at| row[at as usize]),
            [5.0, 6.0, 7.0]
        );
    }

    #[test]
    fn a_picture_whose_painting_is_told_late_has_been_painted_when_the_next_frame_begins() {
        let (mut pictures, mut metrics, mut out) = (Pictures::new(30.0, true), metrics(), Vec::new());
        pictures.step(1, &[1], &mut out);
        pictures.drawn(5.0, 6.0, &mut metrics);
        pictures.step(2, &[1], &mut out);
        pictures.drawn(13.0, 14.0, &mut metrics);
        assert_eq!(pictures.painted(15.0, &mut metrics), Some(2));
        assert_eq!(pictures.painted(15.0, &mut metrics), None);
        let painted: Vec<f64> = metrics.column(Station::Paint as usize, 1).collect();
        assert_eq!(painted[..2], [13.0, 15.0]);
    }

    #[test]
    fn things_move_for_as_long_as_a_tick_lasts_if_they_move_at_all() {
        let mut out = Vec::new();
        for (tween, expected) in [(true, 20.0), (false, 0.0)] {
            let mut pictures = Pictures::new(25.0, tween);
            pictures.pace(50.0);
            pictures.step(1, &[1], &mut out);
            assert!(matches!(out.pop(), Some(Output::Show { duration, cut: false, .. }) if duration == expected));
        }
    }

    #[test]
    fn a_step_whose_picture_nobody_saw_has_no_stamps() {
        let (mut pictures, mut metrics, mut out) = (Pictures::new(30.0, true), metrics(), Vec::new());
        pictures.step(1, &[1], &mut out);
        pictures.step(2, &[1], &mut out);
        pictures.drawn(5.0, 6.0, &mut metrics);
        pictures.painted(7.0, &mut metrics);
        pictures.step(3, &[1], &mut out);
        pictures.cut(&[1], &mut out);
        pictures.drawn(8.0, 9.0, &mut metrics);
        let drawn: Vec<_> = metrics.column(Station::RenderBegin as usize, 1).map(|at| at.is_finite()).collect();
        assert_eq!(drawn, [false, true, false]);
    }

    #[test]
    fn without_a_canvas_nothing_is_shown_and_nothing_is_waited_for() {
        let (mut pictures, mut out) = (Pictures::new(30.0, true), Vec::new());
        pictures.step(1, &[], &mut out);
        pictures.cut(&[], &mut out);
        assert!(out.is_empty() && pictures.seen());
    }

    #[test]
    fn a_picture_that_cannot_be_drawn_is_not_waited_for() {
        let (mut pictures, mut metrics, mut out) = (Pictures::new(30.0, true), metrics(), Vec::new());
        pictures.animation_frame();
        pictures.step(1, &[1], &mut out);
        // The frame before it is painted.
        assert_eq!((pictures.painted(5.0, &mut metrics), pictures.seen()), (None, false));
        pictures.animation_frame();
        assert_eq!((pictures.painted(6.0, &mut metrics), pictures.seen()), (None, true));
    }

    #[test]
    fn slow_games_move_no_longer_than_a_person_waits() {
        for (fps, tween, expected) in [(50.0, true, 20.0), (1.0, true, LONGEST_TWEEN_MS), (50.0, false, 0.0)] {
            let mut out = Vec::new();
            Pictures::new(fps, tween).step(1, &[1], &mut out);
            assert_eq!(out, [Output::Show { scene: vec![1], duration: expected, cut: false }]);
        }
    }
}
