//! A house to search, seen from above, with the sprites of `art/rescue.svg`, whose comments count them too.
use palaestra_env::catalog::Artwork;
use palaestra_env::scene::{Align, Style};
use palaestra_env::{Atlas, Colour, Scene};
use palaestra_scenery::words::Words;

use crate::plan::{Cell, Direction, Plan};
use crate::thing::{Thing, Victim};
use crate::world::World;

const RUBBLE: u16 = 0;
const MEDKIT: u16 = 1;
const PICKAXE: u16 = 2;
const KEY: u16 = 3;
/// Green, purple, red, yellow.
const VICTIMS: u16 = 4;
const DOOR: u16 = 8;
/// The first rescuer's, then the second's.
const RESCUERS: u16 = 9;
const BRICKS: u16 = 11;

const OUTSIDE: Colour = Colour::rgb(0x8c5a45);
const FLOOR: Colour = Colour::rgb(0xe6ddcf);
const OTHER_FLOOR: Colour = Colour::rgb(0xddd2c1);
const INK: Colour = Colour::rgb(0x3b2a26);
const PAPER: Colour = Colour::rgb(0xfdf6ea);

/// The strip below the house, in cells.
const STRIP: f32 = 0.9;
/// Part of a sprite's frame that is free on each side.
const MARGIN: f32 = 4.0 / 120.0;

const WALLS: i16 = 0;
const THINGS: i16 = 10;
const PEOPLE: i16 = 20;
const SIGNS: i16 = 30;
const RESCUER_ID: u32 = 1;
const HELD_ID: u32 = 11;

/// The picture.
pub(crate) const ARTWORK: Artwork = Artwork::new("rescue.svg", include_bytes!("../../art/rescue.svg"));

/// The picture and its grid.
pub(super) fn atlas() -> Atlas {
    Atlas { image: ARTWORK.path.to_owned(), columns: 4, rows: 3 }
}

/// The scene's width over its height.
pub(super) fn aspect(plan: &Plan) -> f32 {
    let [width, height] = size(plan);
    width / height
}

fn size(plan: &Plan) -> [f32; 2] {
    [plan.width.into(), f32::from(plan.height) + STRIP]
}

/// Draws in cells.
struct Painter<'a> {
    scene: &'a mut Scene,
    size: [f32; 2],
}

impl Painter<'_> {
    fn area(&self, [x, y, width, height]: [f32; 4]) -> [f32; 4] {
        [x / self.size[0], y / self.size[1], width / self.size[0], height / self.size[1]]
    }

    fn rectangle(&mut self, style: &Style, area: [f32; 4]) {
        let area = self.area(area);
        self.scene.rectangle(style, area);
    }

    /// A square sprite: its middle, its side, how it is turned.
    fn sprite(&mut self, style: &Style, frame: u16, [x, y]: [f32; 2], side: f32, angle: f32) {
        let side = side * (1.0 + 2.0 * MARGIN);
        let area = self.area([x - side / 2.0, y - side / 2.0, side, side]);
        self.scene.sprite(style, frame, area, angle);
    }
}

/// Draws the world.
pub(super) fn draw(plan: &Plan, world: &World, scene: &mut Scene) {
    let size = size(plan);
    scene.background(OUTSIDE);
    let mut painter = Painter { scene, size };
    for cell in 0..plan.things.len() {
        let [x, y] = middle(plan, cell);
        let thing = world.thing(plan, cell);
        if thing == Thing::Wall {
            painter.sprite(&Style::fill(Colour::WHITE).depth(WALLS), BRICKS, [x, y], 1.0, 0.0);
            continue;
        }
        let even = (plan.row(cell) + plan.column(cell)).is_multiple_of(2);
        let floor = Style::fill(if even { FLOOR } else { OTHER_FLOOR }).depth(WALLS);
        painter.rectangle(&floor, [x - 0.5, y - 0.5, 1.0, 1.0]);
        if let Some(frame) = sprite(thing) {
            let side = if thing.is_portable() { 0.72 } else { 0.96 };
            painter.sprite(&Style::fill(Colour::WHITE).depth(THINGS), frame, [x, y], side, 0.0);
        }
    }
    people(plan, world, &mut painter);
    strip(plan, world, &mut painter);
}

fn middle(plan: &Plan, cell: Cell) -> [f32; 2] {
    [f32::from(plan.column(cell)) + 0.5, f32::from(plan.row(cell)) + 0.5]
}

fn sprite(thing: Thing) -> Option<u16> {
    Some(match thing {
        Thing::Rubble => RUBBLE,
        Thing::MedKit => MEDKIT,
        Thing::Pickaxe => PICKAXE,
        Thing::Key => KEY,
        Thing::Door => DOOR,
        Thing::Victim(Victim::Green) => VICTIMS,
        Thing::Victim(Victim::Purple) => VICTIMS + 1,
        Thing::Victim(Victim::Red) => VICTIMS + 2,
        Thing::Victim(Victim::Yellow) => VICTIMS + 3,
        _ => return None,
    })
}

fn people(plan: &Plan, world: &World, painter: &mut Painter<'_>) {
    for (index, agent) in world.now.agents.into_iter().enumerate() {
        let [x, y] = middle(plan, agent.cell);
        let ([dx, dy], angle) = match agent.direction {
            Direction::Right => ([1.0, 0.0], 0.0),
            Direction::Down => ([0.0, 1.0], std::f32::consts::FRAC_PI_2),
            Direction::Left => ([-1.0, 0.0], std::f32::consts::PI),
            Direction::Up => ([0.0, -1.0], -std::f32::consts::FRAC_PI_2),
        };
        let style = Style::fill(Colour::WHITE).depth(PEOPLE).id(RESCUER_ID + index as u32);
        painter.sprite(&style, RESCUERS + index as u16, [x, y], 0.9, angle);
        if let Some(frame) = sprite(plan.scope.thing(agent.held)) {
            let style = Style::fill(Colour::WHITE).depth(PEOPLE + 1).id(HELD_ID + index as u32);
            painter.sprite(&style, frame, [x + 0.4 * dx, y + 0.4 * dy], 0.46, 0.0);
        }
    }
}

/// What each carries, and the time that is left.
fn strip(plan: &Plan, world: &World, painter: &mut Painter<'_>) {
    let top = f32::from(plan.height);
    let line = top + STRIP / 2.0;
    painter.rectangle(&Style::fill(PAPER).depth(SIGNS), [0.0, top, plan.width.into(), STRIP]);
    for (index, agent) in world.now.agents.into_iter().enumerate() {
        let x = 0.55 + 2.0 * index as f32;
        let style = Style::fill(Colour::WHITE).depth(SIGNS);
        painter.sprite(&style, RESCUERS + index as u16, [x, line], 0.62, 0.0);
        if let Some(frame) = sprite(plan.scope.thing(agent.held)) {
            painter.sprite(&style, frame, [x + 0.75, line], 0.62, 0.0);
        }
    }
    let left = plan.max_steps.saturating_sub(world.now.time);
    let words = Words::new(format_args!("{left} steps left"));
    let [x, y] = [(f32::from(plan.width) - 0.3) / painter.size[0], line / painter.size[1]];
    painter.scene.text(&Style::fill(INK).depth(SIGNS), [x, y], 0.4 / painter.size[1], Align::End, words.as_str());
}
