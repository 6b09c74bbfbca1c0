//! The Responder asked by a module of the same thread, without messages: a replay waits for every answer.
use palaestra_protocol::Request;
use wasm_bindgen::prelude::*;

use crate::responder::Responder;
use crate::worker::{Make, make_responder, spec_js};

/// Answers at once. Its replies carry no times.
pub struct LocalResponder {
    responder: Responder,
}

impl LocalResponder {
    /// Makes an environment as `{envId, kwargs}` says, and gives its spec's bytes.
    ///
    /// # Errors
    /// The reason, in words.
    pub fn make(request: &JsValue, make: Make) -> Result<(Self, JsValue), String> {
        let responder = make_responder(request, make).map_err(|failure| failure.message)?;
        let spec = spec_js(&responder);
        Ok((Self { responder }, spec))
    }

    /// Answers a request of `palaestra_protocol`; nothing for bytes that are none.
    pub fn ask(&mut self, request: &[u8]) -> &[u8] {
        match Request::read(request) {
            Ok(request) => self.responder.answer(request, 0.0, &|| 0.0, &mut |_| ()).reply,
            Err(_) => &[],
        }
    }
}
