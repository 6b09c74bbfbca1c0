//! How episodes end.
use std::time::{Duration, Instant};

use palaestra_env::{Kwargs, SeededRng};

use super::finding::{Answer, doubtful, good};
use crate::cases::Case;
use crate::play::sampled;

const EPISODES: u32 = 20;
/// Enough for twenty episodes of anything that ends.
const MOST_STEPS: u32 = 200_000;
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) fn ends(case: &Case) -> Answer {
    let mut env = case.make();
    let limit = env.spec().max_episode_steps;
    let mut rng = SeededRng::new(11);
    let (mut terminated, mut truncated, mut steps, mut longest) = (0_u32, 0_u32, 0_u32, 0);
    let start = Instant::now();
    env.reset(Some(11), &Kwargs::new()).map_err(|error| error.to_string())?;
    while terminated + truncated < EPISODES && steps < MOST_STEPS && start.elapsed() < PATIENCE {
        let actions = sampled(&env, &mut rng);
        steps += 1;
        let refused = env.step(&actions).is_err();
        let (elapsed, outcome) = (env.elapsed(), env.outcome());
        longest = longest.max(elapsed);
        let over = refused || outcome.over();
        if let Some(limit) = limit {
            if elapsed > limit {
                return Err(format!("expected an end after {limit} steps, as its spec says; found step {elapsed}"));
            }
            if elapsed == limit && !over {
                return Err(format!("the time limit of {limit} steps was reached, and nothing is truncated"));
            }
        }
        if over {
            truncated += u32::from(outcome.truncated.contains(&true) && !outcome.terminated.contains(&true));
            terminated += u32::from(refused || outcome.terminated.contains(&true));
            env.reset(None, &Kwargs::new()).map_err(|error| error.to_string())?;
        }
    }
    let told = format!(
        "of {} episodes of a random player {terminated} came to an end of the task and {truncated} to the time limit, the longest \
         with {longest} steps",
        terminated + truncated
    );
    match limit {
        _ if terminated + truncated > 0 => good(told),
        Some(limit) => {
            doubtful(format!("no episode of a random player ended in {steps} steps; the time limit is {limit}"))
        }
        None => doubtful(format!(
            "no episode of a random player ended in {steps} steps, and there is no time limit: see `Spec::max_episode_steps`"
        )),
    }
}
