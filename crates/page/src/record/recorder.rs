//! A recorder whose sealed chunks are kept by the browser, outside the module's memory.
use std::cell::Cell;

use js_sys::Uint8Array;
use palaestra_env::Space;
use palaestra_protocol::ErrorCode;
use palaestra_record::{ManyReturns, Recorder, Totals};
use wasm_bindgen::prelude::*;

use crate::codec::unreadable;
use crate::error::PageError;

#[wasm_bindgen(module = "/src/chunks.js")]
extern "C" {
    /// The chunks of a record; see `chunks.js`.
    #[derive(Clone)]
    pub(crate) type Chunks;

    #[wasm_bindgen(constructor)]
    pub(crate) fn new() -> Chunks;

    #[wasm_bindgen(method)]
    pub(crate) fn add(this: &Chunks, bytes: &[u8]);

    #[wasm_bindgen(method)]
    fn follow(this: &Chunks, bytes: &[u8], steps: f64);

    #[wasm_bindgen(method, js_name = with)]
    pub(crate) fn with(this: &Chunks, bytes: Option<&[u8]>) -> Chunks;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn full(this: &Chunks) -> bool;

    #[wasm_bindgen(method)]
    pub(crate) fn blobs(this: &Chunks) -> JsValue;
}

/// What was recorded: its chunks, how much they hold, and the returns of the episodes that came to their end.
pub(crate) struct Recorded {
    pub(crate) chunks: Chunks,
    pub(crate) totals: Totals,
    pub(crate) scores: Vec<Vec<f64>>,
}

/// How far JavaScript knows the chunk that is written: its number, and how many bytes of it.
#[derive(Default)]
pub(crate) struct Followed(Cell<(u32, usize)>);

impl Followed {
    /// Has JavaScript know all that was recorded. It needs that where this module panics.
    pub(crate) fn follow(&self, recorder: &Recorder, chunks: &Chunks) {
        let (number, open) = recorder.unsealed();
        let (known, from) = self.0.replace((number, open.len()));
        let from = if known == number { from } else { 0 };
        if let Some(more) = open.get(from..).filter(|more| !more.is_empty()) {
            chunks.follow(more, recorder.totals().steps as f64);
        }
    }
}

/// A recorder of a page.
pub(crate) struct PageRecorder {
    recorder: Recorder,
    chunks: Chunks,
    followed: Followed,
}

impl PageRecorder {
    /// Of an environment with so many agents.
    pub(crate) fn new(agents: usize) -> Self {
        Self { recorder: Recorder::new(agents), chunks: Chunks::new(), followed: Followed::default() }
    }

    /// See [`Recorder::reset`].
    pub(crate) fn reset(&mut self, seed: Option<u64>, options: &str, returns: &[u8]) {
        self.recorder.reset(seed, options, returns);
        self.keep();
    }

    /// See [`Recorder::step`].
    pub(crate) fn step(
        &mut self,
        actions: &[u8],
        returns: &[u8],
        metrics: &[f64],
        hash: Option<u64>,
    ) -> Result<(), PageError> {
        self.recorder.step(actions, returns, metrics, hash).map_err(unreadable)?;
        self.keep();
        Ok(())
    }

    /// Many steps that were asked for and answered together, whose returns are rows of `stride` bytes or, where that is 0, in
    /// blocks; of the actions those that are too many were not played.
    pub(crate) fn steps(
        &mut self,
        action_spaces: &[Space],
        actions: &[u8],
        (stride, bytes): (u32, &[u8]),
        hashes: &[[u8; 8]],
    ) -> Result<(), PageError> {
        let returns = match stride {
            0 => ManyReturns::Blocks(bytes),
            _ => ManyReturns::Plain { stride: stride as usize, bytes },
        };
        let recorded = self.recorder.steps(action_spaces, actions, returns, hashes).map_err(unreadable);
        self.keep();
        recorded
    }

    fn keep(&mut self) {
        while let Some(chunk) = self.recorder.take_sealed() {
            self.chunks.add(&chunk);
        }
        self.followed.follow(&self.recorder, &self.chunks);
    }

    /// # Errors
    /// [`ErrorCode::RecordFull`] where it has as much as a page keeps. Nothing is lost: what is there can be handed over.
    pub(crate) fn has_room(&self) -> Result<(), PageError> {
        if !self.chunks.full() {
            return Ok(());
        }
        Err(record_full())
    }

    /// What was recorded up to now. Recording goes on as if nobody had asked.
    pub(super) fn recorded(&self) -> Recorded {
        let chunks = self.chunks.with(self.recorder.sealed_copy().as_deref());
        Recorded { chunks, totals: self.recorder.totals(), scores: self.recorder.scores().to_vec() }
    }

    /// The sealed chunks.
    pub(crate) fn chunks(&self) -> Chunks {
        self.chunks.clone()
    }

    /// How many steps were recorded.
    pub(crate) fn steps_recorded(&self) -> f64 {
        self.recorder.totals().steps as f64
    }

    /// See [`unsealed`].
    pub(crate) fn unsealed(&self, chunks: u32, from: u32) -> Option<Uint8Array> {
        unsealed(&self.recorder, chunks, from)
    }

    /// The seed of the first reset.
    pub(super) fn seed(&self) -> Option<u64> {
        self.recorder.seed()
    }
}

/// What there is of the chunk that is written, from a byte on, of a recorder that has sealed so many; else nothing: whoever asks has not
/// heard of the newest one.
pub(crate) fn unsealed(recorder: &Recorder, chunks: u32, from: u32) -> Option<Uint8Array> {
    let (sealed, open) = recorder.unsealed();
    (sealed == chunks).then(|| Uint8Array::from(open.get(from as usize..).unwrap_or_default()))
}

/// A record has as much as a page keeps. Nothing is lost: what is there can be handed over.
pub(crate) fn record_full() -> PageError {
    let text = "expected a record of at most 128 MiB after compression, found one that has as much: what was played up to here \
                is in it";
    PageError::new(ErrorCode::RecordFull, text)
}
