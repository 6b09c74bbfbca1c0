//! What CliffWalking looks like: a meadow above the sea, a wanderer, and a temple on the far side of the bay.
use palaestra_env::Scene;
use palaestra_env::scene::{Align, Style};
use palaestra_math::sin;
use palaestra_scenery::palette::{
    CLAY, DANGER, DEEP_CLAY, DEEP_OLIVE, DEEP_SEA, DUST, FOAM, GOLD, HAZE, INK, OLIVE, SAGE, SEA, SKY,
};
use palaestra_scenery::view::View;

use super::board_scene;
use super::cliff::{Falls, GOAL, GRID, START};
use super::grid::Heading;
use super::hud;
use super::walk::Walk;
use super::walker_scene::{Figure, Look};

/// Cells, rows downwards from 0.
const VIEW: View = View { left: -0.25, top: 0.75, width: 12.5, height: 5.0 };
/// Width over height.
pub(super) const ASPECT: f32 = 2.5;

const COLUMNS: f64 = GRID.columns as f64;
/// The cliff's edge, and how far down one can see.
const EDGE: f64 = -3.0;
const FOOT: f64 = -4.25;

const WANDERER: Look = Look { body: SEA, belly: FOAM, head: CLAY, nose: DEEP_CLAY, hat: Some(GOLD) };

/// What moves, in the page's eyes.
const WALKER: u32 = 10;

pub(super) fn draw(scene: &mut Scene, walk: &Walk, falls: Falls) {
    scene.background(SKY);
    meadow(scene);
    bay(scene);
    temple(scene);
    wanderer(scene, walk, falls);
    splash(scene, falls);
    words(scene, walk, falls);
    if walk.cell == GOAL {
        hud::verdict(scene, VIEW.point([6.0, -1.5]), 0.13, ASPECT, DEEP_OLIVE, "Arrived!");
    }
}

fn middle(cell: usize) -> [f64; 2] {
    let [row, column] = GRID.place(cell);
    [column as f64 + 0.5, -(row as f64) - 0.5]
}

fn meadow(scene: &mut Scene) {
    let grass = VIEW.rectangle([COLUMNS / 2.0, -2.1], [COLUMNS, 4.2]);
    scene.turned_rectangle(&Style::fill(SAGE), grass, VIEW.length(0.15), 0.0);
    let line = Style::stroke(SKY.alpha(110), VIEW.length(0.025));
    board_scene::lines(scene, &VIEW, &line, [GRID.rows, GRID.columns]);
    for (x, y) in [(2.3, -0.35), (5.75, -1.65), (8.4, -0.6), (10.7, -1.3), (0.7, -1.8)] {
        let blades = VIEW.points::<6>(|point| [[x - 0.08, y + 0.16], [x, y], [x + 0.08, y + 0.16]][point % 3]);
        scene.polygon(&Style::stroke(OLIVE.alpha(170), VIEW.length(0.035)), &blades);
    }
    let [x, y] = middle(START);
    scene.turned_rectangle(&Style::fill(HAZE), VIEW.rectangle([x, y], [0.86, 0.86]), VIEW.length(0.2), 0.0);
    scene.text(&Style::fill(INK.alpha(170)), VIEW.point([x, EDGE - 1.11]), 0.046, Align::Centre, "start");
}

