//! Steps that a script asks for and settles by itself: `codec/steps.js`.
use wasm_bindgen::prelude::*;

use crate::codec::StepRequests;
use crate::failing::Deferred;

/// Takes a request over whose reply is no plain one, by its number; without one, it hears that one has waited for too long.
pub(super) type Adopt = Closure<dyn FnMut(u32, Option<Deferred>)>;

/// Steps that a script asks for and settles by itself.
pub(super) struct ScriptSteps {
    requests: StepRequests,
    _adopt: Adopt,
}

impl ScriptSteps {
    pub(super) fn new(requests: StepRequests, adopt: Adopt) -> Self {
        Self { requests, _adopt: adopt }
    }

    /// Rejects what was asked for, and all to come; says how many they were.
    pub(super) fn reject(&self, error: &JsValue) -> u32 {
        self.requests.reject(error)
    }
}
