//! A message's bytes for `postMessage`.
use js_sys::{ArrayBuffer, WebAssembly::Memory};
use wasm_bindgen::JsCast;

/// Bytes in a buffer of their own: a piece of this module's memory, which is copied in one call. A typed array would have to be
/// made besides, and its buffer for itself.
pub fn buffer_of(bytes: &[u8]) -> ArrayBuffer {
    let memory: Memory = wasm_bindgen::memory().unchecked_into();
    let begin = bytes.as_ptr() as u32;
    memory.buffer().unchecked_into::<ArrayBuffer>().slice_with_end(begin, begin + bytes.len() as u32)
}
