//! Requests that JavaScript has written: they go to the Worker as they are, and steps without this module.
use js_sys::Uint8Array;
use palaestra_protocol::{Flags, Operation, REQUEST_PAYLOAD};
use wasm_bindgen::prelude::*;

use super::answer::Done;
use super::link::{Link, TRANSFERRED};
use super::pending::late;
use super::shared::Shared;
use crate::codec::Codec;

impl Link {
    /// Has a script ask for steps, and settle them. None where the way leads through shared memory, or nowhere.
    pub(crate) fn script_steps(&self, codec: &Codec, deadline_ms: f64) -> Option<JsValue> {
        let worker = self.worker().filter(|_| self.0.shared.is_none() && self.refusal().is_none())?;
        let requests = codec.step_requests(&worker, deadline_ms);
        let handed = JsValue::from(&requests);
        self.0.script_steps.replace(Some(requests));
        Some(handed)
    }

    /// One of these has waited for too long.
    pub(crate) fn late(&self) {
        self.fail(late());
    }

    /// Sends a request whose payload is in a buffer with room for its head before it, and nothing else: it goes to the Worker as
    /// it is.
    pub(crate) fn request_in_place(
        &self,
        operation: Operation,
        flags: Flags,
        payload: &Uint8Array,
        deadline_ms: f64,
        done: Done,
    ) {
        let short = payload.byte_length() < TRANSFERRED;
        let busy = self.0.shared.as_ref().is_some_and(Shared::busy);
        if self.refusal().is_some() || short || busy {
            return self.request(operation, flags, &payload.to_vec(), deadline_ms, done);
        }
        let id = self.0.pending.borrow_mut().add(flags, deadline_ms, done);
        self.0.shared.iter().for_each(|shared| shared.posted(id));
        let buffer = payload.buffer();
        let head = Uint8Array::new_with_byte_offset_and_length(&buffer, 0, REQUEST_PAYLOAD as u32);
        head.copy_from(self.0.writer.borrow_mut().write(operation, flags, id, &[]));
        self.post_buffer(&buffer);
    }
}
