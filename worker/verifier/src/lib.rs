//! What becomes the verifier Worker's `.wasm`: gloo-worker's registrar around the packing job.
use gloo_worker::Registrable;
use palaestra_pack::{Pack, Platform, Wire, provide};
use wasm_bindgen::prelude::*;
use web_sys::DedicatedWorkerGlobalScope;

/// Answers the page's jobs until the page's bridge is dropped, with what the Worker provides.
#[wasm_bindgen]
pub fn register(platform: Platform) {
    provide(platform);
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        // A Worker that panicked would outlive the bridge, with its memory: the bridge cannot terminate it.
        let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
        scope.close();
    }));
    Pack::registrar().encoding::<Wire>().register();
}
