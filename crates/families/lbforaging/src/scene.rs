//! An orchard from above: apples with their levels, and players with theirs.
use palaestra_env::catalog::Appearance;
use palaestra_env::scene::{Align, Style};
use palaestra_env::{Colour, Scene};
use palaestra_scenery::palette::{DANGER, DEEP_OLIVE, GOLD, INK, OLIVE, SAGE, SKY};
use palaestra_scenery::view::View;
use palaestra_scenery::words::Words;

use super::arguments::{LONGEST, Settings};
use super::field::{Cell, Field, Food, Player};

/// The players, in their order.
pub(crate) const LOOKS: [Appearance; 9] = [
    Appearance::new("Blue forager", 0x27607f),
    Appearance::new("Red forager", 0xc4623f),
    Appearance::new("Plum forager", 0x8a4a72),
    Appearance::new("Yellow forager", 0xe8b04a),
    Appearance::new("Grey forager", 0x5b6470),
    Appearance::new("Brown forager", 0x8f5f2a),
    Appearance::new("Mint forager", 0x5fa08a),
    Appearance::new("Violet forager", 0x6a5aa8),
    Appearance::new("Pink forager", 0xd58a94),
];

/// The part of the height that the field takes; above it stands what is left to do.
const BOARD: f32 = 0.93;
const TEXT: f32 = 0.036;
const LAWN: Colour = Colour::rgb(0xdfe3bd);
const APPLE: Colour = Colour::rgb(0xc0392b);
const BARK: Colour = Colour::rgb(0x6d4c33);

/// What moves, in the page's eyes: each player has room for its parts.
const FIRST: u32 = 100;
const PARTS: u32 = 10;

/// Width over height.
pub(crate) fn aspect(settings: &Settings) -> f32 {
    BOARD * settings.columns as f32 / settings.rows as f32
}

/// Cells as the world, the field's lower left corner at 0, 0.
fn view(settings: &Settings) -> View {
    let height = settings.rows as f64 / f64::from(BOARD);
    View { left: 0.0, top: height, width: settings.columns as f64, height }
}

/// The middle of a cell.
fn middle(settings: &Settings, [row, column]: Cell) -> [f64; 2] {
    [column as f64 + 0.5, (settings.rows - row) as f64 - 0.5]
}

/// Draws a field.
pub(crate) fn draw(scene: &mut Scene, settings: &Settings, field: &Field, steps: u32) {
    let view = view(settings);
    lawn(scene, settings, &view);
    for food in &field.food {
        apple(scene, &view, middle(settings, food.cell), food);
    }
    for (number, player) in field.players.iter().enumerate() {
        // Who has lifting to do looks at the apple.
        let near = |food: &&Food| (0..2).map(|axis| food.cell[axis].abs_diff(player.cell[axis])).sum::<usize>() == 1;
        let apple = field.food.iter().find(near).map(|food| middle(settings, food.cell));
        forager(scene, &view, middle(settings, player.cell), number, player, apple);
    }
    let limit = settings.cut_after.map_or(LONGEST, |steps| steps.min(LONGEST));
    let words = Words::new(format_args!("step {steps} of {limit}"));
    let y = (1.0 - BOARD) / 2.0;
    scene.text(&Style::fill(INK.alpha(190)), [0.02, y], TEXT, Align::Start, words.as_str());
    let left = field.food.len();
    let words = Words::new(format_args!("{left} {} left", if left == 1 { "apple" } else { "apples" }));
    scene.text(&Style::fill(INK.alpha(190)), [0.98, y], TEXT, Align::End, words.as_str());
}

