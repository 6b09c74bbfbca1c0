//! `palaestra rollout`: episodes that policies play by themselves, on all cores, and perhaps their record.
//!
//! | file | what it does |
//! |---|---|
//! | `policies.rs` | the policies that the command line names |
//! | `episodes.rs` | the episodes of a plan, on several threads |
//! | `options.rs`, `policy_argument.rs` | what the command line says |
//! | `error.rs` | why there are no episodes |
//! | `recording.rs` | their records |
mod episodes;
mod error;
mod options;
mod policies;
mod policy_argument;
mod recording;

use std::io::{self, Write};
use std::time::Instant;

use palaestra_env::catalog::Catalog;
use palaestra_rollout::{Episode, Plan};
use serde_json::json;

use crate::output::{FAILED, Output, complain, counted};
use error::RolloutError;
use policies::Given;

pub(crate) use options::{AFTER_HELP, RolloutOptions};

/// Plays, and says what came of it.
pub(crate) fn run(options: &RolloutOptions, catalog: Catalog, out: &mut Output<impl Write>) -> io::Result<u8> {
    let began = Instant::now();
    let played = play(options, catalog);
    let (given, episodes) = match played {
        Ok(played) => played,
        Err(error) => {
            complain(&error.to_string());
            return Ok(FAILED);
        }
    };
    let seconds = began.elapsed().as_secs_f64();
    tell(options, &given, &episodes, seconds, out)?;
    Ok(0)
}

fn play(options: &RolloutOptions, catalog: Catalog) -> Result<(Given, Vec<Episode>), RolloutError> {
    let episodes = options.episodes.or_else(|| options.steps.is_none().then_some(100));
    let plan = Plan { seed: options.seed, episodes, steps: options.steps, longest: options.max_episode_steps };
    let given = Given::read(options, catalog)?;
    options.output.as_deref().map_or(Ok(()), recording::check)?;
    let threads = match options.threads.and_then(|threads| usize::try_from(threads).ok()) {
        Some(threads) => threads.clamp(1, 1024),
        None => std::thread::available_parallelism().map_or(1, usize::from),
    };
    let episodes = episodes::all(&given, plan, threads)?;
    if let Some(path) = &options.output {
        recording::write(&given, &episodes, path)?;
    }
    Ok((given, episodes))
}

fn tell(
    options: &RolloutOptions,
    given: &Given,
    episodes: &[Episode],
    seconds: f64,
    out: &mut Output<impl Write>,
) -> io::Result<()> {
    let steps: u64 = episodes.iter().map(|episode| u64::from(episode.length)).sum();
    let count = episodes.len().max(1) as f64;
    let mean = |agent: usize| {
        let returns = episodes.iter().filter_map(|episode| episode.returns.get(agent));
        returns.sum::<f64>() / count
    };
    let means: Vec<f64> = (0..given.agents.len()).map(mean).collect();
    let per_second = steps as f64 / seconds.max(1e-9);
    if options.json {
        for (number, episode) in episodes.iter().enumerate() {
            let Episode { seed, length, returns, end, hash } = episode;
            let line = json!({
                "episode": number, "seed": seed, "length": length, "returns": returns, "end": end.name(),
                "hash": format!("{hash:016x}"),
            });
            writeln!(out.raw(), "{line}")?;
        }
        let all = json!({
            "episodes": episodes.len(), "steps": steps, "mean_returns": means, "seconds": seconds,
            "steps_per_second": per_second,
        });
        return writeln!(out.raw(), "{all}");
    }
    for (agent, ((name, policy), mean)) in given.agents.iter().zip(given.names()).zip(&means).enumerate() {
        let returns = || episodes.iter().filter_map(|episode| episode.returns.get(agent).copied());
        let (least, most) = (returns().fold(f64::INFINITY, f64::min), returns().fold(f64::NEG_INFINITY, f64::max));
        out.line(&format!("{name} ({policy}): mean return {mean:.3}, from {least:.3} to {most:.3}"))?;
    }
    let length = steps as f64 / count;
    out.line(&format!(
        "{}, {} ({length:.1} each) in {seconds:.2} s: {per_second:.0} steps/s",
        counted(episodes.len() as u64, "episode"),
        counted(steps, "step"),
    ))
}
