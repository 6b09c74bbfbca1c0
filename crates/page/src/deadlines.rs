//! How long an environment's requests may take.
use wasm_bindgen::JsValue;

use crate::error::PageError;
use crate::options::milliseconds;

/// How long each kind of request may take, in milliseconds, unless `make` is told otherwise.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deadlines {
    pub(crate) load: f64,
    pub(crate) step: f64,
    pub(crate) many: f64,
    pub(crate) grace: u32,
}

impl Default for Deadlines {
    fn default() -> Self {
        Self { load: 60_000.0, step: 5_000.0, many: 60_000.0, grace: 100 }
    }
}

/// What a caller of `make` says of them.
pub(crate) fn deadlines_from(options: &JsValue) -> Result<Deadlines, PageError> {
    let default = Deadlines::default();
    let (load, step) =
        (milliseconds(options, "loadTimeout", default.load)?, milliseconds(options, "stepTimeout", default.step)?);
    Ok(Deadlines { load, step, many: default.many.max(step), ..default })
}
