//! The observation "numbers about both cooks and the pots, and ten maps", 892 float32, 898 with orders.
//!
//! | numbers | what they are |
//! |---|---|
//! | 61 | of the agent itself: direction (4, right down left up), carried thing (5), a counter beside it (4, right left down up), a pot beside it by what it does (16), two pots (12 each), the way from the other agent (2), row and column (2), where it can go (4) |
//! | 61 | the same of the other agent |
//! | 770 | where things stand or lie: ten maps of 7 × 11 cells |
//! | 6 | of each order: which soup (2), the share of its time that is left |
use palaestra_env::ValueWriter;

use super::numbers::{BYTES, Numbers, put};
use super::plan::{Cell, Direction, Plan};
use super::setup::View;
use super::thing::{Ingredient, Mix, Thing};
use super::world::{ORDERS, World};

const OF_AN_AGENT: usize = 61;
const MAP_WIDTH: usize = 11;
const MAP: usize = 7 * MAP_WIDTH;
const OF_ORDERS: usize = ORDERS * 3;
/// Steps an order starts with.
const ORDER_TIME: f32 = 100.0;

/// The things that have maps, in the reference's order: by name.
const MAPPED: [Thing; 10] = [
    Thing::Counter,
    Thing::Hatch,
    Thing::Ingredient(Ingredient::Onion),
    Thing::Soup(Mix::ONIONS),
    Thing::Stack(Ingredient::Onion),
    Thing::Plate,
    Thing::Plates,
    Thing::Ingredient(Ingredient::Tomato),
    Thing::Soup(Mix::TOMATOES),
    Thing::Stack(Ingredient::Tomato),
];

/// What can be carried, in the reference's order: by name.
const CARRIED: [Thing; 5] = [
    Thing::Ingredient(Ingredient::Onion),
    Thing::Soup(Mix::ONIONS),
    Thing::Plate,
    Thing::Ingredient(Ingredient::Tomato),
    Thing::Soup(Mix::TOMATOES),
];

/// The neighbours in the reference's order.
const AROUND: [Direction; 4] = [Direction::Right, Direction::Left, Direction::Down, Direction::Up];

/// How many numbers an observation has.
pub(super) fn len(view: View) -> usize {
    2 * OF_AN_AGENT + MAPPED.len() * MAP + if view == View::Orders { OF_ORDERS } else { 0 }
}

/// The numbers about an agent.
type About = Numbers<{ OF_AN_AGENT * BYTES }>;

/// What observations are made of. The ten maps are kept from step to step: few cells change in one. The numbers about an agent are
/// made once a step: both agents see them.
#[derive(Clone, Debug)]
pub(super) struct Maps {
    numbers: [u8; MAPPED.len()],
    bytes: Vec<u8>,
    agents: [About; 2],
}

impl Maps {
    pub(super) fn new(plan: &Plan) -> Self {
        let kept = matches!(plan.view, View::Kitchen | View::Orders);
        let bytes = if kept { vec![0; MAPPED.len() * MAP * BYTES] } else { Vec::new() };
        Self { numbers: MAPPED.map(|thing| plan.scope.number(thing)), bytes, agents: [About::new(), About::new()] }
    }

    /// Looks again at the cells that have changed, and at both agents.
    pub(super) fn refresh(&mut self, plan: &Plan, world: &mut World) {
        let mut changed = world.take_changes() & !(u128::MAX << plan.things.len());
        while changed != 0 {
            let cell = changed.trailing_zeros() as Cell;
            changed &= changed - 1;
            self.look(plan, world, cell);
        }
        if matches!(plan.view, View::Kitchen | View::Orders) {
            for (agent, numbers) in self.agents.iter_mut().enumerate() {
                numbers.restart();
                about(plan, world, agent, numbers);
            }
        }
    }

