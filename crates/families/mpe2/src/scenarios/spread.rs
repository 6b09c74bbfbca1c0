//! `simple_spread`: as many agents as landmarks, each of which wants to be covered.
use palaestra_env::{ArgumentError, SeededRng, Space, ValueWriter};

use super::parts::{Parts, names};
use crate::arguments::Reader;
use crate::scenario::{Scenario, Seen, count, least, others, real, scatter};
use crate::world::{Body, Role, World};

/// How near a landmark counts as covered.
const COVERED: f64 = 0.1;
/// An agent is told nothing by any other, in so many numbers.
const WORDS: usize = 2;

struct Spread {
    local_ratio: f64,
    curriculum: bool,
    terminate_on_success: bool,
    agent_neighbours: Option<usize>,
    landmark_neighbours: Option<usize>,
}

pub(super) fn read(reader: &mut Reader<'_>) -> Result<Parts, ArgumentError> {
    let agents = reader.count("N", 1, 3)?;
    let scenario = Spread {
        local_ratio: reader.proportion("local_ratio", 0.5)?,
        curriculum: reader.flag("curriculum", false)?,
        terminate_on_success: reader.flag("terminate_on_success", false)?,
        agent_neighbours: reader.neighbours("num_agent_neighbors")?,
        landmark_neighbours: reader.neighbours("num_landmark_neighbors")?,
    };
    let agent = Body::agent(Role::Plain, 0.15).solid();
    let world = World::new(vec![agent; agents], vec![Body::landmark(Role::Landmark, 0.05); agents], 0);
    Ok((Box::new(scenario), world, names("agent", agents).collect()))
}

/// From a landmark to the nearest agent.
fn gap(world: &World, landmark: usize) -> f64 {
    least((0..world.agents).map(|agent| world.distance(agent, landmark)))
}

fn collisions(world: &World, agent: usize) -> impl Iterator<Item = usize> + '_ {
    others(world, agent).filter(move |other| world.touch(*other, agent))
}

impl Scenario for Spread {
    fn start(&self, world: &mut World, rng: &mut SeededRng) {
        scatter(world, 0..world.bodies.len(), 1.0, rng);
    }

    fn rewards(&self, world: &World, rewards: &mut [f64]) {
        let of_all = world.landmarks().fold(0.0, |sum, landmark| sum - gap(world, landmark));
        for (agent, reward) in rewards.iter_mut().enumerate() {
            // At the first stage of the curriculum agents may run into each other.
            let own = if self.curriculum { 0.0 } else { 0.0 - collisions(world, agent).count() as f64 };
            *reward = of_all * (1.0 - self.local_ratio) + own * self.local_ratio;
        }
    }

    fn observe(&self, world: &World, agent: usize, seen: &mut Seen<'_>) {
        seen.pair(world.speeds[agent]);
        seen.pair(world.places[agent]);
        seen.ways(world, agent, world.landmarks(), self.landmark_neighbours);
        seen.ways(world, agent, others(world, agent), self.agent_neighbours);
        seen.nothing(WORDS * self.agent_neighbours.unwrap_or(world.agents - 1));
    }

    fn done(&self, world: &World) -> bool {
        self.terminate_on_success && world.landmarks().all(|landmark| gap(world, landmark) < COVERED)
    }

    fn benchmark_space(&self, _: &World, _: usize) -> Space {
        Space::tuple([real(), count(), real(), count()])
    }

    fn benchmark(&self, world: &World, agent: usize, out: &mut ValueWriter) {
        let gaps = world.landmarks().map(|landmark| gap(world, landmark));
        let (far, sum) = gaps.clone().fold((0.0, 0.0), |(far, sum), gap| (far - gap, sum + gap));
        let collisions = collisions(world, agent).count();
        out.f64s(&[(0..collisions).fold(far, |reward, _| reward - 1.0)]);
        out.i64s(&[collisions as i64]);
        out.f64s(&[sum]);
        out.i64s(&[gaps.filter(|gap| *gap < COVERED).count() as i64]);
    }
}
