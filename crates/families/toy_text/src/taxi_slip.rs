//! The slip beside Taxi's town: who wants to go where, and what it has come to.
use palaestra_env::Scene;
use palaestra_env::scene::{Align, Style};
use palaestra_scenery::palette::{DANGER, DUST, HAZE, INK};

use super::hud;
use super::taxi_view::{COLOURS, Seen, VIEW};
use super::town::IN_TAXI;

const NAMES: [&str; 4] = ["red", "green", "yellow", "blue"];
const MIDDLE: f64 = 6.4;
const WIDTH: f64 = 2.1;
const LEFT: f64 = MIDDLE - WIDTH / 2.0 + 0.2;
const SMALL: f32 = 0.039;

pub(super) fn draw(scene: &mut Scene, seen: &Seen, limit: u32) {
    let paper = Style::fill(HAZE).outlined(DUST, VIEW.length(0.04));
    scene.turned_rectangle(&paper, VIEW.rectangle([MIDDLE, -2.5], [WIDTH, 5.2]), VIEW.length(0.2), 0.0);
    let (from, note) = match seen.fare.passenger {
        IN_TAXI => (None, "on board"),
        stand => (Some(stand), NAMES.get(stand).copied().unwrap_or_default()),
    };
    heading(scene, -0.3, "passenger");
    entry(scene, -0.75, from, note);
    heading(scene, -1.4, if seen.changed { "now wants to go to" } else { "wants to go to" });
    entry(scene, -1.85, Some(seen.fare.destination), NAMES.get(seen.fare.destination).copied().unwrap_or_default());
    scene.line(
        &Style::stroke(DUST, VIEW.length(0.03)),
        VIEW.point([LEFT, -2.4]),
        VIEW.point([LEFT + WIDTH - 0.4, -2.4]),
    );
    let line = |y: f64| VIEW.point([LEFT, y]);
    hud::words(scene, line(-2.8), SMALL, Align::Start, format_args!("step {} of {limit}", seen.steps));
    hud::words(scene, line(-3.2), SMALL, Align::Start, format_args!("points {}", seen.score));
    let last = match seen.earned {
        -10 => "in vain: −10",
        _ => "",
    };
    scene.text(&Style::fill(DANGER), line(-3.7), SMALL * 0.85, Align::Start, last);
}

fn heading(scene: &mut Scene, y: f64, words: &str) {
    scene.text(&Style::fill(INK.alpha(150)), VIEW.point([LEFT, y]), SMALL * 0.85, Align::Start, words);
}

/// A swatch of a stand's colour, and its name.
fn entry(scene: &mut Scene, y: f64, stand: Option<usize>, name: &str) {
    let colour = stand.and_then(|stand| COLOURS.get(stand)).copied().unwrap_or(HAZE);
    let swatch = Style::fill(colour).outlined(INK.alpha(120), VIEW.length(0.025));
    scene.turned_rectangle(&swatch, VIEW.rectangle([LEFT + 0.18, y], [0.36, 0.36]), VIEW.length(0.08), 0.0);
    scene.text(&Style::fill(INK), VIEW.point([LEFT + 0.5, y]), SMALL * 1.25, Align::Start, name);
}
