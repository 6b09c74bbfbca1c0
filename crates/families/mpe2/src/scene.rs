//! What the scenarios look like: a sandy field seen from above, disks with eyes that look where they go, and marks.
mod figures;
mod picture;

use palaestra_env::Scene;
use palaestra_env::scene::{Align, Style};
use palaestra_scenery::palette::{DUST, HAZE, INK, SKY};
use palaestra_scenery::view::View;
use palaestra_scenery::words::Words;

pub(crate) use picture::Picture;

/// Width over height.
pub(crate) const ASPECT: f32 = 1.0;
/// What is seen of the world at least, from its middle to an edge of the picture.
const REACH: f64 = 1.3;
/// Beyond the furthest body.
const MARGIN: f64 = 1.12;
/// The edge of the field; some scenarios punish who leaves it.
const EDGE: f64 = 1.0;
const TEXT: f32 = 0.034;

/// Draws a world.
pub(crate) fn draw(scene: &mut Scene, picture: &Picture<'_>) {
    let furthest = picture.world.places.iter().flatten().fold(0.0_f64, |most, part| most.max(part.abs()));
    let reach = (furthest * MARGIN).max(REACH);
    let view = View { left: -reach, top: reach, width: 2.0 * reach, height: 2.0 * reach };
    // How much larger than life bodies are drawn.
    let growth = if picture.common.dynamic_rescaling { 1.0 } else { reach / REACH };
    field(scene, &view);
    figures::draw(scene, picture, &view, growth);
    let steps = Words::new(format_args!("step {} of {}", picture.steps, picture.common.max_cycles));
    scene.text(&Style::fill(INK.alpha(170)).depth(90), [0.025, 0.965], TEXT, Align::Start, steps.as_str());
}

fn field(scene: &mut Scene, view: &View) {
    scene.background(HAZE);
    let [left, top] = view.point([-EDGE, EDGE]);
    let side = view.length(2.0 * EDGE);
    let ground = Style::fill(SKY).outlined(DUST, view.length(0.012)).id(1).depth(-50);
    scene.turned_rectangle(&ground, [left, top, side, side], view.length(0.05), 0.0);
    let line = |alpha: u8| Style::stroke(DUST.alpha(alpha), view.length(0.006)).depth(-49);
    for (number, part) in [-0.5, 0.0, 0.5].into_iter().enumerate() {
        let style = line(if number == 1 { 150 } else { 80 });
        let id = 2 + 2 * number as u32;
        scene.line(&style.id(id), view.point([part, -EDGE]), view.point([part, EDGE]));
        scene.line(&style.id(id + 1), view.point([-EDGE, part]), view.point([EDGE, part]));
    }
}
