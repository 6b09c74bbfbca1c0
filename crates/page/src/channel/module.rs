//! The Worker's modules, one per family of environments: where they lie, and who waits for one.
use std::cell::Cell;

use js_sys::Promise;
use palaestra_protocol::ErrorCode;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::Worker;

use super::purpose::{EXPERT, Purpose};
use crate::error::PageError;
use crate::js::message;
use crate::registry::{self, Entry};

/// The Worker's script.
pub(super) const BOOT: &str = "worker/boot.js";

#[wasm_bindgen(module = "/src/channel/module.js")]
extern "C" {
    /// See `module.js`.
    type Waiting;

    #[wasm_bindgen(constructor)]
    fn new(addresses: Vec<String>, compiled: bool) -> Waiting;

    #[wasm_bindgen(method, getter)]
    fn result(this: &Waiting) -> Promise;

    #[wasm_bindgen(method)]
    fn leave(this: &Waiting);
}

#[wasm_bindgen(module = "/src/files.js")]
extern "C" {
    /// The address of a file of ours, by its path, and another one for each number of tries; see `files.js`.
    fn address(path: &str, tries: u32) -> String;

    /// The same of a file that not every script of ours has.
    #[wasm_bindgen(js_name = address, catch)]
    fn address_if_any(path: &str, tries: u32) -> Result<String, JsValue>;

    /// What a nested Worker loads a file from: an address, or the file.
    #[wasm_bindgen(js_name = handedOver)]
    pub(crate) fn handed_over(path: &str) -> JsValue;

    /// What the packer makes the replay's Worker of.
    pub(crate) fn verifier() -> JsValue;

    #[wasm_bindgen(js_name = newWorker, catch)]
    fn new_worker(address: &str, name: &str) -> Result<Worker, JsValue>;
}

thread_local! {
    /// How many Workers were ended before they gave a sign of life.
    static SILENT: Cell<u32> = const { Cell::new(0) };
}

/// The address of the Worker's script. A browser may go on loading the script of a Worker that it has ended, and has whoever
/// asks for the same address wait behind it (Chromium: 20 s, each time): so after a Worker that never spoke it is another one.
pub(super) fn boot_url() -> String {
    address(BOOT, SILENT.get())
}

/// The address of a file of ours, by its path.
pub(crate) fn url(path: &str) -> String {
    address(path, 0)
}

/// The path of a family's module or of a part of one, by its name: see [`modules`].
pub(crate) fn module_path(name: &str) -> String {
    format!("worker/{name}.wasm")
}

/// Spawns a Worker for an environment.
pub(super) fn spawn() -> Result<Worker, PageError> {
    new_worker(&boot_url(), "palaestra environment")
        .map_err(|error| PageError::new(ErrorCode::LoadFailed, format!("{}: {}", url(BOOT), message(&error))))
}

/// Whether the script of a Worker may never have come. Each one that a browser goes on loading takes one of its few connections to
/// the site for ever: from then on a Worker is begun when its script has come.
pub(super) fn boot_is_doubtful() -> bool {
    SILENT.get() > 0
}

/// A Worker was ended before it gave a sign of life: its script may never have come.
pub(super) fn ended_in_silence() {
    SILENT.set(SILENT.get().saturating_add(1));
}

/// What of a family a Worker needs: the names of its files, of which the first is the module and the others are parts of it, those that
/// the purpose needs among them.
///
/// # Errors
/// [`ErrorCode::UnknownEnvironment`], with the id that was meant, for an id that no family has.
pub(crate) fn modules(id: &str, purpose: Purpose) -> Result<Vec<String>, PageError> {
    let entry = registry::entry(id);
    let Some(family) = entry.as_ref().and_then(Entry::family) else {
        let text = format!("expected the id of a registered environment, found `{id}`{}", registry::meant(id));
        return Err(PageError::new(ErrorCode::UnknownEnvironment, text));
    };
    let own = entry.as_ref().and_then(Entry::part);
    // No environment has a file of an expert that it has not.
    let has_expert = entry.as_ref().and_then(Entry::expert).is_some();
    let needed = purpose.parts().iter().filter(|part| has_expert || **part != EXPERT).map(|part| (*part).to_owned());
    let parts = own.into_iter().chain(needed).map(|part| format!("{family}_{part}"));
    Ok(std::iter::once(format!("{family}_bg")).chain(parts).collect())
}

/// A file that is waited for, until it has come or this is dropped.
pub(super) struct Loading(Option<Waiting>);

impl Loading {
    /// A family's module and its parts, compiled or, for a browser that refuses to clone a module, as bytes: a list. They begin to load
    /// at once.
    pub(super) fn modules(names: &[String], as_bytes: bool) -> Self {
        let addresses = names.iter().map(|name| url(&module_path(name))).collect();
        Self(Some(Waiting::new(addresses, !as_bytes)))
    }

    /// The module of policies in seats, likewise.
    ///
    /// # Errors
    /// [`ErrorCode::LoadFailed`] on a page whose script has every file within it, but not this one.
    pub(super) fn policies(as_bytes: bool) -> Result<Self, PageError> {
        let path = "policy/palaestra_policy_module_bg.wasm";
        let address = address_if_any(path, 0).map_err(|error| {
            let advice = "models play where the files lie beside the script, or where init({ base }) says";
            PageError::new(ErrorCode::LoadFailed, format!("{}: {advice}", message(&error)))
        })?;
        Ok(Self(Some(Waiting::new(vec![address], !as_bytes))))
    }

    /// A file of the page's, as its bytes.
    pub(super) fn file(address: &str) -> Self {
        Self(Some(Waiting::new(vec![address.to_owned()], false)))
    }

    /// The Worker's script, which the browser has at hand then.
    pub(super) fn boot() -> Self {
        Self(Some(Waiting::new(vec![boot_url()], false)))
    }

    /// What comes of it.
    pub(super) fn result(&self) -> impl Future<Output = Result<JsValue, PageError>> + use<> {
        let result = self.0.as_ref().map(Waiting::result);
        async move {
            let Some(result) = result else { return Err(PageError::closed()) };
            JsFuture::from(result).await.map_err(|error| PageError::new(ErrorCode::LoadFailed, message(&error)))
        }
    }

    /// It has come, or failed: there is nothing to give up any more.
    pub(super) fn over(mut self) {
        self.0 = None;
    }
}

impl Drop for Loading {
    fn drop(&mut self) {
        self.0.iter().for_each(Waiting::leave);
    }
}
