//! What JavaScript sees of a record.
use js_sys::{Array, Promise};
use wasm_bindgen::prelude::*;

use super::KeptRecord;
use crate::js;

/// A record that is handed over. `www/palaestra.js` wraps it as `GameRecord`.
#[wasm_bindgen]
pub struct RecordHandle(KeptRecord);

impl RecordHandle {
    pub(crate) fn new(record: KeptRecord) -> Self {
        Self(record)
    }
}

#[wasm_bindgen]
impl RecordHandle {
    /// What its chunks do not say: `[header, spec, names of metrics]`, the header as text.
    pub fn about(&self) -> Array {
        self.0.about()
    }

    /// Why the session ended; null: it went on.
    #[wasm_bindgen(getter)]
    pub fn reason(&self) -> JsValue {
        self.0.reason.map_or(JsValue::NULL, |reason| reason.as_str().into())
    }

    /// What went wrong, if it ended so.
    #[wasm_bindgen(getter)]
    pub fn error(&self) -> JsValue {
        self.0.error.clone().map_or(JsValue::NULL, JsValue::from)
    }

    /// How the Worker went.
    #[wasm_bindgen(getter)]
    pub fn disposal(&self) -> JsValue {
        self.0.report.map_or(JsValue::NULL, |report| {
            js::object(&[
                ("outcome", report.outcome.as_str().into()),
                ("durationMs", report.duration_ms.into()),
                ("rejectedRequests", report.rejected_requests.into()),
            ])
        })
    }

    /// How many steps were made.
    #[wasm_bindgen(getter)]
    pub fn steps(&self) -> f64 {
        self.0.totals.steps as f64
    }

    /// The returns of the episodes that came to their end: of each, one per agent.
    #[wasm_bindgen(getter)]
    pub fn returns(&self) -> Array {
        let numbers = |scores: &Vec<f64>| scores.iter().map(|score| JsValue::from_f64(*score)).collect::<Array>();
        self.0.scores.iter().map(numbers).collect()
    }

    /// A promise of the record as text, made here: JSON Lines. Rejects where it does not fit in a string.
    pub fn text(&self) -> Promise {
        self.0.text()
    }

    /// Packs and replays the record in a Worker of its own: a promise of `{blob, gzip, identical, steps, message, whole}`.
    pub fn pack(&self) -> Result<Promise, JsValue> {
        self.0.pack()
    }
}
