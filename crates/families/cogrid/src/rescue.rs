//! The observation "where the rescuers are, where they can go, and what they carry": 22 float32, 11 of the agent itself and 11
//! of the other: direction (4, right down left up), row and column, where it can go (4, right left down up), the number of what
//! it carries and 1, or 0.
use palaestra_env::ValueWriter;

use super::numbers::{BYTES, Numbers};
use super::plan::{Direction, Plan};
use super::world::World;

const OF_AN_AGENT: usize = 11;

/// How many numbers an observation has.
pub(super) const LEN: usize = 2 * OF_AN_AGENT;

/// Writes what an agent sees.
pub(super) fn write(plan: &Plan, world: &World, agent: usize, out: &mut ValueWriter) {
    let mut numbers = Numbers::<{ LEN * BYTES }>::new();
    for who in [agent, 1 - agent] {
        let who = world.now.agents[who];
        Direction::ALL.iter().for_each(|direction| numbers.flag(*direction == who.direction));
        numbers.push(f32::from(plan.row(who.cell)));
        numbers.push(f32::from(plan.column(who.cell)));
        for direction in [Direction::Right, Direction::Left, Direction::Down, Direction::Up] {
            let free = plan.towards(who.cell, direction).is_some_and(|cell| world.number(cell) == 0);
            numbers.flag(free);
        }
        numbers.push(f32::from(if who.held == 0 { 0 } else { who.held + 1 }));
    }
    out.u8s(numbers.bytes(LEN));
}
