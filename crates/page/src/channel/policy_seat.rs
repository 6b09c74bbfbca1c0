//! A policy for a seat: what a page asked for.
use std::cell::RefCell;

use js_sys::{Array, Function, Object, Uint8Array};
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
    /// As a record's header names it: with the hash of its file once that has come.
    pub(crate) name: RefCell<String>,
    /// In a match, what its terms say.
    pub(crate) terms: Option<Terms>,
    /// In a match, what has come: the SHA-256 of the file, and the manifest as JSON.
    pub(crate) loaded: RefCell<[String; 2]>,
}

/// What a match's terms say of a model.
#[derive(Debug)]
pub(crate) struct Terms {
    /// The address by which all sides' records name it.
    pub(crate) named: String,
    /// The SHA-256 of its file, where that is known.
    pub(crate) sha256: Option<String>,
    /// Gives the SHA-256 of a file, as a promise.
    pub(crate) digest: Function,
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
    /// The manifest with what is otherwise, and that as a plain value's bytes.
    pub(super) fn manifest_bytes(&self, manifest: &JsValue) -> Result<(JsValue, Uint8Array), PageError> {
        let wrong = |found: String| {
            PageError::argument(format!("{}.manifest: expected a JSON object, found {found}", self.place))
        };
        if !manifest.is_object() || Array::is_array(manifest) {
            return Err(wrong(js::shown(manifest)));
        }
        let manifest = Object::assign(&Object::new(), manifest.unchecked_ref()).into();
        self.overrides.iter().for_each(|(name, value)| js::set(&manifest, name, value));
        let bytes = plain_from(&manifest).map(|bytes| Uint8Array::from(&bytes[..])).map_err(wrong)?;
        Ok((manifest, bytes))
    }
}
