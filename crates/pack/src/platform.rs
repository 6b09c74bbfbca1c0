//! What packing and replaying ask of their Worker: `worker/verifier/boot.js` provides it.
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

    /// A Blob's bytes, decompressed where they are gzip: a Uint8Array.
    #[wasm_bindgen(method, catch)]
    async fn read(this: &Platform, blob: &JsValue) -> Result<JsValue, JsValue>;

    /// The same piece by piece.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn pieces(this: &Platform, blob: &JsValue) -> Result<Pieces, JsValue>;

    /// A file that is read.
    pub(crate) type Pieces;

    /// The next piece: a Uint8Array, or `undefined` at the end.
    #[wasm_bindgen(method, catch)]
    async fn next(this: &Pieces) -> Result<JsValue, JsValue>;

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

    /// Whether that Worker's script is a module; else it is a classic one.
    #[wasm_bindgen(method, getter, js_name = bootsModule)]
    pub(crate) fn boots_module(this: &Platform) -> bool;

    /// Loads a family's module and its parts beside this one, each from an address or a Blob.
    #[wasm_bindgen(method, catch)]
    pub(crate) async fn load(this: &Platform, modules: &js_sys::Array) -> Result<JsValue, JsValue>;

    /// A stretch of a Blob, at once.
    #[wasm_bindgen(method, catch)]
    pub(crate) fn slice(this: &Platform, blob: &JsValue, from: f64, to: f64) -> Result<Vec<u8>, JsValue>;

    /// Puts a piece into a table, at once.
    #[wasm_bindgen(method)]
    pub(crate) fn put(this: &Platform, piece: &[u8]);

    /// A family's module: see `palaestra_worker`.
    #[derive(Clone)]
    pub(crate) type Family;

    #[wasm_bindgen(method, catch)]
    fn replay(this: &Family, make: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn ask(this: &Family, request: &[u8]) -> Result<Vec<u8>, JsValue>;
}

impl Platform {
    /// A Blob's bytes, decompressed where they are gzip.
    pub(crate) async fn bytes(&self, blob: &JsValue) -> Result<Vec<u8>, String> {
        let bytes = self.read(blob).await.map_err(|error| message(&error))?;
        Ok(Uint8Array::new(&bytes).to_vec())
    }
}

impl Pieces {
    /// The next piece; nothing at the end.
    pub(crate) async fn bytes(&self) -> Result<Option<Vec<u8>>, String> {
        let piece = self.next().await.map_err(|error| message(&error))?;
        Ok((!piece.is_undefined()).then(|| Uint8Array::new(&piece).to_vec()))
    }
}

impl Family {
    /// Makes an environment in this module.
    pub(crate) fn player(self, id: &str, kwargs: &Kwargs) -> Result<Remote<Self>, String> {
        let make =
            object(&[("envId", id.into()), ("kwargs", js_sys::Uint8Array::from(&write_kwargs(kwargs)[..]).into())])?;
        let spec = self.replay(&make).map_err(|error| message(&error))?;
        let spec = Spec::from_bytes(&Uint8Array::new(&spec).to_vec()).map_err(|error| format!("spec: {error}"))?;
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
