//! A kitchen, in the manner and with the sprites of the family `overcooked`.
use palaestra_env::scene::Style;
use palaestra_env::{Colour, Scene};
use palaestra_kitchen::painter::{Painter, corner};
use palaestra_kitchen::pots::Cooking;
use palaestra_kitchen::{Direction as Facing, Grid, Position};
use palaestra_kitchen::{INK, PAPER, people, pots, room, row, sprites};

use super::hud;
use super::ingredient::ingredient;
use crate::plan::{Cell, Direction, Plan};
use crate::setup::View;
use crate::thing::{Ingredient, Mix, Thing};
use crate::world::{Pot, World};

const WOOD: Colour = Colour::rgb(0xb97b45);
const DARK_WOOD: Colour = Colour::rgb(0xa0662f);
const SIGN: Colour = Colour::rgb(0x5a7fc4);
const BUTTON: Colour = Colour::rgb(0x7d4fa0);
const BUTTON_DARK: Colour = Colour::rgb(0x4a3358);
const LIT: Colour = Colour::rgb(0xf6c64f);
const SIGHT: Colour = Colour::rgb(0xfff3a8).alpha(38);
const SIGHT_EDGE: Colour = Colour::rgb(0xfff3a8).alpha(150);
/// Behind whatever stands on the floor.
const ON_THE_FLOOR: i16 = -50;

/// The floor plan in the letters of the family `overcooked`. Boxes of broccoli and mushrooms, signs and buttons are drawn on
/// counters.
pub(super) fn grid(plan: &Plan) -> Option<Grid> {
    let mut starts = plan.starts.into_iter().flatten().collect::<Vec<_>>();
    let floor = (0..plan.things.len()).filter(|cell| plan.built(*cell) == Thing::Nothing);
    starts.extend(floor.filter(|cell| plan.starts.is_none_or(|starts| !starts.contains(cell))).take(2));
    let letter = |cell: Cell| match plan.built(cell) {
        _ if starts.first() == Some(&cell) => '1',
        _ if starts.get(1) == Some(&cell) => '2',
        Thing::Nothing => ' ',
        Thing::Stack(Ingredient::Onion) => 'O',
        Thing::Stack(Ingredient::Tomato) => 'T',
        Thing::Plates => 'D',
        Thing::Pot => 'P',
        Thing::Hatch => 'S',
        _ => 'X',
    };
    let row = |row: u8| {
        let first = Cell::from(row) * Cell::from(plan.width);
        (first..first + Cell::from(plan.width)).map(letter).collect::<String>()
    };
    let rows: Vec<String> = (0..plan.height).map(row).collect();
    Grid::parse(&rows.join("\n")).ok()
}

/// Draws the world.
pub(super) fn draw(plan: &Plan, world: &World, grid: &Grid, scene: &mut Scene) {
    let mut painter = Painter::new(grid, scene);
    room::draw(grid, &mut painter);
    for cell in 0..plan.things.len() {
        fixture(plan, world, grid, cell, &mut painter);
        lying(plan, world, grid, cell, &mut painter);
    }
    for (cell, pot) in plan.pots.cells().zip(world.now.pots) {
        let ingredients = pot.mix.ingredients().map(ingredient);
        pots::stove(grid, position(plan, cell), cooking(plan, pot), ingredients, world.now.time, &mut painter);
    }
    for (index, agent) in world.now.agents.into_iter().enumerate() {
        let thing = plan.scope.thing(agent.held);
        let side = if matches!(thing, Thing::Ingredient(_)) { 0.5 } else { 0.62 };
        let carried = item(thing).map(|frame| (frame, side));
        let place = position(plan, agent.cell);
        if let View::Maps { radius: Some(radius), .. } = plan.view {
            sight(grid, place, radius, &mut painter);
        }
        people::chef(index, place, facing(agent.direction), carried, &mut painter);
    }
    for (index, served) in world.now.served.iter().enumerate() {
        if let Some(served) = served {
            let at = room::surface(grid, position(plan, served.cell));
            let age = world.now.time.saturating_sub(served.time);
            people::earned(index, at, age, served.reward.into(), &mut painter);
        }
    }
    hud::draw(plan, world, &mut painter);
}

fn position(plan: &Plan, cell: Cell) -> Position {
    Position { x: plan.column(cell), y: plan.row(cell) }
}

fn facing(direction: Direction) -> Facing {
    match direction {
        Direction::Right => Facing::East,
        Direction::Down => Facing::South,
        Direction::Left => Facing::West,
        Direction::Up => Facing::North,
    }
}

fn cooking(plan: &Plan, pot: Pot) -> Cooking {
    if pot.is_ready() {
        Cooking::Done(by_kind(pot.mix, [sprites::ONION_BROTH, sprites::TOMATO_BROTH, sprites::MIXED_BROTH]))
    } else if pot.is_cooking() {
        let broth = by_kind(pot.mix, [sprites::ONION_BROTH, sprites::TOMATO_BROTH, sprites::MIXED_BROTH]);
        Cooking::Boils(broth, 1.0 - f32::from(pot.timer) / f32::from(plan.cook_time.max(1)))
    } else {
        Cooking::Raw { startable: false }
    }
}

