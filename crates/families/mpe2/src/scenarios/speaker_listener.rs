//! `simple_speaker_listener`: one sees the goal's colour and cannot move, the other can and does not know where to.
use palaestra_env::{ArgumentError, SeededRng, Space, ValueWriter};

use super::parts::Parts;
use crate::arguments::Reader;
use crate::scenario::{Scenario, Seen, real, scatter};
use crate::world::{Body, Role, World};

const SPEAKER: usize = 0;
const LISTENER: usize = 1;
const LANDMARKS: usize = 3;
/// The landmarks' colours as the speaker sees that of the goal.
const COLOURS: [[f32; 3]; LANDMARKS] = [[0.65, 0.15, 0.15], [0.15, 0.65, 0.15], [0.15, 0.15, 0.65]];

struct SpeakerListener;

pub(super) fn read(_: &mut Reader<'_>) -> Result<Parts, ArgumentError> {
    let mut speaker = Body::agent(Role::Speaker, 0.075);
    speaker.movable = false;
    let agents = vec![speaker, Body::agent(Role::Plain, 0.075)];
    let world = World::new(agents, vec![Body::landmark(Role::Landmark, 0.04); LANDMARKS], LANDMARKS);
    Ok((Box::new(SpeakerListener), world, vec!["speaker_0".to_owned(), "listener_0".to_owned()]))
}

fn goal(world: &World) -> usize {
    world.agents + world.goal
}

impl Scenario for SpeakerListener {
    fn start(&self, world: &mut World, rng: &mut SeededRng) {
        world.goal = rng.choice(LANDMARKS);
        scatter(world, 0..world.bodies.len(), 1.0, rng);
    }

    fn rewards(&self, world: &World, rewards: &mut [f64]) {
        rewards.fill(-world.square_distance(LISTENER, goal(world)));
    }

    fn observe(&self, world: &World, agent: usize, seen: &mut Seen<'_>) {
        if agent == SPEAKER {
            seen.numbers(&COLOURS[world.goal % LANDMARKS]);
            return;
        }
        seen.pair(world.speeds[agent]);
        seen.ways(world, agent, world.landmarks(), None);
        seen.numbers(&world.said[..LANDMARKS]);
    }

    fn goal(&self, world: &World) -> Option<usize> {
        Some(goal(world))
    }

    fn benchmark_space(&self, _: &World, _: usize) -> Space {
        real()
    }

    fn benchmark(&self, world: &World, _: usize, out: &mut ValueWriter) {
        out.f64s(&[-world.square_distance(LISTENER, goal(world))]);
    }
}
