//! What the agent sees, brighter than the rest.
use palaestra_env::Scene;
use palaestra_env::scene::Style;

use super::ground::Ground;
use super::layout::Camera;
use super::palette::LIGHT;
use crate::view::View;
use crate::world::World;

/// Draws light on the cells that are seen, a rectangle a run, and one for runs that lie below one another. Rock is to be drawn
/// over it.
pub(super) fn draw(scene: &mut Scene, camera: &Camera, ground: &Ground, world: &World, view: &View) {
    let mut rows = [0_u64; View::MOST as usize];
    let size = view.size();
    let corners = [(0, 0), (size - 1, size - 1)].map(|(column, row)| view.place(world, column, row));
    let (left, top) = (corners[0].x.min(corners[1].x), corners[0].y.min(corners[1].y));
    for row in 0..size {
        for column in (0..size).filter(|column| view.seen(row) >> column & 1 == 1) {
            let place = view.place(world, column, row);
            if ground.surrounds(place) {
                rows.iter_mut().skip((place.y - top) as usize).take(1).for_each(|bits| *bits |= 1 << (place.x - left));
            }
        }
    }
    let style = Style::fill(LIGHT.alpha(120));
    for first in 0..size {
        let mut bits = rows.get(first).copied().unwrap_or_default();
        while bits != 0 {
            let start = bits.trailing_zeros();
            let length = (bits >> start).trailing_ones();
            let run = (u64::MAX >> (64 - length)) << start;
            bits &= !run;
            // The same run in the rows below, as long as it is a whole one there too.
            let below = rows.iter_mut().skip(first + 1);
            let alike = below.take_while(|bits| whole_run(**bits, run)).map(|bits| *bits &= !run).count();
            let place = [left + start as i32, top + first as i32, length as i32, 1 + alike as i32];
            scene.rectangle(&style, camera.rectangle(place.map(|number| number as f32)));
        }
    }
}

/// Whether a run of bits stands alone among others.
fn whole_run(bits: u64, run: u64) -> bool {
    let around = run << 1 | run >> 1 | run;
    bits & around == run
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_whole_only_between_gaps() {
        assert!(whole_run(0b1011_0110, 0b0011_0000));
        assert!(!whole_run(0b1111_0110, 0b0011_0000));
        assert!(!whole_run(0b0010_0000, 0b0011_0000));
        assert!(!whole_run(0b0011_1000, 0b0011_0000));
    }
}
