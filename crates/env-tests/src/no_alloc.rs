//! A step of a warm environment allocates nothing, nor does all that goes with it when a Worker answers for it.

use palaestra_env::catalog::Family;
use palaestra_env::scene::Style;
use palaestra_env::{Colour, Env, Kwargs, Scene, SeededRng, StateWriter, ValueWriter};

use crate::allocations::{Asked, asked};
use crate::cases::{Case, varied};
use crate::play::sampled;

/// What a Worker keeps and uses again.
#[derive(Default)]
struct Buffers {
    returns: ValueWriter,
    scene: Scene,
    state: StateWriter,
}

impl Buffers {
    /// With room for the largest of what an environment writes, so that what is counted is the environment's own.
    fn roomy() -> Self {
        let mut buffers = Self::default();
        buffers.returns.u8s(&[0; 1 << 18]);
        (0..1 << 18).for_each(|_| buffers.state.u8(0));
        (0..64).for_each(|_| buffers.scene.polygon(&Style::fill(Colour::WHITE), &[0.0; 1 << 10]));
        buffers
    }
}

/// Plays `steps` random steps and gives what they asked for, but for the resets between episodes.
fn play(env: &mut Env, buffers: &mut Buffers, seed: u64, steps: u32) -> Result<(), (u32, Asked)> {
    let mut rng = SeededRng::new(!seed);
    env.reset(Some(seed), &Kwargs::new()).unwrap();
    for step in 1..=steps {
        let actions = sampled(env, &mut rng);
        let (asked, over) = asked(|| {
            // A refusal comes with words, and is the end of the episode.
            let refused = env.step(&actions).is_err();
            buffers.returns.clear();
            env.write_returns(&mut buffers.returns);
            env.draw(&mut buffers.scene);
            buffers.state.clear();
            env.save(&mut buffers.state);
            std::hint::black_box(buffers.state.hash());
            if refused { None } else { Some(env.outcome().over()) }
        });
        if asked.times > 0 && over.is_some() {
            return Err((step, asked));
        }
        if over != Some(false) {
            env.reset(None, &Kwargs::new()).unwrap();
        }
    }
    Ok(())
}

/// Stepping, returning, drawing, saving and hashing allocate nothing once warm.
///
/// # Panics
/// With what was allocated, and where.
pub fn a_warm_step_allocates_nothing(family: Family) {
    let mut buffers = Buffers::roomy();
    let told: Vec<String> = varied(family).iter().filter_map(|case| count(case, &mut buffers).err()).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
}

/// The same, of one environment.
///
/// # Errors
/// What was allocated, and where.
pub fn allocates_nothing(case: &Case) -> Result<(), String> {
    count(case, &mut Buffers::roomy())
}

fn count(case: &Case, buffers: &mut Buffers) -> Result<(), String> {
    let mut env = case.make();
    // The first play warms up; whether it allocates is its own affair.
    for seed in [1, 2] {
        let _ = play(&mut env, buffers, seed, 60);
    }
    for seed in 3..6 {
        play(&mut env, buffers, seed, 80)
            .map_err(|(step, asked)| format!("{case}, seed {seed}, step {step}: {asked:?}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_counts() {
        let (asked, _) = asked(|| drop(std::hint::black_box(vec![1_u8; 100])));
        assert_eq!(asked, Asked { times: 1, bytes: 100 });
    }
}