fn lawn(scene: &mut Scene, settings: &Settings, view: &View) {
    scene.background(SKY);
    let (rows, columns) = (settings.rows as f64, settings.columns as f64);
    scene.rectangle(&Style::fill(LAWN), view.rectangle([columns / 2.0, rows / 2.0], [columns, rows]));
    // Stripes both ways make squares of three shades.
    let shade = Style::fill(SAGE.alpha(45));
    for row in (1..settings.rows).step_by(2) {
        scene.rectangle(&shade, view.rectangle([columns / 2.0, row as f64 + 0.5], [columns, 1.0]));
    }
    for column in (1..settings.columns).step_by(2) {
        scene.rectangle(&shade, view.rectangle([column as f64 + 0.5, rows / 2.0], [1.0, rows]));
    }
    let edge = Style::stroke(DEEP_OLIVE.alpha(90), view.length(0.06));
    scene.line(&edge, view.point([0.0, rows]), view.point([columns, rows]));
}

fn apple(scene: &mut Scene, view: &View, [x, y]: [f64; 2], food: &Food) {
    let dot = |scene: &mut Scene, colour: Colour, at: [f64; 2], radius: f64| {
        scene.circle(&Style::fill(colour).depth(5), view.point([x + at[0], y + at[1]]), view.length(radius));
    };
    scene.ellipse(
        &Style::fill(INK.alpha(35)).depth(4),
        view.point([x, y - 0.34]),
        [(0.34 / view.width) as f32, view.length(0.08)],
        0.0,
    );
    let stem = Style::stroke(BARK, view.length(0.06)).depth(4);
    scene.line(&stem, view.point([x, y + 0.2]), view.point([x + 0.05, y + 0.42]));
    let leaf = Style::fill(OLIVE).depth(4);
    scene.ellipse(&leaf, view.point([x + 0.17, y + 0.37]), [(0.14 / view.width) as f32, view.length(0.065)], -0.4);
    dot(scene, APPLE, [-0.11, -0.02], 0.27);
    dot(scene, APPLE, [0.11, -0.02], 0.27);
    dot(scene, DANGER.alpha(120), [0.0, -0.06], 0.26);
    dot(scene, Colour::WHITE.alpha(110), [-0.2, 0.1], 0.07);
    let level = Words::new(format_args!("{}", food.level));
    let ink = Style::fill(Colour::WHITE).depth(6);
    scene.text(&ink, view.point([x, y - 0.03]), view.length(0.36), Align::Centre, level.as_str());
}

fn forager(scene: &mut Scene, view: &View, [x, y]: [f64; 2], number: usize, player: &Player, apple: Option<[f64; 2]>) {
    let id = FIRST + PARTS * number as u32;
    let colour = LOOKS[number % LOOKS.len()].colour;
    let disk = |scene: &mut Scene, style: Style, part: u32, at: [f64; 2], radius: f64| {
        scene.circle(&style.id(id + part), view.point([x + at[0], y + at[1]]), view.length(radius));
    };
    scene.ellipse(
        &Style::fill(INK.alpha(35)).depth(9).id(id),
        view.point([x, y - 0.36]),
        [(0.33 / view.width) as f32, view.length(0.08)],
        0.0,
    );
    let skin = Style::fill(colour).outlined(INK.alpha(120), view.length(0.03)).depth(10);
    disk(scene, skin, 1, [0.0, 0.0], 0.37);
    let look = apple.map_or([0.0, 0.0], |[to_x, to_y]| [(to_x - x) * 0.06, (to_y - y) * 0.06]);
    for (side, part) in [(-0.13, 2), (0.13, 4)] {
        disk(scene, Style::fill(Colour::WHITE).depth(11), part, [side + look[0], 0.1 + look[1]], 0.1);
        disk(scene, Style::fill(INK).depth(12), part + 1, [side + 1.8 * look[0], 0.1 + 1.8 * look[1]], 0.05);
    }
    // The level, in a basket before it.
    let basket = Style::fill(GOLD).outlined(BARK, view.length(0.025)).depth(13).id(id + 6);
    let [left, top, width, height] = view.rectangle([x, y - 0.2], [0.36, 0.26]);
    scene.turned_rectangle(&basket, [left, top, width, height], view.length(0.07), 0.0);
    let level = Words::new(format_args!("{}", player.level));
    let ink = Style::fill(INK).depth(14).id(id + 7);
    scene.text(&ink, view.point([x, y - 0.2]), view.length(0.24), Align::Centre, level.as_str());
}
