//! What is kept of the record of an environment that a program drives, while it grows. A game's handle has the same.
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::env::EnvHandle;
use crate::record::PageRecorder;

impl EnvHandle {
    fn recording<T>(&self, ask: impl FnOnce(&PageRecorder) -> T) -> Option<T> {
        self.recorder.as_ref().map(|recorder| ask(&recorder.borrow()))
    }
}

#[wasm_bindgen]
impl EnvHandle {
    /// What its chunks do not say: see `RecordHandle.about`.
    ///
    /// # Errors
    /// A `PalaestraError` where nothing is recorded.
    pub fn about(&self) -> Result<Array, JsValue> {
        Ok(self.record(None)?.about())
    }

    /// The sealed chunks of the record.
    #[wasm_bindgen(getter)]
    pub fn chunks(&self) -> JsValue {
        self.recording(PageRecorder::chunks).map_or(JsValue::UNDEFINED, JsValue::from)
    }

    /// How many steps were recorded.
    #[wasm_bindgen(getter, js_name = stepsRecorded)]
    pub fn steps_recorded(&self) -> f64 {
        self.recording(PageRecorder::steps_recorded).unwrap_or_default()
    }

    /// The chunk after so many sealed ones, from a byte on, as far as it has been written; none where another one is written.
    pub fn unsealed(&self, chunks: u32, from: u32) -> Option<Uint8Array> {
        self.recording(|recorder| recorder.unsealed(chunks, from)).flatten()
    }
}
