//! Policies for seats of a game: their files, and what the Worker is told of them.
use std::pin::Pin;
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, Promise, Uint8Array};
use palaestra_env::StateWriter;
use palaestra_protocol::ErrorCode;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::link::Link;
use super::module::{Loading, url};
use super::policy_seat::{Manifest, PolicySeat, Terms};
use crate::error::PageError;
use crate::js;

/// What the Worker's first message says of policies, when it is there. None where the Worker was closed meanwhile.
type Told = Pin<Box<dyn Future<Output = Option<Result<JsValue, PageError>>>>>;

/// The script that a Worker seats policies with.
const SCRIPT: &str = "policy/seat.js";

/// The most bytes of a model, which the Worker would refuse as well (`palaestra_onnx`'s limits), and of a manifest. What is larger is not
/// copied into this module.
const MOST_MODEL: u32 = 64 << 20;
const MOST_MANIFEST: u32 = 1 << 20;

impl Link {
    /// Loads these policies, for one seat at least. In a part of its own of the module, with what reads such seats.
    #[inline(never)]
    pub(super) fn load_policies(&self, seats: Vec<Rc<PolicySeat>>, by_bytes: bool) -> Told {
        let link = self.clone();
        Box::pin(async move { link.told_of_policies(&seats, by_bytes).await })
    }

    async fn told_of_policies(&self, seats: &[Rc<PolicySeat>], by_bytes: bool) -> Option<Result<JsValue, PageError>> {
        let observation = seats.first().map_or("", |first| &first.observation);
        let loading = match Loading::policies(by_bytes) {
            Ok(loading) => loading,
            Err(error) => return Some(Err(error)),
        };
        let module = match self.load_one(loading).await? {
            Ok(module) => module,
            Err(error) => return Some(Err(error)),
        };
        let list = Array::new();
        for seat in seats {
            match self.load_policy(seat).await? {
                Ok(policy) => list.push(&policy),
                Err(error) => return Some(Err(error)),
            };
        }
        Some(Ok(js::object(&[
            ("script", url(SCRIPT).into()),
            ("module", module),
            ("observation", observation.into()),
            ("list", list.into()),
        ])))
    }

    /// The one file of a list.
    async fn load_one(&self, loading: Loading) -> Option<Result<JsValue, PageError>> {
        let files = self.load(loading).await?;
        Some(files.map(|files| files.unchecked_into::<Array>().get(0)))
    }

    async fn load_policy(&self, seat: &PolicySeat) -> Option<Result<JsValue, PageError>> {
        let model = match self.load_one(Loading::file(&seat.onnx)).await? {
            Ok(model) => model,
            Err(error) => return Some(Err(error)),
        };
        let manifest = match &seat.manifest {
            Manifest::Given(manifest) => Ok(manifest.clone()),
            Manifest::At(address) => match self.load_one(Loading::file(address)).await? {
                Ok(file) => bytes_of(&file, MOST_MANIFEST)
                    .and_then(|bytes| read_json(&bytes, address))
                    .map_err(|found| seat.wrong("manifest", &found)),
                Err(error) => return Some(Err(error)),
            },
        };
        let agreed = match &seat.terms {
            Some(terms) => terms.agreed(&seat.place, &model).await.map(Some),
            None => Ok(None),
        };
        Some(manifest.and_then(|manifest| seat.described(&model, &manifest, agreed?)))
    }
}

impl PolicySeat {
    /// What the Worker is told of it; `agreed` is the SHA-256 of a match's model.
    fn described(&self, model: &JsValue, manifest: &JsValue, agreed: Option<String>) -> Result<JsValue, PageError> {
        let bytes = bytes_of(model, MOST_MODEL).map_err(|found| self.wrong("onnx", &found))?;
        let (whole, manifest) = self.manifest_bytes(manifest)?;
        let name = if let Some((terms, found)) = self.terms.as_ref().zip(agreed) {
            let name = format!("onnx {} sha256:{found}", terms.named);
            self.loaded.replace([found, js::json(&whole)]);
            name
        } else {
            let mut hashed = StateWriter::new();
            bytes.into_iter().for_each(|byte| hashed.u8(byte));
            format!("onnx {} xxh64:{:016x}", self.onnx, hashed.hash())
        };
        self.name.replace(name);
        let agent = self.agent as u32;
        Ok(js::object(&[("agent", agent.into()), ("model", model.clone()), ("manifest", manifest.into())]))
    }

    fn wrong(&self, what: &str, found: &str) -> PageError {
        PageError::argument(format!("{}.{what}: {found}", self.place))
    }
}

impl Terms {
    /// The SHA-256 of a match's model, if it is the one that the match's terms name.
    async fn agreed(&self, place: &str, model: &JsValue) -> Result<String, PageError> {
        let failed = |text: String| PageError::new(ErrorCode::MatchFailed, format!("{place}: {text}"));
        let promise = self
            .digest
            .call1(&JsValue::UNDEFINED, model)
            .map(|promise| JsFuture::from(promise.unchecked_into::<Promise>()));
        let found = match promise {
            Ok(digest) => digest.await,
            Err(error) => Err(error),
        };
        let found = found.map_err(|error| failed(js::message(&error)))?.as_string().unwrap_or_default();
        match self.sha256.as_ref().filter(|expected| **expected != found) {
            Some(expected) => Err(failed(format!(
                "wrong_model: expected the match's model, with sha256 {expected}, found one with sha256 {found}"
            ))),
            None => Ok(found),
        }
    }
}

/// What a manifest's file says, with or without a byte order mark.
fn read_json(file: &[u8], address: &str) -> Result<JsValue, String> {
    let text = String::from_utf8_lossy(file);
    js_sys::JSON::parse(text.trim_start_matches('\u{feff}')).map_err(|error| {
        let found = js::message(&error);
        format!("expected a JSON object at {address}, found other text: {found}")
    })
}

/// A file's bytes, if there are at most so many.
fn bytes_of(file: &JsValue, most: u32) -> Result<Vec<u8>, String> {
    let Some(buffer) = file.dyn_ref::<ArrayBuffer>() else { return Ok(Vec::new()) };
    let length = buffer.byte_length();
    if length > most {
        return Err(format!("expected a file of at most {most} bytes, found {length}"));
    }
    Ok(Uint8Array::new(buffer).to_vec())
}
