//! What is kept of a game's record while it grows. An environment that a program drives has the same (`crate::keeping`).
use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;

use super::handle::GameHandle;
use super::shell::Shell;
use crate::record::unsealed;

impl Shell {
    /// The latest step stands in the record from now on, as it is.
    fn settle_step(&self) {
        self.game.borrow_mut().settle_step();
    }
}

#[wasm_bindgen]
impl GameHandle {
    /// What the record's chunks do not say: see `RecordHandle.about`.
    pub fn about(&self) -> Array {
        self.0.about()
    }

    /// The sealed chunks of the record.
    #[wasm_bindgen(getter)]
    pub fn chunks(&self) -> JsValue {
        self.0.chunks.clone().into()
    }

    /// How many steps stand in the record.
    #[wasm_bindgen(getter, js_name = stepsRecorded)]
    pub fn steps_recorded(&self) -> f64 {
        self.0.ask(|game| game.recorder().totals().steps as f64)
    }

    /// The chunk after so many sealed ones, from a byte on, as far as it has been written; none where another one is written. With
    /// `settle` the latest step is in it, even if its row is not complete.
    pub fn unsealed(&self, chunks: u32, from: u32, settle: bool) -> Option<Uint8Array> {
        if settle {
            self.0.settle_step();
        }
        self.0.ask(|game| unsealed(game.recorder(), chunks, from))
    }
}
