//! What a step costs, and how much is kept of it.
use std::hint::black_box;
use std::time::Instant;

use palaestra_env::{Kwargs, Scene, SeededRng, StateWriter, ValueWriter};

use super::finding::{Answer, doubtful, good};
use crate::cases::Case;
use crate::play::sampled;

const STEPS: usize = 2000;
/// What a step may take of the time between two, lest a slower machine than this falls behind.
const SHARE: f64 = 0.25;

pub(super) fn cost(case: &Case) -> Answer {
    let fps = case.family.entries.iter().find(|entry| entry.id == case.id).map_or(30, |entry| entry.fps);
    let mut env = case.make();
    let mut rng = SeededRng::new(2);
    let (mut returns, mut scene, mut state) = (ValueWriter::new(), Scene::new(), StateWriter::new());
    env.reset(Some(2), &Kwargs::new()).map_err(|error| error.to_string())?;
    let mut micros = Vec::with_capacity(STEPS);
    let start = Instant::now();
    while micros.len() < STEPS && start.elapsed().as_secs() < 5 {
        let actions = sampled(&env, &mut rng);
        let before = Instant::now();
        let refused = env.step(&actions).is_err();
        // All that goes with a step when a Worker answers for it.
        returns.clear();
        env.write_returns(&mut returns);
        env.draw(&mut scene);
        state.clear();
        env.save(&mut state);
        black_box(state.hash());
        micros.push(before.elapsed().as_secs_f64() * 1e6);
        if refused || env.outcome().over() {
            env.reset(None, &Kwargs::new()).map_err(|error| error.to_string())?;
        }
    }
    micros.sort_by(f64::total_cmp);
    let at = |share: f64| micros.get(((micros.len() - 1) as f64 * share) as usize).copied().unwrap_or_default();
    let told = format!(
        "a step with its picture and state takes {:.1} µs, one in a hundred {:.1} µs; it returns {} bytes, draws {} and saves {}",
        at(0.5),
        at(0.99),
        returns.bytes().len(),
        scene.bytes().len(),
        state.bytes().len()
    );
    let tick = 1e6 / f64::from(fps.max(1));
    if at(0.5) > tick {
        return Err(format!("{told}: at {fps} steps a second there are {tick:.0} µs"));
    }
    if at(0.99) > tick * SHARE {
        return doubtful(format!(
            "{told}: at {fps} steps a second there are {tick:.0} µs, and others' machines are slower"
        ));
    }
    good(told)
}
