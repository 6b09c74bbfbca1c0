//! `simple_world_comm`: as in tag, with food to be eaten and forests to hide in; the first agent sees into them, and can tell.
use palaestra_env::{ArgumentError, SeededRng, Space, ValueWriter};

use super::parts::{Parts, beyond_the_edge, names};
use super::tag::own_catches;
use crate::arguments::Reader;
use crate::scenario::{Scenario, Seen, count, least, others, scatter};
use crate::world::{Body, MOST_WORDS, Pair, Role, World};

const CAUGHT: f64 = 5.0;
/// The one who sees into forests. The reference makes it of the first agent, also where that is no adversary.
const LEADER: usize = 0;

struct WorldComm;

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Parts, ArgumentError> {
    // Without anybody to chase, or without food, the reference's rewards are the least of nothing.
    let good = reader.count("num_good", 1, 2)?;
    let adversaries = reader.count("num_adversaries", 0, 4)?;
    let obstacles = reader.count("num_obstacles", 0, 1)?;
    let food = reader.count("num_food", 1, 2)?;
    let forests = reader.count("num_forests", 0, 2)?;
    let mut agents = vec![Body::agent(Role::Adversary, 0.075).solid().driven(3.0, 1.0); adversaries];
    agents.extend(vec![Body::agent(Role::Good, 0.045).solid().driven(4.0, 1.3); good]);
    let mut landmarks = vec![Body::landmark(Role::Obstacle, 0.2).solid(); obstacles];
    landmarks.extend(vec![Body::landmark(Role::Food, 0.03); food]);
    landmarks.extend(vec![Body::landmark(Role::Forest, 0.3); forests]);
    let mut all: Vec<String> = std::iter::once("adversary_0".to_owned())
        .chain(names("adversary", adversaries.saturating_sub(1)))
        .take(adversaries)
        .chain(names("agent", good))
        .collect();
    if let Some(leader) = all.get_mut(LEADER) {
        "leadadversary_0".clone_into(leader);
    }
    Ok((Box::new(WorldComm), World::new(agents, landmarks, MOST_WORDS), all))
}

/// Whether somebody is in some forest.
fn hidden(world: &World, agent: usize) -> bool {
    world.of(Role::Forest).any(|forest| world.touch(agent, forest))
}

/// Whether an agent sees another: it is in the same forest, or both are in none, or the agent leads.
fn sees(world: &World, agent: usize, other: usize) -> bool {
    let together = |forest: usize| world.touch(agent, forest) && world.touch(other, forest);
    agent == LEADER || world.of(Role::Forest).any(together) || !(hidden(world, agent) || hidden(world, other))
}

impl WorldComm {
    fn of_good(world: &World, agent: usize) -> f64 {
        let adversaries = world.of(Role::Adversary);
        let caught = adversaries.filter(|adversary| world.touch(*adversary, agent)).count();
        let reward = 0.0 - caught as f64 * CAUGHT;
        let reward = world.places[agent].iter().fold(reward, |reward, x| reward - 2.0 * beyond_the_edge(x.abs()));
        let eaten = world.of(Role::Food).filter(|food| world.touch(agent, *food)).count();
        let reward = (0..eaten).fold(reward, |reward, _| reward + 2.0);
        reward - 0.05 * least(world.of(Role::Food).map(|food| world.distance(agent, food)))
    }
}

impl Scenario for WorldComm {
    fn start(&self, world: &mut World, rng: &mut SeededRng) {
        scatter(world, 0..world.agents, 1.0, rng);
        scatter(world, world.landmarks(), 0.9, rng);
        // The reference places these a second time.
        let (obstacles, food) = (world.of(Role::Obstacle).count(), world.of(Role::Food).count());
        let from = world.agents + obstacles;
        scatter(world, from..from + food, 0.9, rng);
        scatter(world, from + food..world.bodies.len(), 0.9, rng);
    }

    fn rewards(&self, world: &World, rewards: &mut [f64]) {
        let catches: usize = world.of(Role::Adversary).map(|adversary| own_catches(world, adversary)).sum();
        for (agent, reward) in rewards.iter_mut().enumerate() {
            *reward = if world.bodies[agent].role == Role::Adversary {
                let gap = least(world.of(Role::Good).map(|good| world.distance(good, agent)));
                (0..catches).fold(0.0 - 0.1 * gap, |reward, _| reward + CAUGHT)
            } else {
                Self::of_good(world, agent)
            };
        }
    }

    fn observe(&self, world: &World, agent: usize, seen: &mut Seen<'_>) {
        seen.pair(world.speeds[agent]);
        seen.pair(world.places[agent]);
        seen.ways(world, agent, world.landmarks(), None);
        let nothing: Pair = [0.0; 2];
        for other in others(world, agent) {
            seen.pair(if sees(world, agent, other) { world.way(agent, other) } else { nothing });
        }
        let of_good = |seen: &mut Seen<'_>| {
            let others = others(world, agent).filter(|other| world.bodies[*other].role == Role::Good);
            others.for_each(|other| seen.pair(if sees(world, agent, other) { world.speeds[other] } else { nothing }));
        };
        let forests = |seen: &mut Seen<'_>| {
            world.of(Role::Forest).for_each(|forest| seen.sign(world.touch(agent, forest)));
        };
        if agent == LEADER || world.bodies[agent].role == Role::Adversary {
            of_good(seen);
            forests(seen);
            seen.numbers(&world.said);
        } else {
            forests(seen);
            of_good(seen);
        }
    }

    fn benchmark_space(&self, _: &World, _: usize) -> Space {
        count()
    }

    fn benchmark(&self, world: &World, agent: usize, out: &mut ValueWriter) {
        out.i64s(&[own_catches(world, agent) as i64]);
    }
}
