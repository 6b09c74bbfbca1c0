//! What the browser can do.
use js_sys::{Reflect, SharedArrayBuffer};
use wasm_bindgen::prelude::*;

use crate::mailbox::BYTES;

/// Memory for a pair of boxes, or `None` where there is none to share or nothing to wait with: on a page that is not
/// cross-origin isolated, and in browsers without `Atomics.waitAsync`.
pub fn shared_memory() -> Option<SharedArrayBuffer> {
    let global = js_sys::global();
    let isolated = get(&global, "crossOriginIsolated").is_truthy() && get(&global, "SharedArrayBuffer").is_function();
    let waits = get(&get(&global, "Atomics"), "waitAsync").is_function();
    (isolated && waits).then(|| SharedArrayBuffer::new(BYTES))
}

/// How many threads can run at once; 1 where the browser does not say.
pub(crate) fn cores() -> u32 {
    get(&get(&js_sys::global(), "navigator"), "hardwareConcurrency").as_f64().map_or(1, |cores| cores as u32)
}

#[wasm_bindgen]
extern "C" {
    /// Milliseconds since this context began, on a page as in a Worker.
    #[wasm_bindgen(js_namespace = performance)]
    pub(crate) fn now() -> f64;
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}
