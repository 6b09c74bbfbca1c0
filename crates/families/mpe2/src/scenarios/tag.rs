//! `simple_tag`: slow adversaries chase those who are faster, between obstacles.
use palaestra_env::{ArgumentError, SeededRng, Space, ValueWriter};

use super::parts::{Parts, beyond_the_edge, names};
use crate::arguments::Reader;
use crate::nearest::Nearest;
use crate::scenario::{Scenario, Seen, count, others, scatter};
use crate::world::{Body, Role, World};

const CAUGHT: f64 = 10.0;
/// Of those who are chased.
const PUSH: f64 = 4.0;
const MAX_SPEED: f64 = 1.3;
/// What they have of both at the first stage of the curriculum.
const FIRST_STAGE: f64 = 0.5;

struct Tag {
    terminate_on_success: bool,
    agent_neighbours: Option<usize>,
    landmark_neighbours: Option<usize>,
}

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Parts, ArgumentError> {
    let good = reader.count("num_good", 0, 1)?;
    // Nobody at all is no game.
    let adversaries = reader.count("num_adversaries", usize::from(good == 0), 3)?;
    let obstacles = reader.count("num_obstacles", 0, 2)?;
    let share = if reader.flag("curriculum", false)? { FIRST_STAGE } else { 1.0 };
    let scenario = Tag {
        terminate_on_success: reader.flag("terminate_on_success", false)?,
        agent_neighbours: reader.neighbours("num_agent_neighbors")?,
        landmark_neighbours: reader.neighbours("num_landmark_neighbors")?,
    };
    let mut agents = vec![Body::agent(Role::Adversary, 0.075).solid().driven(3.0, 1.0); adversaries];
    agents.extend(vec![Body::agent(Role::Good, 0.05).solid().driven(PUSH * share, MAX_SPEED * share); good]);
    let world = World::new(agents, vec![Body::landmark(Role::Obstacle, 0.2).solid(); obstacles], 0);
    let names = names("adversary", adversaries).chain(names("agent", good));
    Ok((Box::new(scenario), world, names.collect()))
}

/// How many adversaries have caught how many others, pair by pair.
fn catches(world: &World) -> usize {
    world.of(Role::Good).map(|good| catchers(world, good).count()).sum()
}

/// Which adversaries have caught someone.
fn catchers(world: &World, good: usize) -> impl Iterator<Item = usize> + '_ {
    world.of(Role::Adversary).filter(move |adversary| world.touch(good, *adversary))
}

impl Scenario for Tag {
    fn start(&self, world: &mut World, rng: &mut SeededRng) {
        scatter(world, 0..world.agents, 1.0, rng);
        scatter(world, world.landmarks(), 0.9, rng);
    }

    fn rewards(&self, world: &World, rewards: &mut [f64]) {
        let of_adversaries = catches(world) as f64 * CAUGHT;
        for (agent, reward) in rewards.iter_mut().enumerate() {
            *reward = if world.bodies[agent].role == Role::Adversary {
                of_adversaries
            } else {
                let caught = 0.0 - catchers(world, agent).count() as f64 * CAUGHT;
                world.places[agent].iter().fold(caught, |reward, x| reward - beyond_the_edge(x.abs()))
            };
        }
    }

    fn observe(&self, world: &World, agent: usize, seen: &mut Seen<'_>) {
        seen.pair(world.speeds[agent]);
        seen.pair(world.places[agent]);
        seen.ways(world, agent, world.landmarks(), self.landmark_neighbours);
        seen.ways(world, agent, others(world, agent), self.agent_neighbours);
        let good = |other: usize| world.bodies[other].role == Role::Good;
        let Some(most) = self.agent_neighbours else {
            others(world, agent).filter(|other| good(*other)).for_each(|other| seen.pair(world.speeds[other]));
            return;
        };
        let nearest = Nearest::of(world, agent, others(world, agent), most);
        nearest.iter().for_each(|other| seen.pair(if good(other) { world.speeds[other] } else { [0.0; 2] }));
        seen.nothing(2 * (most - nearest.iter().len()));
    }

    fn done(&self, world: &World) -> bool {
        let caught = |good: usize| catchers(world, good).next().is_some();
        self.terminate_on_success && world.of(Role::Good).all(caught)
    }

    fn benchmark_space(&self, _: &World, _: usize) -> Space {
        count()
    }

    fn benchmark(&self, world: &World, agent: usize, out: &mut ValueWriter) {
        out.i64s(&[own_catches(world, agent) as i64]);
    }
}

/// How many an adversary has caught.
pub(super) fn own_catches(world: &World, agent: usize) -> usize {
    if world.bodies[agent].role != Role::Adversary {
        return 0;
    }
    world.of(Role::Good).filter(|good| world.touch(*good, agent)).count()
}
