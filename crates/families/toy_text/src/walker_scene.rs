//! The little figures that walk over the boards.
use palaestra_env::scene::Style;
use palaestra_env::{Colour, Scene};
use palaestra_scenery::palette::{INK, SKY};
use palaestra_scenery::view::View;

use super::grid::Heading;

/// The colours of a figure.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) body: Colour,
    pub(super) belly: Colour,
    pub(super) head: Colour,
    /// Nose or beak, and feet.
    pub(super) nose: Colour,
    pub(super) hat: Option<Colour>,
}

/// A figure at a place, with identities from `id` up; it takes fewer than 20.
pub(super) struct Figure<'a> {
    pub(super) view: &'a View,
    pub(super) id: u32,
    /// The middle of its cell.
    pub(super) place: [f64; 2],
    /// Its size, in cells.
    pub(super) size: f64,
    pub(super) facing: Heading,
    pub(super) look: Look,
}

impl Figure<'_> {
    fn ellipse(&self, scene: &mut Scene, style: Style, id: u32, [x, y]: [f64; 2], [rx, ry]: [f64; 2]) {
        let at = [self.place[0] + x * self.size, self.place[1] + y * self.size];
        let radii = [(rx * self.size / self.view.width) as f32, self.view.length(ry * self.size)];
        scene.ellipse(&style.id(self.id + id), self.view.point(at), radii, 0.0);
    }

    /// All of it.
    pub(super) fn draw(&self, scene: &mut Scene) {
        let Look { body, belly, nose, .. } = self.look;
        let [across, _] = self.facing.vector().map(f64::from);
        let front = if self.facing == Heading::Up { body } else { belly };
        self.ellipse(scene, Style::fill(INK.alpha(45)), 0, [0.0, -0.4], [0.3, 0.075]);
        for (id, side) in [(1, -0.12), (2, 0.12)] {
            self.ellipse(scene, Style::fill(nose), id, [side + 0.05 * across, -0.37], [0.095, 0.055]);
        }
        self.ellipse(scene, Style::fill(body), 3, [0.0, -0.09], [0.26, 0.3]);
        self.ellipse(scene, Style::fill(front), 4, [0.09 * across, -0.13], [0.165, 0.215]);
        self.head(scene, 0.24);
    }

    /// The head alone, so high above the middle.
    pub(super) fn head(&self, scene: &mut Scene, height: f64) {
        let Look { head, nose, hat, .. } = self.look;
        let [across, down] = self.facing.vector().map(f64::from);
        let away = self.facing == Heading::Up;
        let [eye, pupil, tip] = if away { [head; 3] } else { [SKY, INK, nose] };
        self.ellipse(scene, Style::fill(head), 5, [0.0, height], [0.2, 0.19]);
        for (id, side) in [(6, -0.075), (8, 0.075)] {
            let place = [side + 0.07 * across, height + 0.035];
            self.ellipse(scene, Style::fill(eye), id, place, [0.052, 0.06]);
            let place = [place[0] + 0.015 * across, place[1] - 0.01 * down];
            self.ellipse(scene, Style::fill(pupil), id + 1, place, [0.028, 0.034]);
        }
        self.ellipse(scene, Style::fill(tip), 10, [0.13 * across, height - 0.055], [0.06, 0.042]);
        if let Some(hat) = hat {
            self.ellipse(scene, Style::fill(hat), 11, [0.0, height + 0.15], [0.27, 0.07]);
            self.ellipse(scene, Style::fill(hat), 12, [0.0, height + 0.19], [0.15, 0.11]);
        }
    }
}
