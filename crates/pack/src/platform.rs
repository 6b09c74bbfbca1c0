//! What the job asks of its Worker: `worker/verifier/boot.js` provides it.
use std::cell::RefCell;

use palaestra_env::{Kwargs, Spec};
use palaestra_protocol::write_kwargs;
use wasm_bindgen::prelude::*;

use crate::remote::{Answers, Remote};

#[wasm_bindgen]
extern "C" {
    /// What only JavaScript can do here.
    #[derive(Clone)]
    pub type Platform;

    /// Compresses.
    #[wasm_bindgen(method, catch)]
    pub(crate) async fn gzip(this: &Platform, bytes: &[u8]) -> Result<JsValue, JsValue>;

    /// Decompresses.
    #[wasm_bindgen(method, catch)]
    pub(crate) async fn gunzip(this: &Platform, bytes: &[u8]) -> Result<JsValue, JsValue>;

    /// Loads a family's module beside this one.
    #[wasm_bindgen(method, catch)]
    pub(crate) async fn load(this: &Platform, family: &str) -> Result<JsValue, JsValue>;

    /// A family's module: see `palaestra_worker`.
    pub(crate) type Family;

    #[wasm_bindgen(method, catch)]
    fn replay(this: &Family, make: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn ask(this: &Family, request: &[u8]) -> Result<Vec<u8>, JsValue>;
}

thread_local! {
    static PLATFORM: RefCell<Option<Platform>> = const { RefCell::new(None) };
}

/// Says what the Worker provides, before the first job.
pub fn provide(platform: Platform) {
    PLATFORM.set(Some(platform));
}

pub(crate) fn provided() -> Result<Platform, String> {
    PLATFORM.with_borrow(Clone::clone).ok_or_else(|| "expected a Worker that provides what packing needs".to_owned())
}

impl Family {
    /// Makes an environment in this module.
    pub(crate) fn player(self, id: &str, kwargs: &Kwargs) -> Result<Remote<Self>, String> {
        let make =
            object(&[("envId", id.into()), ("kwargs", js_sys::Uint8Array::from(&write_kwargs(kwargs)[..]).into())])?;
        let spec = self.replay(&make).map_err(|error| message(&error))?;
        let spec: Spec = serde_wasm_bindgen::from_value(spec).map_err(|error| format!("spec: {error}"))?;
        Ok(Remote::new(self, spec))
    }
}

impl Answers for Family {
    fn ask(&mut self, request: &[u8]) -> Result<Vec<u8>, String> {
        Family::ask(self, request).map_err(|error| message(&error))
    }
}

fn object(fields: &[(&str, JsValue)]) -> Result<JsValue, String> {
    let object = js_sys::Object::new().into();
    for (name, value) in fields {
        js_sys::Reflect::set(&object, &JsValue::from_str(name), value).map_err(|error| message(&error))?;
    }
    Ok(object)
}

/// An exception's own message.
pub(crate) fn message(exception: &JsValue) -> String {
    let own = js_sys::Reflect::get(exception, &JsValue::from_str("message")).ok().and_then(|text| text.as_string());
    own.or_else(|| exception.as_string()).unwrap_or_else(|| "an exception without a message".to_owned())
}