fn by_kind(mix: Mix, [onion, tomato, mixed]: [u16; 3]) -> u16 {
    match mix {
        Mix::ONIONS => onion,
        Mix::TOMATOES => tomato,
        _ => mixed,
    }
}

/// The sprite of what can be carried in a kitchen.
fn item(thing: Thing) -> Option<u16> {
    match thing {
        Thing::Ingredient(one) => Some(ingredient(one)),
        Thing::Plate => Some(sprites::DISH),
        Thing::Soup(mix) => Some(soup(mix)),
        _ => None,
    }
}

fn soup(mix: Mix) -> u16 {
    by_kind(mix, [sprites::ONION_SOUP, sprites::TOMATO_SOUP, sprites::MIXED_SOUP])
}

/// What lies on a counter or on the floor.
fn lying(plan: &Plan, world: &World, grid: &Grid, cell: Cell, painter: &mut Painter<'_>) {
    let place = position(plan, cell);
    let (number, at) = match world.thing(plan, cell) {
        Thing::Counter => (world.state(cell), room::surface(grid, place)),
        thing if thing.is_portable() => {
            let [x, y] = corner(place);
            (world.number(cell), [x + 0.5, y + 0.6])
        }
        _ => return,
    };
    let thing = plan.scope.thing(number);
    if let Some(frame) = item(thing) {
        let side = if matches!(thing, Thing::Ingredient(_)) { 0.6 } else { 0.72 };
        painter.sprite(&Style::fill(Colour::WHITE).depth(row(place.y) + 1), frame, at, side);
    }
}

/// What the other family's kitchens do not have.
fn fixture(plan: &Plan, world: &World, grid: &Grid, cell: Cell, painter: &mut Painter<'_>) {
    let place = position(plan, cell);
    let [x, y] = room::surface(grid, place);
    let depth = row(place.y);
    let state = world.state(cell);
    match plan.built(cell) {
        Thing::Stack(one @ (Ingredient::Broccoli | Ingredient::Mushroom)) => {
            let (style, frame) = (Style::fill(Colour::WHITE).depth(depth), ingredient(one));
            [-0.2, 0.2].iter().for_each(|dx| painter.sprite(&style, frame, [x + dx, y - 0.16], 0.44));
            painter.sprite(&style, frame, [x, y - 0.12], 0.46);
            painter.rounded(&Style::fill(WOOD).outlined(INK, 0.025).depth(depth), [x - 0.38, y, 0.76, 0.34], 0.04);
            painter.rectangle(&Style::fill(DARK_WOOD).depth(depth), [x - 0.36, y + 0.15, 0.72, 0.03]);
            painter.sprite(&style, frame, [x, y + 0.17], 0.24);
        }
        Thing::Sign => {
            let style = Style::fill(SIGN).outlined(INK, 0.03).depth(depth);
            painter.rounded(&style, [x - 0.4, y - 0.36, 0.8, 0.72], 0.1);
            painter.rounded(&Style::fill(PAPER).depth(depth), [x - 0.32, y - 0.28, 0.64, 0.56], 0.06);
            told(state, [x, y], 0.52, depth, painter);
        }
        Thing::Button => {
            let (colour, inside) = if state > 0 { (LIT, PAPER) } else { (BUTTON, BUTTON_DARK) };
            let base = Style::fill(INK).depth(depth);
            painter.circle(&base, [x, y + 0.05], 0.34);
            painter.circle(&Style::fill(colour).outlined(INK, 0.03).depth(depth), [x, y], 0.33);
            painter.circle(&Style::fill(inside).depth(depth), [x, y], 0.23);
            told(state, [x, y], 0.4, depth, painter);
        }
        _ => {}
    }
}

/// The soup that a sign or a button tells of: 1 onion, 2 tomato.
fn told(state: u8, at: [f32; 2], side: f32, depth: i16, painter: &mut Painter<'_>) {
    let frame = match state {
        0 => return,
        1 => sprites::ONION_SOUP,
        _ => sprites::TOMATO_SOUP,
    };
    painter.sprite(&Style::fill(Colour::WHITE).depth(depth), frame, at, side);
}

/// How far an agent sees.
fn sight(grid: &Grid, place: Position, radius: u8, painter: &mut Painter<'_>) {
    let [left, top] = corner(Position { x: place.x.saturating_sub(radius), y: place.y.saturating_sub(radius) });
    let right = place.x.saturating_add(radius + 1).min(grid.width());
    let bottom = place.y.saturating_add(radius + 1).min(grid.height());
    let [right, bottom] = corner(Position { x: right, y: bottom });
    let style = Style::fill(SIGHT).outlined(SIGHT_EDGE, 0.03).depth(ON_THE_FLOOR);
    painter.rounded(&style, [left, top, right - left, bottom - top], 0.1);
}
