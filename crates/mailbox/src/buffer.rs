//! A message's bytes for `postMessage`.
use std::cell::RefCell;

use js_sys::{ArrayBuffer, Uint8Array, WebAssembly::Memory};
use wasm_bindgen::JsCast;

/// Bytes in a buffer of their own: a piece of this module's memory, which is copied in one call. A typed array would have to be
/// made besides, and its buffer for itself.
pub fn buffer_of(bytes: &[u8]) -> ArrayBuffer {
    let memory: Memory = wasm_bindgen::memory().unchecked_into();
    let begin = bytes.as_ptr() as u32;
    memory.buffer().unchecked_into::<ArrayBuffer>().slice_with_end(begin, begin + bytes.len() as u32)
}

/// A buffer that is posted again and again, for messages that mostly have one length. `postMessage` copies what is not given away, and
/// a new buffer takes longer than what is written into it.
#[derive(Default)]
pub struct PostedBuffer(RefCell<Uint8Array>);

impl PostedBuffer {
    /// Bytes in a buffer, until the next: to be posted at once, and not given away.
    pub fn with(&self, bytes: &[u8]) -> ArrayBuffer {
        let mut kept = self.0.borrow_mut();
        if kept.length() as usize == bytes.len() {
            kept.copy_from(bytes);
        } else {
            *kept = Uint8Array::new(&buffer_of(bytes));
        }
        kept.buffer()
    }
}
