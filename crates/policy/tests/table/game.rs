//! Whole games with a model in a seat, as a browser plays them too: `tests/browser/policy.test.mjs`.
use palaestra_env::{Kwargs, Policy, Value};
use palaestra_play::Simulation;
use palaestra_protocol::{Flags, Grant, SeatSetup, Setup};
use serde_json::{Value as Json, json};

use super::{SEATS, Seat};

const SEED: u64 = 5;
const STEPS: u32 = 300;

/// The game of a seat: what a page is asked for, and every step's actions, agent by agent.
fn game(seat: &Seat) -> Json {
    let env = seat.env();
    let policy: Box<dyn Policy> = Box::new(seat.policy(&env, seat.samples));
    let agents = env.spec().agents.len();
    let seats = (0..agents).map(|agent| if agent == seat.agent { SeatSetup::Policy } else { SeatSetup::Random });
    let (fps, flags) = (100.0, Flags::default());
    let setup = Setup { fps, seed: SEED, max_steps: None, snapshots: 0, flags, seats: seats.collect() };
    let mut simulation =
        Simulation::with_policies(env, &setup, vec![(seat.agent, policy)]).map_err(|refused| refused.1).unwrap();
    let (mut now, mut seed, mut steps) = (0.0, Some(SEED), Vec::new());
    while steps.len() < STEPS as usize {
        simulation.reset(now, seed.take(), &Kwargs::new()).unwrap();
        while steps.len() < STEPS as usize && !simulation.env().outcome().over() {
            simulation.grant(now, Grant { until: Some(now + 200.0), sent: now });
            if let Some(played) = simulation.advance(now) {
                played.unwrap();
                // A record has float32 numbers as the float64 that they are.
                let json = |action: &Value| match action {
                    Value::Tensor(tensor) => json!(tensor.iter().collect::<Vec<f64>>()),
                    other => serde_json::from_str(&other.to_string()).unwrap(),
                };
                steps.push(simulation.actions().iter().map(json).collect::<Vec<Json>>());
            }
            now += 10.0;
        }
    }
    let manifest = if seat.manifest.is_empty() { json!({}) } else { serde_json::from_str(seat.manifest).unwrap() };
    let kwargs: Json = serde_json::from_str(seat.kwargs).unwrap();
    json!({
        "env": seat.env, "kwargs": kwargs, "model": seat.model, "agent": seat.agent, "agents": agents, "manifest": manifest,
        "sample": seat.samples, "seed": SEED, "actions": steps,
    })
}

/// All of them, a line each.
pub(crate) fn games() -> String {
    let games: Vec<String> = SEATS.iter().map(|seat| game(seat).to_string()).collect();
    format!("[\n{}\n]\n", games.join(",\n"))
}
