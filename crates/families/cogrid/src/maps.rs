//! The observation "35 maps": for each cell in view 35 float32, row by row.
//!
//! | numbers | what they are |
//! |---|---|
//! | 1 | what stands there: its number over how many there are |
//! | 2 | whether the agent itself, the other one stands there |
//! | 2 | its direction: right 0.25, down 0.5, left 0.75, up 1 |
//! | 2 | what it carries: its number and 1, over how many there are |
//! | 1 | the cell's state over the greatest of any cell |
//! | 4 | of a pot: cooking, ready, how full, its timer over 20 |
//! | 4 | of a pot: onions, tomatoes, broccoli, mushrooms, over 3 |
//! | 12 | what the agent itself, the other one carries: plate, soup, onions, tomatoes, broccoli, mushrooms |
//! | 6 | the same of the wanted soup, where a sign or a pressed button is |
//! | 1 | a hatch in the step in which a soup was handed out |
use palaestra_env::ValueWriter;

use super::numbers::{BYTES, Numbers};
use super::plan::{Cell, Plan};
use super::thing::{Ingredient, Mix, Scope, Thing};
use super::world::{Agent, Pot, World};

const CHANNELS: usize = 35;
const POSITION: usize = 1;
const DIRECTION: usize = 3;
const CARRIED: usize = 5;
const STATE: usize = 7;
const POT: usize = 8;
const INGREDIENTS: usize = 12;
const CONTENTS: usize = 16;
const TARGET: usize = 28;
const HANDED_OUT: usize = 34;

/// Plate, soup, and the four ingredients.
const CONTENT: usize = 6;
/// Layouts that have a number of their own.
const LAYOUTS: usize = 7;
/// The largest view: of 5 × 5 cells.
const MOST: usize = 25 * CHANNELS;
/// What a timer is divided by, whatever the cooking time.
const TIMER: f32 = 20.0;

/// The cells in view: as many rows and columns from a corner that may lie outside.
#[derive(Clone, Copy)]
struct Window {
    top: i16,
    left: i16,
    rows: usize,
    columns: usize,
}

impl Window {
    fn of(plan: &Plan, agent: Agent, radius: Option<u8>) -> Self {
        let Some(radius) = radius else {
            return Self { top: 0, left: 0, rows: plan.height.into(), columns: plan.width.into() };
        };
        let side = 2 * usize::from(radius) + 1;
        let from = |place: u8| i16::from(place) - i16::from(radius);
        Self { top: from(plan.row(agent.cell)), left: from(plan.column(agent.cell)), rows: side, columns: side }
    }

    /// Where a cell's numbers begin, if it is in view.
    fn place(&self, plan: &Plan, cell: Cell) -> Option<usize> {
        let row = usize::try_from(i16::from(plan.row(cell)) - self.top).ok()?;
        let column = usize::try_from(i16::from(plan.column(cell)) - self.left).ok()?;
        (row < self.rows && column < self.columns).then(|| (row * self.columns + column) * CHANNELS)
    }
}

/// How many numbers an observation has.
pub(super) fn len(plan: &Plan, radius: Option<u8>, layout: Option<u8>) -> usize {
    let cells = radius.map_or(plan.things.len(), |radius| (2 * usize::from(radius) + 1).pow(2));
    cells * CHANNELS + layout.map_or(0, |_| LAYOUTS)
}

/// Writes what an agent sees.
pub(super) fn write(
    plan: &Plan,
    world: &World,
    agent: usize,
    radius: Option<u8>,
    layout: Option<u8>,
    out: &mut ValueWriter,
) {
    let mut maps = Numbers::<{ (MOST + LAYOUTS) * BYTES }>::new();
    let window = Window::of(plan, world.now.agents[agent], radius);
    cells(plan, world, window, &mut maps);
    for (order, who) in [agent, 1 - agent].into_iter().enumerate() {
        let who = world.now.agents[who];
        if let Some(place) = window.place(plan, who.cell) {
            person(plan, who, place, order, &mut maps);
        }
    }
    for (cell, pot) in plan.pots.cells().zip(world.now.pots) {
        if let Some(place) = window.place(plan, cell) {
            contained(plan, pot, place, &mut maps);
        }
    }
    if plan.scope == Scope::OpenKitchen {
        shown(plan, world, window, &mut maps);
    }
    let end = window.rows * window.columns * CHANNELS;
    if let Some(layout) = layout {
        maps.set(end + usize::from(layout), 1.0);
    }
    out.u8s(maps.bytes(end + layout.map_or(0, |_| LAYOUTS)));
}

