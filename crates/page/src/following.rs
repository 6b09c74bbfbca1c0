//! An environment that follows a match, for `watch`: what the Worker says goes to `watch/` as it is.
use js_sys::{Function, Promise, Uint8Array};
use palaestra_protocol::{Flags, Operation};
use wasm_bindgen::prelude::*;

use crate::env::EnvHandle;
use crate::options::reset_options;

#[wasm_bindgen]
impl EnvHandle {
    /// From now on it follows a match: `head` is a `Watch` of `palaestra_protocol` without its options. `hears` is given whatever the
    /// Worker says unasked, as bytes, and the error that ends it. See `watch/`.
    pub fn watch(&self, head: &[u8], options: &JsValue, hears: Function) -> Promise {
        let payload = match reset_options(options) {
            Ok(own) => [head, &own].concat(),
            Err(error) => return Promise::reject(&error.into()),
        };
        let failed = hears.clone();
        self.link.on_failure(move |error| drop(failed.call1(&JsValue::UNDEFINED, &error.into())));
        self.link.on_event(move |bytes| {
            // What it throws is its own business.
            drop(hears.call1(&JsValue::UNDEFINED, &Uint8Array::from(bytes)));
            Ok(())
        });
        self.ask(Operation::Watch, Flags::default(), &payload, self.deadlines.step, |_| Ok(JsValue::UNDEFINED))
    }

    /// `{observation, reward, terminated, truncated, info, action}` of what a step of a match returned.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn returned(&self, returns: &[u8], actions: &[u8]) -> Result<JsValue, JsValue> {
        self.codec.played(returns, actions, &[])
    }
}
