//! What FrozenLake looks like: a lake between banks of snow, with holes, a penguin and a flag.
use palaestra_env::scene::{Align, Style};
use palaestra_env::{Colour, Scene};
use palaestra_scenery::palette::{CLAY, DANGER, DEEP_CLAY, DEEP_OLIVE, DEEP_SEA, FOAM, GOLD, HAZE, INK, SEA, SKY};
use palaestra_scenery::view::View;

use super::board_scene;
use super::grid::{Grid, Heading};
use super::hud;
use super::lake::{Lake, Tile};
use super::walk::Walk;
use super::walker_scene::{Figure, Look};

const MARGIN: f64 = 0.3;
const SNOW: Colour = Colour::WHITE;
/// One frozen cell of so many gleams.
const GLEAM: usize = 5;
/// On a larger lake no ice gleams, to keep its scene small.
const MOST_GLEAMING: usize = 100;

const PENGUIN: Look = Look { body: INK, belly: SKY, head: INK, nose: GOLD, hat: None };

/// What moves, in the page's eyes.
const WALKER: u32 = 10;

/// The strip of words above the lake, in cells.
fn strip(grid: Grid) -> f64 {
    0.45 + 0.1 * grid.rows as f64
}

/// In cells, rows downwards from 0.
fn view(grid: Grid) -> View {
    let strip = strip(grid);
    View {
        left: -MARGIN,
        top: strip,
        width: grid.columns as f64 + 2.0 * MARGIN,
        height: grid.rows as f64 + strip + MARGIN,
    }
}

/// Width over height.
pub(super) fn aspect(grid: Grid) -> f32 {
    let view = view(grid);
    (view.width / view.height) as f32
}

pub(super) fn draw(scene: &mut Scene, lake: &Lake, walk: &Walk, limit: u32) {
    let view = view(lake.grid);
    scene.background(SKY);
    ice(scene, &view, lake.grid);
    lake.tiles().for_each(|(cell, tile)| fixture(scene, &view, lake.grid, cell, tile));
    let tile = lake.tile(walk.cell);
    penguin(scene, &view, lake.grid, walk, tile == Tile::Hole);
    words(scene, &view, lake.grid, walk, limit);
    let ending = match tile {
        Tile::Goal => Some((DEEP_OLIVE, "Across!")),
        Tile::Hole => Some((DANGER, "Splash!")),
        _ if walk.steps >= limit => Some((DEEP_SEA, "Out of steps")),
        _ => None,
    };
    if let Some((plate, words)) = ending {
        // In the half where the penguin is not.
        let [row, _] = lake.grid.place(walk.cell);
        let down = if 2 * row < lake.grid.rows { 0.75 } else { 0.25 };
        let middle = view.point([lake.grid.columns as f64 / 2.0, -(lake.grid.rows as f64) * down]);
        let size = view.length(0.09 * view.height.min(view.width));
        hud::verdict(scene, middle, size, (view.width / view.height) as f32, plate, words);
    }
}

fn middle(grid: Grid, cell: usize) -> [f64; 2] {
    let [row, column] = grid.place(cell);
    [column as f64 + 0.5, -(row as f64) - 0.5]
}

fn ice(scene: &mut Scene, view: &View, grid: Grid) {
    let (columns, rows) = (grid.columns as f64, grid.rows as f64);
    let banks = view.rectangle([columns / 2.0, -rows / 2.0], [columns + 0.3, rows + 0.3]);
    let style = Style::fill(SNOW).outlined(HAZE, view.length(0.06));
    scene.turned_rectangle(&style, banks, view.length(0.3), 0.0);
    let lake = view.rectangle([columns / 2.0, -rows / 2.0], [columns, rows]);
    scene.turned_rectangle(&Style::fill(FOAM), lake, view.length(0.14), 0.0);
    let line = Style::stroke(SNOW.alpha(150), view.length(0.03));
    board_scene::lines(scene, view, &line, [grid.rows, grid.columns]);
}

/// What a cell has on it.
fn fixture(scene: &mut Scene, view: &View, grid: Grid, cell: usize, tile: Tile) {
    let [x, y] = middle(grid, cell);
    let round = |rx: f64, ry: f64| [(rx / view.width) as f32, view.length(ry)];
    match tile {
        Tile::Frozen if cell % GLEAM == 2 && grid.cells() <= MOST_GLEAMING => {
            let gleam = Style::stroke(SNOW.alpha(190), view.length(0.035));
            scene.line(&gleam, view.point([x - 0.2, y - 0.05]), view.point([x + 0.05, y + 0.2]));
        }
        Tile::Frozen => {}
        Tile::Start => {
            let mat = Style::fill(HAZE).outlined(SNOW, view.length(0.04));
            scene.turned_rectangle(&mat, view.rectangle([x, y], [0.82, 0.82]), view.length(0.2), 0.0);
        }
        Tile::Hole => {
            let water = Style::fill(DEEP_SEA).outlined(SNOW, view.length(0.05));
            scene.ellipse(&water, view.point([x, y]), round(0.39, 0.33), 0.0);
            scene.ellipse(&Style::fill(SEA), view.point([x, y - 0.07]), round(0.29, 0.2), 0.0);
        }
        Tile::Goal => {
            scene.ellipse(&Style::fill(SNOW), view.point([x, y - 0.24]), round(0.42, 0.2), 0.0);
            let staff = Style::stroke(INK, view.length(0.05));
            scene.line(&staff, view.point([x - 0.14, y - 0.26]), view.point([x - 0.14, y + 0.4]));
            let cloth = view
                .points::<6>(|corner| [[x - 0.14, y + 0.42], [x + 0.34, y + 0.24], [x - 0.14, y + 0.06]][corner % 3]);
            scene.polygon(&Style::fill(CLAY).outlined(DEEP_CLAY, view.length(0.025)), &cloth);
        }
    }
}

fn penguin(scene: &mut Scene, view: &View, grid: Grid, walk: &Walk, sunk: bool) {
    let facing = walk.last.map_or(Heading::Down, |[_, went]| went);
    let place = middle(grid, walk.cell);
    let figure = Figure { view, id: WALKER, place, size: 0.88, facing, look: PENGUIN };
    if !sunk {
        figure.draw(scene);
        return;
    }
    figure.head(scene, 0.0);
    let ring = Style::stroke(FOAM, view.length(0.04));
    for (rx, ry) in [(0.25, 0.09), (0.34, 0.15)] {
        let radii = [(rx / view.width) as f32, view.length(ry)];
        scene.ellipse(&ring, view.point([place[0], place[1] - 0.13]), radii, 0.0);
    }
}

/// The step, and what the ice made of it.
fn words(scene: &mut Scene, view: &View, grid: Grid, walk: &Walk, limit: u32) {
    let (height, size) = (strip(grid) * 0.56, view.length(0.32 * strip(grid)));
    let left = view.point([0.0, height]);
    hud::words(scene, left, size, Align::Start, format_args!("step {} of {limit}", walk.steps));
    if let Some([asked, went]) = walk.last.filter(|[asked, went]| asked != went) {
        let right = view.point([grid.columns as f64, height]);
        hud::words(scene, right, size, Align::End, format_args!("{} slid {}", asked.arrow(), went.arrow()));
    }
}