/// How many numbers things have, as a float32: what the reference divides them by.
fn count(plan: &Plan) -> f32 {
    plan.scope.things().len() as f32
}

fn cells<const N: usize>(plan: &Plan, world: &World, window: Window, maps: &mut Numbers<N>) {
    let count = count(plan);
    let greatest = f32::from(world.greatest_state().max(1));
    for row in 0..window.rows {
        for column in 0..window.columns {
            let place = (row * window.columns + column) * CHANNELS;
            let inside = |corner: i16, offset: usize, side: u8| {
                u8::try_from(i32::from(corner) + offset as i32).ok().filter(|at| *at < side)
            };
            let at = inside(window.top, row, plan.height).zip(inside(window.left, column, plan.width));
            let Some((row, column)) = at else { continue };
            let cell = usize::from(row) * usize::from(plan.width) + usize::from(column);
            let (number, state) = (world.number(cell), world.state(cell));
            if number != 0 {
                maps.set(place, f32::from(number) / count);
            }
            if state != 0 {
                maps.set(place + STATE, f32::from(state) / greatest);
            }
        }
    }
}

/// `order` is 0 for the agent itself and 1 for the other.
fn person<const N: usize>(plan: &Plan, who: Agent, place: usize, order: usize, maps: &mut Numbers<N>) {
    maps.set(place + POSITION + order, 1.0);
    maps.set(place + DIRECTION + order, (f32::from(who.direction as u8) + 1.0) / 4.0);
    if who.held != 0 {
        maps.set(place + CARRIED + order, f32::from(who.held + 1) / count(plan));
        content(plan.scope.thing(who.held), place + CONTENTS + order * CONTENT, maps);
    }
}

/// Plate, soup, and how many of each ingredient.
fn content<const N: usize>(thing: Thing, place: usize, maps: &mut Numbers<N>) {
    match thing {
        Thing::Plate => maps.set(place, 1.0),
        Thing::Ingredient(ingredient) => maps.set(place + 2 + ingredient as usize, 1.0),
        Thing::Soup(mix) => {
            maps.set(place, 1.0);
            maps.set(place + 1, 1.0);
            for ingredient in Ingredient::ALL {
                maps.set(place + 2 + ingredient as usize, f32::from(mix.count(ingredient)));
            }
        }
        _ => {}
    }
}

fn contained<const N: usize>(plan: &Plan, pot: Pot, place: usize, maps: &mut Numbers<N>) {
    let capacity = f32::from(Mix::CAPACITY);
    maps.set(place + POT, f32::from(u8::from(pot.is_cooking())));
    maps.set(place + POT + 1, f32::from(u8::from(pot.is_ready())));
    maps.set(place + POT + 2, f32::from(pot.mix.len()) / capacity);
    maps.set(place + POT + 3, f32::from(pot.timer) / TIMER);
    for ingredient in Ingredient::ALL {
        let known = plan.scope.number(Thing::Ingredient(ingredient)) != 0;
        // Where the reference knows no such ingredient it looks for the number −1, which is that of a free place.
        let count = if known { pot.mix.count(ingredient) } else { Mix::CAPACITY - pot.mix.len() };
        maps.set(place + INGREDIENTS + ingredient as usize, f32::from(count) / capacity);
    }
}

/// What signs and pressed buttons tell, and the hatch.
fn shown<const N: usize>(plan: &Plan, world: &World, window: Window, maps: &mut Numbers<N>) {
    let target = Thing::Soup(if world.now.target == 0 { Mix::ONIONS } else { Mix::TOMATOES });
    let pressed = plan.buttons.cells().filter(|cell| world.state(*cell) > 0);
    for place in plan.signs.iter().copied().chain(pressed).filter_map(|cell| window.place(plan, cell)) {
        content(target, place + TARGET, maps);
    }
    if world.now.delivered {
        for place in plan.hatches.iter().filter_map(|cell| window.place(plan, *cell)) {
            maps.set(place + HANDED_OUT, 1.0);
        }
    }
}
