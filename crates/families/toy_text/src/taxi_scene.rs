//! What Taxi looks like: a small town with houses and hedges, four coloured stands, and a slip with the fare beside it.
use std::f64::consts::{FRAC_PI_2, PI};

use palaestra_env::Scene;
use palaestra_env::scene::{Align, Style};
use palaestra_scenery::palette::{CLAY, DEEP_CLAY, DEEP_OLIVE, DEEP_SEA, DUST, FOAM, GOLD, HAZE, INK, SKY};

use super::grid::Heading;
use super::hud;
use super::taxi_slip;
use super::taxi_view::{COLOURS, Seen, VIEW};
use super::town::{GRID, IN_TAXI, STANDS, WALLS};
use super::walker_scene::{Figure, Look};

/// Width over height.
pub(super) const ASPECT: f32 = 1.4;

const SIDE: f64 = GRID.columns as f64;
const LETTERS: [&str; 4] = ["R", "G", "Y", "B"];
const PASSENGER: Look = Look { body: CLAY, belly: SKY, head: HAZE, nose: DEEP_CLAY, hat: None };

/// What moves, in the page's eyes.
mod id {
    pub(super) const TAXI: u32 = 10;
    pub(super) const FLAG: u32 = 30;
    pub(super) const PASSENGER: u32 = 40;
}

pub(super) fn draw(scene: &mut Scene, seen: &Seen, rainy: bool, limit: u32) {
    let fare = seen.fare;
    scene.background(SKY);
    streets(scene);
    for stand in 0..STANDS.len() {
        pad(scene, stand);
    }
    hedges(scene);
    houses(scene);
    flag(scene, fare.destination);
    let aboard = fare.passenger == IN_TAXI;
    if let Some(cell) = STANDS.get(fare.passenger) {
        let [x, y] = middle(*cell);
        let place = [x + 0.2, y + 0.12];
        let figure =
            Figure { view: &VIEW, id: id::PASSENGER, place, size: 0.52, facing: Heading::Down, look: PASSENGER };
        figure.draw(scene);
    }
    taxi(scene, fare.taxi, seen.facing, aboard);
    if rainy {
        rain(scene, seen.steps);
    }
    taxi_slip::draw(scene, seen, limit);
    // The episode is over when the passenger stands where they wanted to go; none begins like that.
    if fare.passenger == fare.destination {
        hud::verdict(scene, VIEW.point([SIDE / 2.0, -SIDE / 2.0]), 0.09, ASPECT, DEEP_OLIVE, "Delivered!");
    } else if seen.steps >= limit {
        hud::verdict(scene, VIEW.point([SIDE / 2.0, -SIDE / 2.0]), 0.09, ASPECT, DEEP_SEA, "Out of steps");
    }
}

fn middle(cell: usize) -> [f64; 2] {
    let [row, column] = GRID.place(cell);
    [column as f64 + 0.5, -(row as f64) - 0.5]
}

fn streets(scene: &mut Scene) {
    let town = VIEW.rectangle([SIDE / 2.0, -SIDE / 2.0], [SIDE + 0.2, SIDE + 0.2]);
    let style = Style::fill(DUST).outlined(DEEP_OLIVE, VIEW.length(0.14));
    scene.turned_rectangle(&style, town, VIEW.length(0.2), 0.0);
    let line = Style::stroke(SKY.alpha(120), VIEW.length(0.025));
    for at in 1..GRID.columns {
        let at = at as f64;
        scene.line(&line, VIEW.point([at, 0.0]), VIEW.point([at, -SIDE]));
        scene.line(&line, VIEW.point([0.0, -at]), VIEW.point([SIDE, -at]));
    }
}

fn pad(scene: &mut Scene, stand: usize) {
    let [x, y] = middle(STANDS[stand]);
    let style = Style::fill(COLOURS[stand].alpha(200)).outlined(SKY, VIEW.length(0.035));
    scene.turned_rectangle(&style, VIEW.rectangle([x, y], [0.84, 0.84]), VIEW.length(0.16), 0.0);
    let letter = VIEW.point([x - 0.27, y - 0.25]);
    scene.text(&Style::fill(SKY), letter, VIEW.length(0.26), Align::Centre, LETTERS[stand]);
}

