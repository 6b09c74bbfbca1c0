//! The Responder asked by a module of the same thread, without messages: a replay waits for every answer.
use wasm_bindgen::prelude::*;

use crate::responder::Responder;
use crate::worker::{Make, begin, reset, spec};

/// Answers at once. Its replies carry no times.
pub struct Direct {
    responder: Responder,
}

impl Direct {
    /// Makes an environment as `{envId, kwargs}` says, and gives its spec as an object.
    ///
    /// # Errors
    /// The reason, in words.
    pub fn make(request: &JsValue, make: Make) -> Result<(Self, JsValue), String> {
        let made = begin(request, make).and_then(|responder| Ok((spec(&responder)?, Self { responder })));
        made.map(|(spec, direct)| (direct, spec)).map_err(|(_, message)| message)
    }

    /// Answers a request of `palaestra_protocol`.
    pub fn ask(&mut self, request: &[u8]) -> &[u8] {
        self.responder.answer(request, 0.0, || 0.0, |_| ()).reply
    }

    /// Answers `{id, reset: {seed, options}}`.
    pub fn ask_reset(&mut self, message: &JsValue) -> &[u8] {
        reset(&mut self.responder, message, 0.0, &|| 0.0)
    }
}
