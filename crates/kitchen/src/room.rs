//! Floor, counters and what is built into them.
use palaestra_env::Colour;
use palaestra_env::scene::Style;

use crate::look::ROOM;
use crate::painter::{Painter, corner};
use crate::{Direction, Grid, Position, Tile, row, sprites};

const WALL: Colour = Colour::rgb(0xbfd8cd);
const SHADOW: Colour = Colour::rgb(0x6b3f22).alpha(46);
const FLOOR: Colour = Colour::rgb(0xd9a878);
const TOP: Colour = Colour::rgb(0xf4e3c5);
const FRONT: Colour = Colour::rgb(0x9c6236);

/// How much of a counter's cell is its front, where one sees it.
const FRONT_HEIGHT: f32 = 0.24;

/// Whether a cell's front is seen: it faces the floor or the outside.
fn has_front(grid: &Grid, position: Position) -> bool {
    let south = position.towards(Direction::South);
    south.y >= grid.height() || grid.tile(south) == Tile::Floor
}

/// The middle of what one can put things on.
pub fn surface(grid: &Grid, position: Position) -> [f32; 2] {
    let [x, y] = corner(position);
    [x + 0.5, y + if has_front(grid, position) { 0.5 - FRONT_HEIGHT / 2.0 } else { 0.45 }]
}

/// Draws the floor and the counters with what is built into them, but for pots.
pub fn draw(grid: &Grid, painter: &mut Painter<'_>) {
    painter.background(WALL);
    counters(grid, painter);
    floor(grid, painter);
    for (position, tile) in grid.cells() {
        let [x, y] = corner(position);
        let middle = [x + 0.5, y + 0.5];
        let even = (position.x + position.y) % 2 == 0;
        let room = Style::fill(Colour::WHITE).depth(ROOM);
        if tile == Tile::Floor {
            painter.sprite(&room, if even { sprites::FLOOR } else { sprites::OTHER_FLOOR }, middle, 1.0);
            continue;
        }
        if has_front(grid, position) {
            painter.sprite(&room, sprites::COUNTER_FRONT, middle, 1.0);
        }
        let (frame, side) = match tile {
            Tile::Counter if even => (sprites::COUNTER, 1.0),
            Tile::Onions => (sprites::ONIONS, 0.92),
            Tile::Tomatoes => (sprites::TOMATOES, 0.92),
            Tile::Dishes => (sprites::DISHES, 0.88),
            Tile::Serving => (sprites::HATCH, 0.84),
            Tile::Counter | Tile::Pot | Tile::Floor => continue,
        };
        painter.sprite(&Style::fill(Colour::WHITE).depth(row(position.y)), frame, surface(grid, position), side);
    }
}

/// One block for all of them: the floor is laid over it afterwards.
fn counters(grid: &Grid, painter: &mut Painter<'_>) {
    const CORNER: f32 = 0.16;
    let [x, y] = corner(Position { x: 0, y: 0 });
    let (width, height) = (f32::from(grid.width()), f32::from(grid.height()));
    let style = |colour| Style::fill(colour).depth(ROOM);
    painter.rounded(&style(SHADOW), [x - 0.04, y + 0.1, width + 0.08, height], CORNER);
    painter.rounded(&style(FRONT), [x, y, width, height], CORNER);
    painter.rounded(&style(TOP), [x, y, width, height - FRONT_HEIGHT], CORNER);
}

/// A rectangle for every stretch of floor in a row, with the counter's front above it and the shadow that it throws.
fn floor(grid: &Grid, painter: &mut Painter<'_>) {
    let style = |colour| Style::fill(colour).depth(ROOM);
    for y in 0..grid.height() {
        stretches(
            grid,
            y,
            |grid, position| grid.tile(position) == Tile::Floor,
            |start, length| {
                let [x, top] = corner(start);
                // Two rows overlap, so that no seam shows between them.
                let overlap = if y + 1 < grid.height() { 0.02 } else { 0.0 };
                painter.rectangle(&style(FLOOR), [x, top, length, 1.0 + overlap]);
            },
        );
    }
    let under_a_counter = |grid: &Grid, position: Position| {
        grid.tile(position) == Tile::Floor && grid.tile(position.towards(Direction::North)) != Tile::Floor
    };
    for y in 0..grid.height() {
        stretches(grid, y, under_a_counter, |start, length| {
            let [x, top] = corner(start);
            painter.rectangle(&style(FRONT), [x, top - FRONT_HEIGHT, length, FRONT_HEIGHT]);
            painter.rectangle(&style(SHADOW), [x, top, length, 0.1]);
        });
    }
}

/// Calls `found` with the first cell and the length of each stretch of a row's cells that `belongs`.
fn stretches(grid: &Grid, y: u8, belongs: impl Fn(&Grid, Position) -> bool, mut found: impl FnMut(Position, f32)) {
    let mut start = None;
    // One column beyond the edge closes a stretch that reaches it.
    for x in 0..=grid.width() {
        let inside = x < grid.width() && belongs(grid, Position { x, y });
        match (inside, start) {
            (true, None) => start = Some(x),
            (false, Some(from)) => {
                found(Position { x: from, y }, f32::from(x - from));
                start = None;
            }
            _ => {}
        }
    }
}
