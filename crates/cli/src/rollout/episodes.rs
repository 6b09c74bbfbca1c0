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
        playing.into_iter().filter_map(|thread| thread.join().ok()).collect()
    });
    outcomes.into_iter().collect::<Result<Vec<()>, _>>()?;
    let mut played = shared.episodes.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    played.sort_by_key(|(number, _)| *number);
    cut(given, plan, played)
}

/// Takes one episode after another. Whoever takes one plays it to its end: so those that were taken have no gaps.
fn play(given: &Given, plan: Plan, shared: &Shared) -> Result<(), RolloutError> {
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
