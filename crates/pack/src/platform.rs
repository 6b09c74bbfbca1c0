//! What packing and replaying ask of their Worker: `worker/verifier/boot.js` provides it.
use std::io;

use js_sys::Uint8Array;
use palaestra_env::{Kwargs, Spec};
use palaestra_protocol::write_kwargs;
use wasm_bindgen::prelude::*;

use crate::remote::{Answers, Remote};

#[wasm_bindgen]
extern "C" {
    /// What only JavaScript can do here.
    #[derive(Clone)]
    pub type Platform;

    /// Reads a part of a Blob, at once: from a byte to before another.
    #[wasm_bindgen(method, catch)]
    fn read(this: &Platform, blob: &JsValue, from: f64, to: f64) -> Result<Uint8Array, JsValue>;

    /// Puts a piece into the file.
    #[wasm_bindgen(method, catch)]
    pub(crate) async fn write(this: &Platform, piece: &[u8]) -> Result<JsValue, JsValue>;

    /// Ends the file, and gives it: a Blob.
    #[wasm_bindgen(method, catch)]
    pub(crate) async fn finish(this: &Platform) -> Result<JsValue, JsValue>;

    /// Tells the page something.
    #[wasm_bindgen(method)]
    pub(crate) fn tell(this: &Platform, message: &JsValue);

    /// The address that a nested Worker boots from; an exception where there is no such Worker.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn boot(this: &Platform) -> Result<String, JsValue>;

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

impl Platform {
    /// A Blob's bytes, all of them.
    pub(crate) fn bytes(&self, blob: &JsValue) -> Result<Vec<u8>, String> {
        let bytes = self.read(blob, 0.0, size(blob)).map_err(|error| message(&error))?;
        Ok(bytes.to_vec())
    }
}

/// Reads a Blob from its beginning to its end, of which only a part is in memory.
pub(crate) struct BlobReader {
    platform: Platform,
    blob: JsValue,
    at: f64,
    size: f64,
}

impl BlobReader {
    pub(crate) fn new(platform: Platform, blob: JsValue) -> Self {
        let size = size(&blob);
        Self { platform, blob, at: 0.0, size }
    }
}

impl io::Read for BlobReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let to = self.size.min(self.at + out.len() as f64);
        let bytes = self.platform.read(&self.blob, self.at, to).map_err(|error| io::Error::other(message(&error)))?;
        let length = (bytes.length() as usize).min(out.len());
        let place = out.get_mut(..length).unwrap_or_default();
        bytes.copy_to(place);
        self.at += length as f64;
        Ok(length)
    }
}

fn size(blob: &JsValue) -> f64 {
    js_sys::Reflect::get(blob, &JsValue::from_str("size")).ok().and_then(|size| size.as_f64()).unwrap_or_default()
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

pub(crate) fn object(fields: &[(&str, JsValue)]) -> Result<JsValue, String> {
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
