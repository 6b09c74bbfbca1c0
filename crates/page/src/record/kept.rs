//! A record as the page keeps it, and how its file is made.
use std::rc::Rc;

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
use crate::options::Said;
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
    spec: Option<(Rc<Spec>, SpecJs)>,
    chunks: Chunks,
    pub(super) totals: Totals,
    /// The names of the metrics that its steps carry.
    metrics: Vec<&'static str>,
    /// Whether it is to be replayed when it is packed.
    verify: bool,
    pub(crate) error: Option<PageError>,
    pub(crate) report: Option<DisposalReport>,
    /// Why the session ended; nothing: it went on.
    pub(crate) reason: Option<Reason>,
    pub(super) scores: Vec<Vec<f64>>,
}

impl KeptRecord {
    /// What was recorded so far.
    pub(crate) fn new(
        recorded: Recorded,
        header: HeaderText,
        spec: Option<(Rc<Spec>, SpecJs)>,
        metrics: Vec<&'static str>,
        verify: bool,
    ) -> Self {
        let Recorded { chunks, totals, scores } = recorded;
        let (error, report, reason) = (None, None, Some(Reason::Complete));
        Self { header, spec, chunks, totals, metrics, verify, error, report, reason, scores }
    }

    /// Of an environment that a program drives: `kwargs` as JSON text, what the page has to say of it, and who chose the actions.
    pub(crate) fn of_env(
        recorder: &PageRecorder,
        (kwargs, said): (&str, &Said),
        spec: (Rc<Spec>, SpecJs),
        policy: Option<String>,
    ) -> Self {
        let (env_id, kwargs, seed, rest) =
            (spec.0.id.clone(), kwargs.to_owned(), recorder.seed(), js::object_text(said));
        Self::new(recorder.recorded(), HeaderText { env_id, kwargs, seed, policy, rest }, Some(spec), Vec::new(), true)
    }

    fn file(&self) -> RecordFile {
        let spec = self.spec.as_ref().map(|(spec, _)| Spec::clone(spec));
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
    pub(super) fn pack(&self) -> Result<Promise, JsValue> {
        Ok(pack(&url("verifier/boot.js"), &self.job()?, &self.chunks, self.file(), PATIENCE_MS))
    }

    fn spec_bytes(&self) -> JsValue {
        self.spec.as_ref().map_or(JsValue::UNDEFINED, |(_, spec)| spec.bytes.clone())
    }

    fn metric_names(&self) -> JsValue {
        self.metrics.iter().map(|name| JsValue::from_str(name)).collect::<js_sys::Array>().into()
    }

    /// What the chunks do not say: `[header, spec, names of metrics]`, the header as text.
    pub(crate) fn about(&self) -> js_sys::Array {
        js_sys::Array::of3(&self.header.text().into(), &self.spec_bytes(), &self.metric_names())
    }

    /// See `palaestra_pack`.
    fn job(&self) -> Result<JsValue, JsValue> {
        let count = |count: u64| JsValue::from_f64(count as f64);
        let totals = js::object(&[
            ("entries", count(self.totals.entries)),
            ("steps", count(self.totals.steps)),
            ("episodes", count(self.totals.episodes)),
        ]);
        Ok(js::object(&[
            ("header", self.header.text().into()),
            ("spec", self.spec_bytes()),
            ("modules", replay_modules(&self.header.env_id)?.into()),
            ("verifier", verifier()),
            ("metrics", self.metric_names()),
            ("verify", self.verify.into()),
            ("totals", totals),
            ("chunks", self.chunks.blobs()),
        ]))
    }
}

/// The files that replay a record of this environment, as a nested Worker loads them.
///
/// # Errors
/// A `PalaestraError` for an id that no family has.
#[wasm_bindgen(js_name = replayModules)]
pub fn replay_modules(id: &str) -> Result<js_sys::Array, JsValue> {
    Ok(modules(id, Purpose::Program { share: false })?.iter().map(|name| handed_over(&module_path(name))).collect())
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
