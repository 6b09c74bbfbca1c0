//! What happens at every step, between bytes and JavaScript values.
use palaestra_protocol::ErrorCode;
use wasm_bindgen::prelude::*;

use crate::error::PageError;
use crate::js;

#[wasm_bindgen(module = "/src/codec.js")]
extern "C" {
    /// Of one environment; see `codec.js`. What the Worker sent is not trusted: reading it may throw.
    pub(crate) type Codec;

    #[wasm_bindgen(constructor)]
    pub(crate) fn new(spec: &JsValue) -> Codec;

    /// `{observation, info}` of what a reset returned.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn reset(this: &Codec, returns: &[u8]) -> Result<JsValue, JsValue>;

    /// `{observation, reward, terminated, truncated, info}` of what a step returned.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn step(this: &Codec, returns: &[u8]) -> Result<JsValue, JsValue>;

    /// The same with `action` and `score`.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn played(this: &Codec, returns: &[u8], actions: &[u8], scores: &[f64]) -> Result<JsValue, JsValue>;

    /// `{length, rewards, at}` of many steps: their reply and its parts.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn many(this: &Codec, message: &js_sys::Array) -> Result<JsValue, JsValue>;

    /// The bytes of a joint action, if it is one of the usual kinds and nothing is wrong with it.
    #[wasm_bindgen(method)]
    pub(crate) fn write(this: &Codec, action: &JsValue) -> Option<js_sys::Uint8Array>;

    /// The bytes of many joint actions, likewise.
    #[wasm_bindgen(method, js_name = writeMany)]
    pub(crate) fn write_many(this: &Codec, actions: &JsValue) -> Option<js_sys::Uint8Array>;
}

/// What the Worker sent could not be read, and why.
pub(crate) fn unreadable(why: impl std::fmt::Display) -> PageError {
    PageError::new(ErrorCode::BadMessage, format!("returns of the Worker: {why}"))
}

/// The same of what the codec threw.
pub(crate) fn thrown(exception: JsValue) -> PageError {
    unreadable(js::message(&exception))
}
