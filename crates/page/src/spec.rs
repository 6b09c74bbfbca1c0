//! The spec that the Worker sends.
use js_sys::Uint8Array;
use palaestra_env::Spec;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(module = "/src/codec/spec.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = readSpec)]
    fn read_spec(bytes: &JsValue) -> Result<JsValue, JsValue>;
}

/// A spec on JavaScript's side.
#[derive(Clone, Default)]
pub(crate) struct SpecJs {
    /// As the page sees it: `{id, agents, actionSpaces, …}`.
    pub(crate) object: JsValue,
    /// Its bytes, a Uint8Array: see [`Spec::from_bytes`].
    pub(crate) bytes: JsValue,
}

/// A spec and what JavaScript has of it; nothing where these are no spec's bytes.
pub(crate) fn spec_from(bytes: JsValue) -> Option<(Spec, SpecJs)> {
    let spec = Spec::from_bytes(&bytes.dyn_ref::<Uint8Array>()?.to_vec()).ok()?;
    let object = read_spec(&bytes).ok()?;
    Some((spec, SpecJs { object, bytes }))
}
