//! `simple_adversary`: good agents know which landmark is the goal; the adversary has to guess it from where they go.
use palaestra_env::{ArgumentError, SeededRng, Space, ValueWriter};

use super::parts::{Parts, names};
use crate::arguments::Reader;
use crate::scenario::{Scenario, Seen, least, others, real, scatter};
use crate::world::{Body, Role, World};

/// The only one.
const ADVERSARY: usize = 0;

struct Adversary {
    agent_neighbours: Option<usize>,
    landmark_neighbours: Option<usize>,
}

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Parts, ArgumentError> {
    let good = reader.count("N", 1, 2)?;
    let scenario = Adversary {
        agent_neighbours: reader.neighbours("num_agent_neighbors")?,
        landmark_neighbours: reader.neighbours("num_landmark_neighbors")?,
    };
    let mut agents = vec![Body::agent(Role::Adversary, 0.15)];
    agents.extend(vec![Body::agent(Role::Good, 0.15); good]);
    let world = World::new(agents, vec![Body::landmark(Role::Landmark, 0.08); good], 0);
    let names = names("adversary", 1).chain(names("agent", good));
    Ok((Box::new(scenario), world, names.collect()))
}

fn goal(world: &World) -> usize {
    world.agents + world.goal
}

impl Scenario for Adversary {
    fn start(&self, world: &mut World, rng: &mut SeededRng) {
        world.goal = rng.choice(world.landmarks().len());
        scatter(world, 0..world.bodies.len(), 1.0, rng);
    }

    fn rewards(&self, world: &World, rewards: &mut [f64]) {
        let goal = goal(world);
        let gap = world.distance(ADVERSARY, goal);
        let nearest = least(world.of(Role::Good).map(|agent| world.distance(agent, goal)));
        rewards.fill(-nearest + gap);
        if let Some(reward) = rewards.first_mut() {
            *reward = -gap;
        }
    }

    fn observe(&self, world: &World, agent: usize, seen: &mut Seen<'_>) {
        if agent != ADVERSARY {
            seen.pair(world.way(agent, goal(world)));
        }
        seen.ways(world, agent, world.landmarks(), self.landmark_neighbours);
        seen.ways(world, agent, others(world, agent), self.agent_neighbours);
    }

    fn goal(&self, world: &World) -> Option<usize> {
        Some(goal(world))
    }

    fn benchmark_space(&self, world: &World, agent: usize) -> Space {
        if agent == ADVERSARY {
            return real();
        }
        Space::Tuple { spaces: vec![real(); world.landmarks().len() + 1] }
    }

    fn benchmark(&self, world: &World, agent: usize, out: &mut ValueWriter) {
        if agent != ADVERSARY {
            world.landmarks().for_each(|landmark| out.f64s(&[world.square_distance(agent, landmark)]));
        }
        out.f64s(&[world.square_distance(agent, goal(world))]);
    }
}
