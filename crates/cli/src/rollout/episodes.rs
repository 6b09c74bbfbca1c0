//! The episodes of a plan, on several threads: the same whatever their number.
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use palaestra_rollout::{Episode, Plan};

use super::error::RolloutError;
use super::policies::Given;

/// What the threads have in common.
struct Shared {
    next: AtomicU64,
    /// Steps of all episodes that are over.
    steps: AtomicU64,
    failed: AtomicBool,
    episodes: Mutex<Vec<(u64, Episode)>>,
}

/// Stops the others where its thread panics: nobody hears of that before all of them are through.
struct Stops<'s>(&'s Shared);

impl Drop for Stops<'_> {
    fn drop(&mut self) {
        if thread::panicking() {
            self.0.failed.store(true, Ordering::Relaxed);
        }
    }
}

/// All episodes of a plan, in order.
///
/// # Errors
/// The first reason why one could not be played.
pub(super) fn all(given: &Given, plan: Plan, threads: usize) -> Result<Vec<Episode>, RolloutError> {
    let shared = Shared {
        next: AtomicU64::new(0),
        steps: AtomicU64::new(0),
        failed: AtomicBool::new(false),
        episodes: Mutex::new(Vec::new()),
    };
    let outcomes: Vec<Result<(), RolloutError>> = thread::scope(|scope| {
        let playing: Vec<_> = (0..threads).map(|_| scope.spawn(|| play(given, plan, &shared))).collect();
        playing.into_iter().map(|thread| thread.join().unwrap_or(Err(RolloutError::Panicked))).collect()
    });
    outcomes.into_iter().collect::<Result<Vec<()>, _>>()?;
    let mut played = shared.episodes.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    played.sort_by_key(|(number, _)| *number);
    cut(given, plan, played)
}

/// Takes one episode after another. Whoever takes one plays it to its end: so those that were taken have no gaps.
fn play(given: &Given, plan: Plan, shared: &Shared) -> Result<(), RolloutError> {
    let _stops = Stops(shared);
    let mut rollout = given.rollout().inspect_err(|_| shared.failed.store(true, Ordering::Relaxed))?;
    while !shared.failed.load(Ordering::Relaxed) {
        // With fewer steps than are over by now, there may be more to play; what is too much is left out at the end.
        let enough = plan.steps.is_some_and(|most| shared.steps.load(Ordering::Relaxed) >= most);
        let number = shared.next.fetch_add(1, Ordering::Relaxed);
        let Some((seed, most)) = plan.episode(number, 0).filter(|_| !enough) else { break };
        let played = rollout.episode(seed, most, |_, _| {});
        let episode =
            played.map_err(RolloutError::Env).inspect_err(|_| shared.failed.store(true, Ordering::Relaxed))?;
        shared.steps.fetch_add(episode.length.into(), Ordering::Relaxed);
        shared.episodes.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((number, episode));
    }
    Ok(())
}

/// Leaves out what is beyond the plan's steps. The last episode is played once more, up to where they are used up.
fn cut(given: &Given, plan: Plan, played: Vec<(u64, Episode)>) -> Result<Vec<Episode>, RolloutError> {
    let (mut episodes, mut steps) = (Vec::new(), 0);
    for (number, episode) in played {
        let Some((seed, most)) = plan.episode(number, steps) else { break };
        let episode = if episode.length > most {
            given.rollout()?.episode(seed, most, |_, _| {}).map_err(RolloutError::Env)?
        } else {
            episode
        };
        steps += u64::from(episode.length);
        episodes.push(episode);
    }
    Ok(episodes)
}

#[cfg(test)]
mod tests {
    use std::panic::resume_unwind;

    use palaestra_env::catalog::{Catalog, Entry, Family};
    use palaestra_env::{ArgumentError, Environment, Kwargs};

    use super::*;
    use crate::brief::{Brief, family};
    use crate::rollout::options::RolloutOptions;

    /// The seed with which an episode panics, and how many episodes were begun.
    const PANICS: u64 = 3;
    static BEGUN: AtomicU64 = AtomicU64::new(0);

    fn begin(seed: Option<u64>) {
        BEGUN.fetch_add(1, Ordering::Relaxed);
        // Without the words and the trace, which take as long as many episodes.
        if seed == Some(PANICS) {
            resume_unwind(Box::new("planted"))
        }
    }

    fn make(id: &str, _: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
        (id == "Short-v0").then(|| Ok(Brief::boxed(id, begin, |_, _| 0.0)))
    }

    const FAMILY: Family = family(&[Entry::new("Short-v0", "Short", "Over after a step.")], make);
    const CATALOG: Catalog = Catalog::new(&[&[FAMILY]]);

    #[test]
    fn an_episode_that_panics_is_an_error_and_the_other_threads_stop() {
        let options = RolloutOptions {
            id: "Short-v0".to_owned(),
            policies: Vec::new(),
            sample: false,
            seed: 0,
            episodes: None,
            steps: None,
            max_episode_steps: 10,
            kwargs: Kwargs::new(),
            reset_options: Kwargs::new(),
            threads: None,
            json: false,
            output: None,
        };
        let given = Given::read(&options, CATALOG).unwrap();
        let many = 1_000_000;
        let plan = Plan { seed: 0, episodes: Some(many), steps: None, longest: 10 };
        let error = all(&given, plan, 2).unwrap_err();
        assert!(matches!(error, RolloutError::Panicked), "{error}");
        assert!(BEGUN.load(Ordering::Relaxed) < many);
    }
}
