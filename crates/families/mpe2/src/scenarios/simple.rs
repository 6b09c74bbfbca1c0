//! `simple`: one agent and a landmark.
use palaestra_env::{ArgumentError, SeededRng};

use super::parts::Parts;
use crate::arguments::Reader;
use crate::scenario::{Scenario, Seen, scatter};
use crate::world::{Body, Role, World};

struct Simple;

pub(super) fn read(_: &mut Reader<'_>) -> Result<Parts, ArgumentError> {
    let world = World::new(vec![Body::agent(Role::Plain, 0.05)], vec![Body::landmark(Role::Landmark, 0.05)], 0);
    Ok((Box::new(Simple), world, vec!["agent_0".to_owned()]))
}

impl Scenario for Simple {
    fn start(&self, world: &mut World, rng: &mut SeededRng) {
        scatter(world, 0..2, 1.0, rng);
    }

    fn rewards(&self, world: &World, rewards: &mut [f64]) {
        rewards.fill(-world.square_distance(0, 1));
    }

    fn observe(&self, world: &World, agent: usize, seen: &mut Seen<'_>) {
        seen.pair(world.speeds[agent]);
        seen.ways(world, agent, world.landmarks(), None);
    }

    fn goal(&self, _: &World) -> Option<usize> {
        Some(1)
    }
}
