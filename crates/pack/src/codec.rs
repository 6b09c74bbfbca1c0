//! How the replay's questions and answers cross: as plain objects, in which a Blob crosses by reference.
use gloo_worker::Codec;
use serde::{Deserialize, Serialize};
use wasm_bindgen::{JsValue, throw_str, throw_val};

/// The encoding, for `encoding()` of both ends. gloo-worker's own, bincode, knows bytes only, and copies them.
#[derive(Debug)]
pub(crate) struct Objects;

impl Codec for Objects {
    fn encode<I: Serialize>(input: I) -> JsValue {
        serde_wasm_bindgen::to_value(&input).unwrap_or_else(|error| throw_val(error.into()))
    }

    fn decode<O: for<'de> Deserialize<'de>>(input: JsValue) -> O {
        // An exception is what the trait leaves to do; the packer hears of it, see `boot.js`. So it does of `{failed}`, the last
        // word of a Worker that went wrong.
        let failed = js_sys::Reflect::get(&input, &JsValue::from_str("failed")).ok().and_then(|text| text.as_string());
        if let Some(failed) = failed {
            throw_str(&failed);
        }
        serde_wasm_bindgen::from_value(input).unwrap_or_else(|error| throw_val(error.into()))
    }
}
