//! A wheel, as both carts have it.
use std::f64::consts::FRAC_PI_2;

use palaestra_env::Scene;
use palaestra_env::scene::Style;
use palaestra_scenery::palette::{FOAM, GOLD, INK};
use palaestra_scenery::view::View;

/// Draws a wheel that has rolled clockwise by an angle. It takes four identities, from `id` up.
pub(super) fn wheel(scene: &mut Scene, view: &View, id: u32, middle: [f64; 2], radius: f64, rolled: f64) {
    scene.circle(&Style::fill(INK).id(id), view.point(middle), view.length(radius));
    let spoke = view.rectangle(middle, [radius * 1.4, radius * 0.2]);
    for (index, quarter) in [(1, 0.0), (2, FRAC_PI_2)] {
        let style = Style::fill(FOAM.alpha(200)).id(id + index);
        scene.turned_rectangle(&style, spoke, 0.0, (rolled + quarter) as f32);
    }
    scene.circle(&Style::fill(GOLD).id(id + 3), view.point(middle), view.length(radius * 0.28));
}
