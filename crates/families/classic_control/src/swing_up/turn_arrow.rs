//! A bent arrow about a joint: which way it is turned, and how hard.
use palaestra_env::scene::Style;
use palaestra_env::{Colour, Scene};
use palaestra_math::glibc::{cos, sin};
use palaestra_scenery::view::View;

const POINTS: usize = 9;
/// The head's length along the arc, in radians at radius 1, and half its width.
const HEAD: [f64; 2] = [0.17, 0.09];

/// Where the arrow begins and how far it goes, counter-clockwise from the positive x axis.
#[derive(Clone, Copy)]
pub(super) struct Turn {
    pub(super) middle: [f64; 2],
    pub(super) radius: f64,
    pub(super) from: f64,
    pub(super) sweep: f64,
}

impl Turn {
    fn place(&self, angle: f64, radius: f64) -> [f64; 2] {
        [self.middle[0] + radius * cos(angle), self.middle[1] + radius * sin(angle)]
    }

    /// Draws it with two identities from `id` up. Points rather than an arc's angles, which would go the long way round when
    /// one of them passes half a turn.
    pub(super) fn draw(&self, scene: &mut Scene, view: &View, id: u32, colour: Colour, width: f64) {
        let end = self.from + self.sweep;
        let line = view.points::<{ 2 * POINTS }>(|index| {
            self.place(self.from + self.sweep * index as f64 / (POINTS - 1) as f64, self.radius)
        });
        scene.polygon(&Style::stroke(colour, view.length(width)).id(id), &line);
        let [long, half] = HEAD;
        let tip = end + long.copysign(self.sweep) / self.radius;
        let head = view.points::<6>(|corner| match corner {
            0 => self.place(tip, self.radius),
            1 => self.place(end, self.radius + half),
            _ => self.place(end, self.radius - half),
        });
        scene.polygon(&Style::fill(colour).id(id + 1), &head);
    }
}