    /// As in the reference a cell's state counts too, whatever it stands for: a pot that has three steps to go, state 12, is on
    /// the map of plates, which have the number 12.
    fn look(&mut self, plan: &Plan, world: &World, cell: Cell) {
        let (thing, state) = (world.number(cell), world.state(cell));
        let place = usize::from(plan.row(cell)) * MAP_WIDTH + usize::from(plan.column(cell));
        for (map, number) in self.numbers.into_iter().enumerate() {
            let there = thing == number || state == number;
            put(&mut self.bytes, map * MAP + place, f32::from(u8::from(there)));
        }
    }
}

/// Writes what an agent sees.
pub(super) fn write(plan: &Plan, world: &World, maps: &Maps, agent: usize, out: &mut ValueWriter) {
    for agent in [agent, 1 - agent] {
        out.u8s(maps.agents[agent].bytes(OF_AN_AGENT));
    }
    out.u8s(&maps.bytes);
    if plan.view == View::Orders {
        orders(world, out);
    }
}

fn about(plan: &Plan, world: &World, agent: usize, out: &mut About) {
    let (own, other) = (world.now.agents[agent], world.now.agents[1 - agent]);
    let (row, column) = (f32::from(plan.row(own.cell)), f32::from(plan.column(own.cell)));
    Direction::ALL.iter().for_each(|direction| out.flag(*direction == own.direction));
    let held = plan.scope.thing(own.held);
    CARRIED.iter().for_each(|thing| out.flag(*thing == held));
    let around = AROUND.map(|direction| plan.towards(own.cell, direction));
    let numbers = around.map(|cell| cell.map(|cell| world.number(cell)));
    let counter = plan.scope.number(Thing::Counter);
    numbers.iter().for_each(|number| out.flag(*number == Some(counter)));
    let pots = around.map(|cell| cell.and_then(|cell| plan.pots.index(cell)).map(|index| world.now.pots[index]));
    pots.iter().for_each(|pot| out.flag(pot.is_some_and(|pot| pot.mix.len() == 0)));
    pots.iter().for_each(|pot| out.flag(pot.is_some_and(|pot| pot.mix.len() > 0 && !pot.is_full())));
    pots.iter().for_each(|pot| out.flag(pot.is_some_and(|pot| pot.is_cooking())));
    pots.iter().for_each(|pot| out.flag(pot.is_some_and(|pot| pot.is_ready())));
    for (cell, pot) in plan.pots.cells().zip(&world.now.pots) {
        let (pot_row, pot_column) = (f32::from(plan.row(cell)), f32::from(plan.column(cell)));
        out.push(1.0);
        out.flag(pot.is_ready());
        out.flag(pot.mix.len() == 0);
        out.flag(pot.is_cooking());
        out.flag(pot.mix.len() > 0 && !pot.is_full());
        out.push(f32::from(pot.mix.count(Ingredient::Onion)));
        out.push(f32::from(pot.mix.count(Ingredient::Tomato)));
        out.push(if pot.is_cooking() { f32::from(pot.timer) } else { -1.0 });
        out.push(row - pot_row);
        out.push(column - pot_column);
        out.push(pot_row);
        out.push(pot_column);
    }
    // A kitchen with one pot has zeros in the place of the other.
    (plan.pots.len()..2).for_each(|_| (0..12).for_each(|_| out.push(0.0)));
    out.push(row - f32::from(plan.row(other.cell)));
    out.push(column - f32::from(plan.column(other.cell)));
    out.push(row);
    out.push(column);
    numbers.iter().for_each(|number| out.flag(*number == Some(0)));
}

fn orders(world: &World, out: &mut ValueWriter) {
    let mut numbers = Numbers::<{ OF_ORDERS * BYTES }>::new();
    for order in world.now.orders {
        numbers.flag(order.is_some_and(|order| order.recipe == 0));
        numbers.flag(order.is_some_and(|order| order.recipe == 1));
        numbers.push(order.map_or(0.0, |order| f32::from(order.timer) / ORDER_TIME));
    }
    out.u8s(numbers.bytes(OF_ORDERS));
}
