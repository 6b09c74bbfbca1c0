//! A record as the page keeps it, and how its file is made.
use js_sys::{Promise, Uint8Array};
use palaestra_env::{Space, Spec};
use palaestra_protocol::ErrorCode;
use palaestra_record::{FileWriter, HeaderText, LineError, Totals};
use palaestra_session::{DisposalReport, Reason};
use wasm_bindgen::prelude::*;

use super::recorder::{Chunks, PageRecorder, Recorded};
use crate::channel::{Purpose, handed_over, module_path, modules, url, verifier};
use crate::error::PageError;
use crate::js;
use crate::spec::SpecJs;

/// How long the Worker that packs may be without a sign of life, in milliseconds. It gives one several times a second.
const PATIENCE_MS: f64 = 10_000.0;

#[wasm_bindgen(module = "/src/record.js")]
extern "C" {
    fn pack(address: &str, job: &JsValue, chunks: &Chunks, file: RecordFile, patience_ms: f64) -> Promise;

    #[wasm_bindgen(js_name = textOf)]
    fn text_of(chunks: &Chunks, file: RecordFile) -> Promise;
}

/// A record.
pub(crate) struct KeptRecord {
    pub(crate) header: HeaderText,
    /// The spec; none of a session that never had an environment.
    spec: Option<(Spec, SpecJs)>,
    chunks: Chunks,
    pub(super) totals: Totals,
    /// The names of the metrics that its steps carry.
    metrics: &'static [&'static str],
    /// Whether it is to be replayed when it is packed.
    verify: bool,
    pub(crate) error: Option<PageError>,
    pub(crate) report: Option<DisposalReport>,
    pub(crate) reason: Reason,
    pub(super) scores: Vec<Vec<f64>>,
}

impl KeptRecord {
    /// What was recorded so far.
    pub(crate) fn new(
        recorded: Recorded,
        header: HeaderText,
        spec: Option<(Spec, SpecJs)>,
        metrics: &'static [&'static str],
        verify: bool,
    ) -> Self {
        let Recorded { chunks, totals, scores } = recorded;
        let (error, report, reason) = (None, None, Reason::Complete);
        Self { header, spec, chunks, totals, metrics, verify, error, report, reason, scores }
    }

    /// Of an environment that a program drives: `kwargs` as JSON text, and who chose the actions.
    pub(crate) fn of_env(recorder: &PageRecorder, kwargs: &str, spec: (Spec, SpecJs), policy: Option<String>) -> Self {
        let (env_id, kwargs, seed, rest) = (spec.0.id.clone(), kwargs.to_owned(), recorder.seed(), String::new());
        Self::new(recorder.recorded(), HeaderText { env_id, kwargs, seed, policy, rest }, Some(spec), &[], true)
    }

    fn file(&self) -> RecordFile {
        let spec = self.spec.as_ref().map(|(spec, _)| spec.clone());
        // Without an environment there was no step either: any spec will do for the events.
        let spec = spec.unwrap_or_else(|| Spec::single(&self.header.env_id, Space::None, Space::None));
        let header = self.header.complete(&spec.agents, Some(self.totals.steps));
        let names = self.metrics.iter().map(|name| (*name).to_owned()).collect();
        RecordFile { writer: FileWriter::new(&header, spec, names, js::TEXTS), totals: self.totals }
    }

    /// A promise of the file as text, which rejects where it does not fit in a string.
    pub(super) fn text(&self) -> Promise {
        text_of(&self.chunks, self.file())
    }

    /// A promise of `{blob, gzip, identical, steps, message, whole}`; see `record.js`.
    pub(super) fn pack(&self) -> Result<Promise, PageError> {
        Ok(pack(&url("verifier/boot.js"), &self.job()?, &self.chunks, self.file(), PATIENCE_MS))
    }

    /// The files that replay it, as a nested Worker loads them.
    fn modules(&self) -> Result<js_sys::Array, PageError> {
        let names = modules(&self.header.env_id, Purpose::Program { share: false })?;
        Ok(names.iter().map(|name| handed_over(&module_path(name))).collect())
    }

    /// See `palaestra_pack`.
    fn job(&self) -> Result<JsValue, PageError> {
        let count = |count: u64| JsValue::from_f64(count as f64);
        Ok(js::object(&[
            ("header", self.header.text().into()),
            ("spec", self.spec.as_ref().map_or(JsValue::UNDEFINED, |(_, spec)| spec.bytes.clone())),
            ("modules", self.modules()?.into()),
            ("verifier", verifier()),
            ("metrics", self.metrics.iter().map(|name| JsValue::from_str(name)).collect::<js_sys::Array>().into()),
            ("verify", self.verify.into()),
            ("entries", count(self.totals.entries)),
            ("steps", count(self.totals.steps)),
            ("episodes", count(self.totals.episodes)),
            ("chunks", self.chunks.blobs()),
        ]))
    }
}

/// A record's file in the making, for `record.js`: it gives the chunks and takes the pieces.
#[wasm_bindgen]
pub struct RecordFile {
    writer: FileWriter,
    totals: Totals,
}

#[wasm_bindgen]
impl RecordFile {
    /// Takes the next chunk.
    pub fn chunk(&mut self, bytes: Vec<u8>) -> Result<(), JsValue> {
        Ok(self.writer.chunk(bytes).map_err(unwritten)?)
    }

    /// The next piece that is complete, if there is one before the next chunk.
    pub fn piece(&mut self) -> Result<Option<Uint8Array>, JsValue> {
        Ok(self.writer.next_piece().map_err(unwritten)?.map(Uint8Array::from))
    }

    /// The last piece.
    pub fn finish(&mut self) -> Result<Uint8Array, JsValue> {
        Ok(self.writer.finish(self.totals).map_err(unwritten)?.into())
    }
}

fn unwritten(error: LineError) -> PageError {
    PageError::new(ErrorCode::BadMessage, format!("record: {error}"))
}
