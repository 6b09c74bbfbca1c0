//! `palaestra rollout`: episodes that policies play by themselves, on all cores, and perhaps their record.
//!
//! | file | what it does |
//! |---|---|
//! | `policies.rs` | the policies that the command line names |
//! | `episodes.rs` | the episodes of a plan, on several threads |
//! | `recording.rs` | their records |
mod episodes;
mod policies;
mod recording;

use std::fmt;
use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

use clap::Args;
use palaestra_env::catalog::Catalog;
use palaestra_env::{EnvError, Kwargs, MakeError};
use palaestra_rollout::{Episode, Plan};
use serde_json::json;

use crate::arguments::{count, object};
use crate::output::{Output, counted};
use crate::{FAILED, complain};
use policies::{Given, PolicyArgument};

pub(crate) const AFTER_HELP: &str = "\
A policy is random, expert, expert:SKILL with a probability from 0 to 1, or a model's file such as partner.onnx, whose manifest is the
.json of the same name beside it, if there is one. Several agents take them in their order, and the last one plays all that are left.

The episode with number n has the seed SEED + n, for the environment and for every policy: the same episodes in a browser, and on any
number of threads. `palaestra export` makes tables and Minari data sets of their record.";

/// What is played.
#[derive(Args, Debug, PartialEq)]
pub(crate) struct RolloutOptions {
    /// The environment's id: see `palaestra envs`
    #[arg(value_name = "ID")]
    id: String,
    /// Who plays: random, expert, expert:SKILL or a model's file; can be given several times, for one agent after another
    #[arg(long = "policy", value_name = "POLICY", default_value = "random", value_parser = policies::argument)]
    policies: Vec<PolicyArgument>,
    /// Draw the models' actions, instead of taking the likeliest
    #[arg(long)]
    sample: bool,
    /// Of the first episode
    #[arg(long, default_value = "0", value_parser = count, allow_negative_numbers = true)]
    seed: u64,
    /// How many episodes; 100 unless --steps is given
    #[arg(long, value_parser = count, allow_negative_numbers = true)]
    episodes: Option<u64>,
    /// How many steps of all episodes together; the last episode is cut there
    #[arg(long, value_parser = count, allow_negative_numbers = true)]
    steps: Option<u64>,
    /// The most steps of an episode
    #[arg(long, default_value_t = 100_000, value_name = "STEPS")]
    max_episode_steps: u32,
    /// The keyword arguments of `make`, as a JSON object
    #[arg(long, default_value = "{}", value_name = "JSON", value_parser = object)]
    kwargs: Kwargs,
    /// The options of every reset, as a JSON object
    #[arg(long, default_value = "{}", value_name = "JSON", value_parser = object)]
    reset_options: Kwargs,
    /// How many episodes are played at the same time; as many as there are cores unless given
    #[arg(long, value_parser = count, allow_negative_numbers = true)]
    threads: Option<u64>,
    /// A JSON object a line: every episode, and at the end the sum of them
    #[arg(long)]
    json: bool,
    /// Where the record goes: one file, .jsonl or .jsonl.gz, or else a folder with a file for each episode
    #[arg(long, short, value_name = "FILE-OR-FOLDER")]
    output: Option<PathBuf>,
}

/// Why there are no episodes.
#[derive(Debug)]
pub(crate) enum RolloutError {
    Make(MakeError),
    Env(EnvError),
    Policy(String),
    File(PathBuf, io::Error),
    /// One record cannot hold them: a plain reset does not lead to where this episode began.
    Remembers {
        seed: u64,
    },
}

impl fmt::Display for RolloutError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Make(error) => error.fmt(f),
            Self::Env(error) => error.fmt(f),
            Self::Policy(error) => f.write_str(error),
            Self::File(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Remembers { seed } => write!(
                f,
                "--output: expected a folder, for a file for each episode, found one file: this environment remembers more than a reset \
                 forgets, and the episode of seed {seed} would not replay after those before it"
            ),
        }
    }
}

impl std::error::Error for RolloutError {}

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
