//! The packer: from the chunks of a record to its file.
use gloo_worker::Spawnable;
use palaestra_env::{Space, Spec};
use palaestra_record::{FileWriter, Header, Totals, write::TEXTS};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use crate::codec::Objects;
use crate::platform::{Platform, message, object};
use crate::replay::{Answer, Question, Replay};

/// What is to be packed.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Job {
    /// The record's header, as JSON.
    header: String,
    /// The bytes of its environment's spec; of a session that never had one there are no steps either.
    spec: Option<Vec<u8>>,
    /// The files that replay it: its environment's family's module, and what parts of that are needed; each an address, or a Blob.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    modules: js_sys::Array,
    /// The names of the metrics that its steps carry.
    metrics: Vec<String>,
    /// Whether it is to be replayed.
    verify: bool,
    /// How much there is in it; nothing where only the chunks say so.
    totals: Option<Counted>,
    /// Whether its session was cut off: what it has of its last chunk may end anywhere then, and may not have been sealed.
    #[serde(default)]
    unfinished: bool,
    /// Blobs: chunks, gzipped or not.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    chunks: js_sys::Array,
}

/// How much a record has.
#[derive(Clone, Copy, Debug, Deserialize)]
struct Counted {
    entries: u64,
    steps: u64,
    episodes: u64,
}

/// Packs a job and tells the page `{packed}`, the file as a Blob; then replays it, if that is asked for, and tells
/// `{identical, steps, message}`. Before, `{}` now and then, as a sign of life.
///
/// # Errors
/// The reason, in words.
pub async fn pack(platform: &Platform, job: JsValue) -> Result<(), String> {
    let job: Job = serde_wasm_bindgen::from_value(job).map_err(|error| format!("job: {error}"))?;
    let file = file(platform, &job).await?;
    platform.tell(&object(&[("packed", file.clone())])?);
    let not_verifiable = palaestra_record::not_verifiable(&header_of(&job)?.env_id);
    let verdict = if let Some(message) = not_verifiable.filter(|_| job.verify) {
        verdict(JsValue::NULL, 0, message)?
    } else if job.verify {
        replay(platform, job, file).await?
    } else {
        verdict(JsValue::NULL, 0, "not verified: not asked for".to_owned())?
    };
    platform.tell(&verdict);
    Ok(())
}

fn header_of(job: &Job) -> Result<Header, String> {
    serde_json::from_str(&job.header).map_err(|error| format!("header: {error}"))
}

async fn file(platform: &Platform, job: &Job) -> Result<JsValue, String> {
    let totals = job.totals.map(|Counted { entries, steps, episodes }| Totals { entries, steps, episodes });
    let mut header = header_of(job)?;
    let spec = match &job.spec {
        Some(bytes) => Spec::from_bytes(bytes).map_err(|error| format!("spec: {error}"))?,
        None => Spec::single(&header.env_id, Space::None, Space::None),
    };
    if job.unfinished {
        header.unfinish();
    }
    header.agents.clone_from(&spec.agents);
    header.n_steps = totals.map(|totals| totals.steps);
    let header = serde_json::to_string(&header).map_err(|error| format!("header: {error}"))?;
    let mut file = FileWriter::new(&header, spec, job.metrics.clone(), TEXTS);
    for (number, blob) in job.chunks.iter().enumerate() {
        let bytes = platform.bytes(&blob).await?;
        let last = job.unfinished && number + 1 == job.chunks.length() as usize;
        let taken = if last { file.last_chunk(&bytes) } else { file.chunk(bytes) };
        taken.map_err(|error| error.to_string())?;
        while let Some(piece) = file.next_piece().map_err(|error| error.to_string())? {
            platform.write(piece).await.map_err(|error| message(&error))?;
            platform.tell(&object(&[])?);
        }
    }
    let last = match totals {
        Some(totals) => file.finish(totals).map_err(|error| error.to_string())?,
        None => file.finish_found(!job.unfinished),
    };
    platform.write(last).await.map_err(|error| message(&error))?;
    platform.finish().await.map_err(|error| message(&error))
}

/// Has the file replayed in a Worker nested in this one. gloo-worker neither hears its errors nor can end it: `boot.js` does the
/// first, and it ends with this Worker, which the page ends in any case.
async fn replay(platform: &Platform, job: Job, file: JsValue) -> Result<JsValue, String> {
    let boot = platform.boot().map_err(|error| message(&error))?;
    let spawner = Replay::spawner().encoding::<Objects>().with_loader(true).as_module(platform.boots_module());
    let mut bridge = spawner.spawn(&boot);
    let lacks = if job.unfinished { "; unfinished: how the session ended is missing" } else { "" };
    let mut question = Question::Begin { file, header: job.header, modules: job.modules };
    loop {
        match bridge.run(question).await {
            Answer::More => platform.tell(&object(&[])?),
            Answer::Identical { steps } => {
                return verdict(true.into(), steps, format!("verified: {steps} steps identical{lacks}"));
            }
            Answer::Different(difference) => {
                return verdict(false.into(), 0, format!("verification failed: {difference}"));
            }
            Answer::Failed(reason) => return Err(reason),
        }
        question = Question::GoOn;
    }
}

fn verdict(identical: JsValue, steps: u64, message: String) -> Result<JsValue, String> {
    object(&[("identical", identical), ("steps", (steps as f64).into()), ("message", message.into())])
}
