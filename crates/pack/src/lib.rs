//! The one-shot job after a game: turn its log into a packed record and replay that record, off the main thread.
//!
//! The job is [`Pack`], run with gloo-worker: the page spawns it, `worker/verifier` registers it. What is replayed is the very
//! text that the researcher gets, read back from its packed bytes, in a build of the environment that has not played the game.
pub mod wire;

use std::io;

use gloo_worker::oneshot::oneshot;
use palaestra_record::{Failure, Header, Limits, Log, Progress, Verifier, compress, write_jsonl};
use serde::{Deserialize, Serialize};

pub use wire::Wire;

/// Lines replayed between two looks at the clock.
const LINES_AT_ONCE: usize = 500;

/// What is to be packed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    /// The record's header, as JSON.
    pub header: String,
    /// The log's bytes.
    pub log: Vec<u8>,
    /// The names of the metrics that the log's steps carry.
    pub metrics: Vec<String>,
    /// Whether the record is to be replayed.
    pub verify: bool,
}

/// What became of it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Packed {
    /// The record: JSON Lines, gzipped.
    pub bytes: Vec<u8>,
    /// What the replay found.
    pub verdict: Verdict,
}

/// What a replay found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Verdict {
    /// Every step came out the same in every bit.
    Identical {
        /// How many.
        steps: u64,
    },
    /// Something did not; the text says what, where and how.
    Different(String),
    /// It was not asked for.
    NotAsked,
}

/// Packs and replays. An error is the reason why there is no record, in words.
#[oneshot]
pub async fn Pack(job: Job) -> Result<Packed, String> {
    run(&job)
}

/// The job itself.
///
/// # Errors
/// A header or log that is none, or an environment that the registry has not, in words.
pub fn run(job: &Job) -> Result<Packed, String> {
    let header: Header = serde_json::from_str(&job.header).map_err(|error| format!("header: {error}"))?;
    let log = Log::from_bytes(job.log.clone()).map_err(|error| format!("log: {error}"))?;
    let env = palaestra_envs::make(&header.env_id, &header.kwargs).map_err(|error| error.to_string())?;
    let names: Vec<&str> = job.metrics.iter().map(String::as_str).collect();
    let mut text = Vec::new();
    write_jsonl(&header, env.spec(), &log, &names, &mut text).map_err(|error| error.to_string())?;
    let bytes = compress(&text).map_err(|error| error.to_string())?;
    let verdict = if job.verify { replay(&bytes) } else { Verdict::NotAsked };
    Ok(Packed { bytes, verdict })
}

fn replay(bytes: &[u8]) -> Verdict {
    let read = io::BufReader::new(bytes);
    let mut verifier = Verifier::new(read, palaestra_envs::make, Limits::default());
    loop {
        match verifier.advance(LINES_AT_ONCE) {
            Ok(Progress::Done(report)) => return Verdict::Identical { steps: report.steps },
            Ok(Progress::More { .. }) => {}
            Err(failure) => return Verdict::Different(describe(&failure)),
        }
    }
}

fn describe(failure: &Failure) -> String {
    failure.to_string()
}
