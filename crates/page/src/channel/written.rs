//! Requests that JavaScript has written, but for their heads: they go to the Worker as they are.
use js_sys::{ArrayBuffer, Uint8Array};
use palaestra_protocol::{Flags, Operation, REQUEST_PAYLOAD};

use super::answer::Done;
use super::link::{Link, TRANSFERRED};
use super::shared::Shared;

impl Link {
    /// Sends a request without flags by a message, which `write` gives for a number. What is needed for the answer, `done`, is made
    /// when it is on its way: the Worker is at work meanwhile.
    pub(crate) fn post_request(
        &self,
        deadline_ms: f64,
        write: impl FnOnce(u32) -> ArrayBuffer,
        done: impl FnOnce() -> Done,
    ) {
        if let Some(error) = self.refusal() {
            return done()(Err(error));
        }
        let id = self.0.pending.borrow_mut().number();
        let sent = self.post(&write(id));
        self.0.pending.borrow_mut().put(id, Flags::default(), deadline_ms, done());
        sent.unwrap_or_else(|error| self.fail(error));
    }

    /// Whether requests go through shared memory.
    pub(crate) fn shares(&self) -> bool {
        self.0.shared.is_some()
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