/// The sea below, and the rock's edge above it.
fn bay(scene: &mut Scene) {
    let (left, right) = (1.0, COLUMNS - 1.0);
    let water = VIEW.rectangle([(left + right) / 2.0, (EDGE + FOOT) / 2.0], [right - left, EDGE - FOOT]);
    scene.rectangle(&Style::fill(DEEP_SEA), water);
    for (depth, shift, colour) in [(0.62, 0.0, SEA), (0.92, 1.4, FOAM.alpha(110))] {
        let wave = VIEW.points::<44>(|point| {
            let x = left + 0.1 + (right - left - 0.2) * point as f64 / 21.0;
            [x, EDGE - depth + 0.06 * sin(point as f64 * 1.9 + shift)]
        });
        scene.polygon(&Style::stroke(colour, VIEW.length(0.06)), &wave);
    }
    let rock = VIEW.points::<40>(|point| match point {
        0 => [left, EDGE],
        19 => [right, EDGE],
        _ => {
            let x = left + (right - left) * (point - 1) as f64 / 17.0;
            [x, EDGE - 0.24 - 0.1 * sin(point as f64 * 2.4)]
        }
    });
    scene.polygon(&Style::fill(DEEP_CLAY), &rock);
    let edge = Style::stroke(CLAY, VIEW.length(0.09));
    scene.line(&edge, VIEW.point([left, EDGE - 0.02]), VIEW.point([right, EDGE - 0.02]));
}

fn temple(scene: &mut Scene) {
    let [x, floor] = [COLUMNS - 0.5, EDGE - 0.9];
    let stone = Style::fill(SKY).outlined(DUST, VIEW.length(0.03));
    scene.rectangle(&stone, VIEW.rectangle([x, floor + 0.05], [0.86, 0.1]));
    for column in [-0.28, 0.0, 0.28] {
        scene.rectangle(&stone, VIEW.rectangle([x + column, floor + 0.3], [0.12, 0.42]));
    }
    scene.rectangle(&stone, VIEW.rectangle([x, floor + 0.54], [0.8, 0.09]));
    let roof =
        VIEW.points::<6>(|corner| [[x - 0.46, floor + 0.58], [x, floor + 0.86], [x + 0.46, floor + 0.58]][corner % 3]);
    scene.polygon(&Style::fill(CLAY).outlined(DEEP_CLAY, VIEW.length(0.025)), &roof);
}

fn wanderer(scene: &mut Scene, walk: &Walk, falls: Falls) {
    let facing = match walk.last {
        Some([_, went]) if falls.latest.is_none() => went,
        _ => Heading::Right,
    };
    // Another identity after a fall: who is fetched up from the sea does not walk back through the meadow.
    let id = WALKER + 20 * (falls.count % 2);
    let place = middle(walk.cell);
    Figure { view: &VIEW, id, place, size: 0.84, facing, look: WANDERER }.draw(scene);
}

fn splash(scene: &mut Scene, falls: Falls) {
    let Some(column) = falls.latest else { return };
    let [x, y] = [f64::from(column) + 0.5, EDGE - 0.75];
    let ring = Style::stroke(FOAM, VIEW.length(0.05));
    for (rx, ry) in [(0.2, 0.07), (0.36, 0.13)] {
        scene.ellipse(&ring, VIEW.point([x, y]), [(rx / VIEW.width) as f32, VIEW.length(ry)], 0.0);
    }
    for (dx, dy, radius) in [(-0.2, 0.24, 0.05), (0.02, 0.34, 0.065), (0.22, 0.22, 0.045)] {
        scene.circle(&Style::fill(FOAM), VIEW.point([x + dx, y + dy]), VIEW.length(radius));
    }
    hud::verdict(scene, VIEW.point([x.clamp(2.0, COLUMNS - 2.0), EDGE + 0.3]), 0.075, ASPECT, DANGER, "−100");
}

/// The score so far, and where the last step went.
fn words(scene: &mut Scene, walk: &Walk, falls: Falls) {
    const SIZE: f32 = 0.072;
    let at = |x: f64| VIEW.point([x, 0.4]);
    let score = -i64::from(walk.steps) - 99 * i64::from(falls.count);
    hud::words(scene, at(0.0), SIZE, Align::Start, format_args!("step {}", walk.steps));
    hud::words(scene, at(COLUMNS), SIZE, Align::End, format_args!("{score} points   falls {}", falls.count));
    if let Some([asked, went]) = walk.last.filter(|[asked, went]| asked != went) {
        let words = format_args!("{} slid {}", asked.arrow(), went.arrow());
        hud::words(scene, at(COLUMNS / 2.0), SIZE, Align::Centre, words);
    }
}