/// Walls come in pairs, one below the other.
fn hedges(scene: &mut Scene) {
    for cell in WALLS.into_iter().filter(|cell| WALLS.contains(&(cell + GRID.columns))) {
        let [row, column] = GRID.place(cell);
        let area = VIEW.rectangle([column as f64 + 1.0, -(row as f64) - 1.0], [0.17, 1.96]);
        scene.turned_rectangle(&Style::fill(DEEP_OLIVE), area, VIEW.length(0.08), 0.0);
    }
}

/// A house at every crossing of the lines, its roof in two halves. Each half of a row is one shape, which goes from house to
/// house along its lower edge and back the same way.
fn houses(scene: &mut Scene) {
    const HALF: f64 = 0.17;
    for row in 1..GRID.rows {
        for (colour, low, high) in [(CLAY, 0.0, HALF), (DEEP_CLAY, -HALF, 0.0)] {
            let shape = VIEW.points::<{ 8 * (GRID.columns - 1) }>(|corner| {
                let side = if corner % 4 < 2 { -HALF } else { HALF };
                let edge = if matches!(corner % 4, 1 | 2) { high } else { low };
                [(corner / 4 + 1) as f64 + side, edge - row as f64]
            });
            scene.polygon(&Style::fill(colour), &shape);
        }
    }
}

fn flag(scene: &mut Scene, destination: usize) {
    let [x, y] = middle(STANDS[destination]);
    let staff = Style::stroke(INK, VIEW.length(0.045)).id(id::FLAG).depth(5);
    scene.line(&staff, VIEW.point([x - 0.3, y - 0.1]), VIEW.point([x - 0.3, y + 0.52]));
    let cloth = VIEW.points::<8>(|corner| {
        [[-0.3, 0.52], [0.1, 0.47], [0.02, 0.36], [0.1, 0.24], [-0.3, 0.2]].map(|[dx, dy]| [x + dx, y + dy])
            [if corner == 3 { 4 } else { corner }]
    });
    let style = Style::fill(COLOURS[destination]).outlined(INK, VIEW.length(0.03));
    scene.polygon(&style.id(id::FLAG + 1).depth(5), &cloth);
}

/// From above, its bonnet ahead.
fn taxi(scene: &mut Scene, cell: usize, facing: Heading, aboard: bool) {
    let [x, y] = middle(cell);
    let (angle, [ahead, down]) = match facing {
        Heading::Right => (0.0, [1.0, 0.0]),
        Heading::Down => (FRAC_PI_2, [0.0, -1.0]),
        Heading::Left => (PI, [-1.0, 0.0]),
        Heading::Up => (-FRAC_PI_2, [0.0, 1.0]),
    };
    let mut part = |id: u32, style: Style, along: f64, size: [f64; 2], corner: f64| {
        let area = VIEW.rectangle([x + along * ahead, y + along * down], size);
        scene.turned_rectangle(&style.id(id::TAXI + id).depth(10), area, VIEW.length(corner), angle as f32);
    };
    let body = Style::fill(GOLD).outlined(INK, VIEW.length(0.035));
    part(0, Style::fill(INK), 0.18, [0.13, 0.48], 0.03);
    part(1, Style::fill(INK), -0.19, [0.13, 0.48], 0.03);
    part(2, body, 0.0, [0.72, 0.4], 0.12);
    part(3, Style::fill(DEEP_SEA), -0.04, [0.4, 0.32], 0.07);
    part(4, Style::fill(FOAM), 0.12, [0.06, 0.28], 0.02);
    part(5, Style::fill(GOLD), -0.05, [0.26, 0.32], 0.03);
    // The light on the roof is out while somebody rides along.
    let light = Style::fill(if aboard { CLAY } else { SKY }).outlined(INK, VIEW.length(0.02));
    part(6, light, -0.05, [0.12, 0.22], 0.03);
}

fn rain(scene: &mut Scene, steps: u32) {
    let drop = Style::stroke(DEEP_SEA.alpha(90), VIEW.length(0.03)).depth(20);
    // As even as it gets, and elsewhere at every step: multiples of the golden ratio and of the root of 2.
    for index in 0..12 {
        let place = |ratio: f64, shift: f64| (f64::from(index) * ratio + f64::from(steps % 1000) * shift).fract();
        let [x, y] = [place(0.618, 0.414) * (SIDE - 0.2) + 0.15, -place(1.0 / 12.0, 0.618) * (SIDE - 0.3)];
        scene.line(&drop, VIEW.point([x, y]), VIEW.point([x - 0.09, y - 0.3]));
    }
}
