//! Posting to the page.
use std::cell::RefCell;

use js_sys::{Array, ArrayBuffer, Object, Reflect};
use palaestra_mailbox::{PostedBuffer, buffer_of};
use wasm_bindgen::prelude::*;
use web_sys::DedicatedWorkerGlobalScope;

/// Bytes from which on a message is given away instead of being copied: for a small one that takes longer than the copy.
const TRANSFERRED: usize = 16 * 1024;

/// What many steps returned, on its way: buffers of the browser's, which the page gets without another copy.
#[derive(Default)]
pub(crate) struct Parts(RefCell<Vec<JsValue>>);

impl Parts {
    pub(crate) fn put(&self, part: &[u8]) {
        self.0.borrow_mut().push(buffer_of(part).into());
    }

    /// Posts a reply with its parts as an array, and gives everything in it away.
    pub(crate) fn post(&self, scope: &DedicatedWorkerGlobalScope, reply: &[u8]) {
        let reply: JsValue = buffer_of(reply).into();
        let message: Array = std::iter::once(reply).chain(self.0.take()).collect();
        let _ = scope.post_message_with_transfer(&message, &message);
    }
}

/// Posts bytes. A page that cannot take the message hears of it by its deadline.
pub(crate) fn post_bytes(scope: &DedicatedWorkerGlobalScope, bytes: &[u8]) {
    post_buffer(scope, &buffer_of(bytes));
}

/// The same, of a buffer that is used again where it is not given away.
pub(crate) fn post_again(scope: &DedicatedWorkerGlobalScope, bytes: &[u8], posted: &PostedBuffer) {
    let short = bytes.len() < TRANSFERRED;
    post_buffer(scope, &if short { posted.with(bytes) } else { buffer_of(bytes) });
}

fn post_buffer(scope: &DedicatedWorkerGlobalScope, buffer: &ArrayBuffer) {
    let _ = if (buffer.byte_length() as usize) < TRANSFERRED {
        scope.post_message(buffer)
    } else {
        scope.post_message_with_transfer(buffer, &Array::of1(buffer))
    };
}

/// Posts an object.
pub(crate) fn post_object(scope: &DedicatedWorkerGlobalScope, fields: &[(&str, JsValue)]) {
    let message = Object::new();
    for (name, value) in fields {
        // Setting a field of a fresh plain object cannot fail.
        let _ = Reflect::set(&message, &JsValue::from_str(name), value);
    }
    let _ = scope.post_message(&message);
}
