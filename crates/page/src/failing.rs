//! The end of this module by a panic: nothing of it can be relied on then, so the page's JavaScript tells everybody who waits.
use std::sync::atomic::{AtomicBool, Ordering};

use js_sys::Promise;
use palaestra_protocol::ErrorCode;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Worker;

use crate::error::PageError;
use crate::js;

#[wasm_bindgen(module = "/src/page.js")]
extern "C" {
    /// A promise that is settled once, by this module or by its failure.
    pub(crate) type Deferred;

    #[wasm_bindgen(constructor)]
    pub(crate) fn new() -> Deferred;

    #[wasm_bindgen(method, getter)]
    pub(crate) fn promise(this: &Deferred) -> Promise;

    #[wasm_bindgen(method)]
    pub(crate) fn resolve(this: &Deferred, value: &JsValue);

    #[wasm_bindgen(method)]
    fn reject(this: &Deferred, error: &JsValue);

    /// A Worker lives, and ends with this module.
    #[wasm_bindgen(js_name = keepWorker)]
    pub(crate) fn keep_worker(worker: &Worker);

    /// A Worker is ended by whoever made it.
    #[wasm_bindgen(js_name = letGoOfWorker)]
    pub(crate) fn let_go_of_worker(worker: &Worker);

    /// Requests of a script's have ended.
    #[wasm_bindgen(js_name = letGoOfRequests)]
    pub(crate) fn let_go_of_requests(requests: &JsValue);

    fn fail(reason: &str);

    /// What loads the parts of this module.
    #[wasm_bindgen(js_name = setLoader)]
    pub(crate) fn set_loader(load: &js_sys::Function);

    /// Has a part of this module loaded; settles when it may be called.
    #[wasm_bindgen(js_name = partLoaded)]
    fn part_promised(name: &str) -> Promise;

    /// Has a part of this module loaded that will be needed.
    #[wasm_bindgen(js_name = fetchPart)]
    pub(crate) fn fetch_part(name: &str);
}

impl Deferred {
    /// Settles it.
    pub(crate) fn settle(&self, outcome: Result<JsValue, PageError>) {
        match outcome {
            Ok(value) => self.resolve(&value),
            Err(error) => self.reject(&error.into()),
        }
    }
}

/// Waits for a part of this module, without which what is in it must not be called.
///
/// # Errors
/// [`ErrorCode::LoadFailed`] where it does not come.
pub(crate) async fn part_loaded(name: &str) -> Result<(), PageError> {
    let loaded = JsFuture::from(part_promised(name)).await;
    loaded.map(drop).map_err(|error| PageError::new(ErrorCode::LoadFailed, js::message(&error)))
}

static FAILED: AtomicBool = AtomicBool::new(false);

/// Whether this module has panicked. Callbacks that the browser still makes do nothing then.
pub(crate) fn failed() -> bool {
    FAILED.load(Ordering::Relaxed)
}

/// From now on a panic tells everybody who waits.
pub(crate) fn tell_of_panics() {
    std::panic::set_hook(Box::new(|panic| {
        FAILED.store(true, Ordering::Relaxed);
        fail(&panic.to_string());
    }));
}
