//! Whether the browser can do it.
use js_sys::{Reflect, SharedArrayBuffer};
use wasm_bindgen::prelude::*;

use crate::mailbox::BYTES;

/// Memory for a pair of boxes, or `None` where there is none to share or nothing to wait with: on a page that is not
/// cross-origin isolated, and in browsers without `Atomics.waitAsync`.
#[inline(never)]
pub fn shared_memory() -> Option<SharedArrayBuffer> {
    let global = js_sys::global();
    let isolated = get(&global, "crossOriginIsolated").is_truthy() && get(&global, "SharedArrayBuffer").is_function();
    let waits = get(&get(&global, "Atomics"), "waitAsync").is_function();
    (isolated && waits).then(|| SharedArrayBuffer::new(BYTES))
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}
