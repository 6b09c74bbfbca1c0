//! What the command line says.
use std::path::PathBuf;

use clap::Args;
use palaestra_env::Kwargs;

use super::policy_argument::{PolicyArgument, argument};
use crate::values::{count, object};

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
    pub(super) id: String,
    /// Who plays: random, expert, expert:SKILL or a model's file; can be given several times, for one agent after another
    #[arg(long = "policy", value_name = "POLICY", default_value = "random", value_parser = argument)]
    pub(super) policies: Vec<PolicyArgument>,
    /// Draw the models' actions, instead of taking the likeliest
    #[arg(long)]
    pub(super) sample: bool,
    /// Of the first episode
    #[arg(long, default_value = "0", value_parser = count, allow_negative_numbers = true)]
    pub(super) seed: u64,
    /// How many episodes; 100 unless --steps is given
    #[arg(long, value_parser = count, allow_negative_numbers = true)]
    pub(super) episodes: Option<u64>,
    /// How many steps of all episodes together; the last episode is cut there
    #[arg(long, value_parser = count, allow_negative_numbers = true)]
    pub(super) steps: Option<u64>,
    /// The most steps of an episode
    #[arg(long, default_value_t = 100_000, value_name = "STEPS")]
    pub(super) max_episode_steps: u32,
    /// The keyword arguments of `make`, as a JSON object
    #[arg(long, default_value = "{}", value_name = "JSON", value_parser = object)]
    pub(super) kwargs: Kwargs,
    /// The options of every reset, as a JSON object
    #[arg(long, default_value = "{}", value_name = "JSON", value_parser = object)]
    pub(super) reset_options: Kwargs,
    /// How many episodes are played at the same time; as many as there are cores unless given
    #[arg(long, value_parser = count, allow_negative_numbers = true)]
    pub(super) threads: Option<u64>,
    /// A JSON object a line: every episode, and at the end the sum of them
    #[arg(long)]
    pub(super) json: bool,
    /// Where the record goes: one file, .jsonl or .jsonl.gz, or else a folder with a file for each episode, which has none yet
    #[arg(long, short, value_name = "FILE-OR-FOLDER")]
    pub(super) output: Option<PathBuf>,
}
