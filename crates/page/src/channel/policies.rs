//! Policies for seats of a game: their files, and what the Worker is told of them.
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, Uint8Array};
use palaestra_env::StateWriter;
use wasm_bindgen::prelude::*;

use super::link::Link;
use super::module::{Loading, url};
use super::policy_seat::{Manifest, PolicySeat};
use crate::error::PageError;
use crate::js;

/// The script that a Worker seats policies with.
const SCRIPT: &str = "policy/seat.js";

impl Link {
    /// Policies for seats of the game, which are asked for before the environment is made.
    pub(crate) fn seat(&self, policies: Vec<Rc<PolicySeat>>) {
        self.0.policies.replace(policies);
    }

    /// What the Worker's first message says of policies: nothing where there are none. None where this was closed meanwhile.
    pub(super) async fn load_policies(&self, by_bytes: bool) -> Option<Result<JsValue, PageError>> {
        let seats = self.0.policies.borrow().clone();
        let Some(first) = seats.first() else { return Some(Ok(JsValue::UNDEFINED)) };
        let loading = match Loading::policies(by_bytes) {
            Ok(loading) => loading,
            Err(error) => return Some(Err(error)),
        };
        let module = match self.load_one(loading).await? {
            Ok(module) => module,
            Err(error) => return Some(Err(error)),
        };
        let list = Array::new();
        for seat in &seats {
            match self.load_policy(seat).await? {
                Ok(policy) => list.push(&policy),
                Err(error) => return Some(Err(error)),
            };
        }
        Some(Ok(js::object(&[
            ("script", url(SCRIPT).into()),
            ("module", module),
            ("observation", first.observation.as_str().into()),
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
            Manifest::Given(manifest) => manifest.clone(),
            Manifest::At(address) => match self.load_one(Loading::file(address)).await? {
                Ok(bytes) => js::parsed(&String::from_utf8_lossy(&bytes_of(&bytes))),
                Err(error) => return Some(Err(error)),
            },
        };
        let mut hashed = StateWriter::new();
        bytes_of(&model).into_iter().for_each(|byte| hashed.u8(byte));
        seat.hash.set(Some(hashed.hash()));
        let manifest = seat.manifest_bytes(&manifest);
        Some(manifest.map(|manifest| {
            js::object(&[("agent", (seat.agent as u32).into()), ("model", model), ("manifest", manifest.into())])
        }))
    }
}

fn bytes_of(file: &JsValue) -> Vec<u8> {
    file.dyn_ref::<ArrayBuffer>().map(|buffer| Uint8Array::new(buffer).to_vec()).unwrap_or_default()
}
