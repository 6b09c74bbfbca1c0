//! A policy for a seat: what a page asked for.
use std::cell::Cell;

use js_sys::{Array, Object, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::error::PageError;
use crate::js;
use crate::plain::plain_from;

/// A policy for a seat.
#[derive(Debug)]
pub(crate) struct PolicySeat {
    pub(crate) agent: usize,
    /// What it is called in messages.
    pub(crate) place: String,
    /// The address of the model.
    pub(crate) onnx: String,
    pub(crate) manifest: Manifest,
    /// Fields that are otherwise than in the manifest.
    pub(crate) overrides: Vec<(&'static str, JsValue)>,
    /// The environment's keyword argument of this name; empty for none.
    pub(crate) observation: String,
    /// xxHash64 of the model, once it has come.
    pub(crate) hash: Cell<Option<u64>>,
}

/// Where a manifest is.
#[derive(Debug)]
pub(crate) enum Manifest {
    /// Here: an object.
    Given(JsValue),
    /// JSON at an address.
    At(String),
}

impl PolicySeat {
    /// As a record's header names it.
    pub(crate) fn name(&self) -> String {
        let hash = self.hash.get().map(|hash| format!(" xxh64:{hash:016x}")).unwrap_or_default();
        format!("onnx {}{hash}", self.onnx)
    }

    /// The manifest as a plain value's bytes, with what is otherwise.
    pub(super) fn manifest_bytes(&self, manifest: &JsValue) -> Result<Uint8Array, PageError> {
        let wrong = |found: String| {
            PageError::argument(format!("{}.manifest: expected a JSON object, found {found}", self.place))
        };
        if !manifest.is_object() || Array::is_array(manifest) {
            return Err(wrong(js::shown(manifest)));
        }
        let manifest = Object::assign(&Object::new(), manifest.unchecked_ref()).into();
        self.overrides.iter().for_each(|(name, value)| js::set(&manifest, name, value));
        plain_from(&manifest).map(|bytes| Uint8Array::from(&bytes[..])).map_err(wrong)
    }
}
