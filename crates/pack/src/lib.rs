//! The one-shot job after a game: turn what was recorded into a packed record and replay that record, off the main thread.
//!
//! The job is [`Pack`], run with gloo-worker: the page spawns it, `worker/verifier` registers it. What is replayed is the very
//! text that the researcher gets, read back from its packed bytes, in an instance of the environment's module that has not
//! played the game.
//!
//! | file | what it does |
//! |---|---|
//! | `platform.rs` | what the job asks of its Worker: compression, and the module of the environment's family |
//! | `remote.rs` | the replay's player in that module |
//! | `wire.rs` | how the job and its outcome cross |
mod platform;
mod remote;
pub mod wire;

use gloo_worker::oneshot::oneshot;
use palaestra_record::{Header, Limits, Player, Progress, Record, Verifier, write_jsonl};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use platform::{Family, message, provided};

pub use platform::{Platform, provide};
pub use wire::Wire;

/// Lines replayed between two looks at whether it is over.
const LINES_AT_ONCE: usize = 500;

/// What is to be packed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Job {
    /// The record's header, as JSON.
    pub header: String,
    /// The family of its environment, whose module replays it.
    pub family: String,
    /// The record's chunks.
    pub chunks: Vec<Vec<u8>>,
    /// The names of the metrics that its steps carry.
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
    run(job).await
}

async fn run(job: Job) -> Result<Packed, String> {
    let platform = provided()?;
    let header: Header = serde_json::from_str(&job.header).map_err(|error| format!("header: {error}"))?;
    let record = Record::from_chunks(job.chunks).map_err(|error| error.to_string())?;
    let family: Family = platform.load(&job.family).await.map_err(|error| message(&error))?.unchecked_into();
    let player = family.player(&header.env_id, &header.kwargs)?;
    let names: Vec<&str> = job.metrics.iter().map(String::as_str).collect();
    let mut text = Vec::new();
    write_jsonl(&header, player.spec(), &record, &names, &mut text).map_err(|error| error.to_string())?;
    drop(record);
    let bytes = bytes(platform.gzip(&text).await)?;
    drop(text);
    let verdict = if job.verify {
        let text = self::bytes(platform.gunzip(&bytes).await)?;
        replay(&text, player)
    } else {
        Verdict::NotAsked
    };
    Ok(Packed { bytes, verdict })
}

fn bytes(given: Result<JsValue, JsValue>) -> Result<Vec<u8>, String> {
    let bytes = given.map_err(|error| message(&error))?;
    Ok(bytes.unchecked_into::<js_sys::Uint8Array>().to_vec())
}

fn replay(text: &[u8], player: impl Player) -> Verdict {
    let mut made = Some(player);
    // A record has one header, and so needs one player.
    let make = |id: &str, _: &palaestra_env::Kwargs| {
        made.take().ok_or_else(|| palaestra_env::MakeError::UnknownId { id: id.to_owned(), nearest: None })
    };
    let mut verifier = Verifier::new(text, make, Limits::default());
    loop {
        match verifier.advance(LINES_AT_ONCE) {
            Ok(Progress::Done(report)) => return Verdict::Identical { steps: report.steps },
            Ok(Progress::More { .. }) => {}
            Err(failure) => return Verdict::Different(failure.to_string()),
        }
    }
}
