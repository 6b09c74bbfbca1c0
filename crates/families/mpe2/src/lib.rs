//! Particles that move, push each other, chase, hide and speak: six scenarios of mpe2 1.1.1 (Farama Foundation; R. Lowe et al. 2017),
//! as its `parallel_env()` gives them.
//!
//! | id | agents | what it is about |
//! |---|---|---|
//! | `mpe2/simple_v3` | `agent_0` | reach the landmark |
//! | `mpe2/simple_spread_v3` | `agent_0` … | cover as many landmarks as there are agents, without running into each other |
//! | `mpe2/simple_tag_v3` | `adversary_0` …, `agent_0` … | slow adversaries catch faster agents, between obstacles |
//! | `mpe2/simple_adversary_v3` | `adversary_0`, `agent_0` … | agents cover the goal, and not only it, lest the adversary guesses which it is |
//! | `mpe2/simple_speaker_listener_v4` | `speaker_0`, `listener_0` | the speaker, who cannot move, says which landmark the listener has to reach |
//! | `mpe2/simple_world_comm_v3` | `leadadversary_0`, `adversary_0` …, `agent_0` … | tag with food and with forests to hide in, into which only the leader sees |
//!
//! An action is Discrete(5): rest, left, right, down, up; of the speaker Discrete(3), a word; of the leader Discrete(20), five times
//! a word and a move. With `continuous_actions` it is a Box of float32s from 0 to 1: rest (without effect), left, right, down, up,
//! then the loudness of each word; numbers beyond are clipped. An observation is a Box of float32s, as rewards are each agent's own.
//! An episode is truncated after `max_cycles` steps.
//!
//! | argument | of | default |
//! |---|---|---|
//! | `max_cycles` | all | 25 |
//! | `continuous_actions` | all | false |
//! | `dynamic_rescaling` | all | true: in the picture bodies shrink when it has to show more; false: they never do |
//! | `benchmark_data` | all | false; true: the scenario's figures for comparing policies, in `info` after each step |
//! | `N` | spread, adversary | 3, 2 |
//! | `local_ratio` | spread | 0.5: how much of a reward is the agent's own |
//! | `num_good`, `num_adversaries`, `num_obstacles` | tag, world_comm | 1, 3, 2; 2, 4, 1 |
//! | `num_food`, `num_forests` | world_comm | 2, 2 |
//! | `curriculum` | spread, tag | false; true: nobody minds collisions; those who are chased have half their strength and speed |
//! | `terminate_on_success` | spread, tag | false; true: an episode terminates when the task is done |
//! | `num_agent_neighbors`, `num_landmark_neighbors` | spread, tag, adversary | null: all are seen; else that many of the nearest |
//!
//! Of any kind there may be up to 64; the reference knows no limit but time. Its curriculum has further stages and methods that lead
//! there, but none of them has an effect: a property of the scenarios' common class swallows the number.
//!
//! Where two bodies that push each other are at the very same place the reference divides by zero and goes on with NaN. Here neither
//! is pushed. No two random places ever were the same.
#![forbid(unsafe_code)]

mod actions;
mod arguments;
mod entries;
mod environment;
mod expert;
mod keys;
mod manual;
mod nearest;
mod scenario;
mod scenarios;
mod scene;
mod world;

use palaestra_env::catalog::Family;
use palaestra_env::{ArgumentError, Environment, Kwargs};

use environment::Particles;

/// The family.
pub const FAMILY: Family =
    Family { name: "mpe2", title: "Multi-particle worlds", entries: entries::ENTRIES, make, artwork: &[] };

/// Makes an environment; `None` for an id of another family.
fn make(id: &str, kwargs: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
    let made = scenarios::make(id, kwargs)?;
    Some(made.map(|made| Box::new(Particles::new(id, made)) as Box<dyn Environment>))
}
