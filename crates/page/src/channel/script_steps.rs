//! Steps that a script asks for and settles by itself: `codec/steps.js`.
use wasm_bindgen::prelude::*;

use crate::codec::StepRequests;
use crate::failing::{Deferred, let_go_of_requests};

/// A request of a script, whose reply is no plain one.
pub(super) type Adopt = Closure<dyn FnMut(u32, Deferred)>;

/// Steps that a script asks for and settles by itself.
pub(super) struct ScriptSteps {
    requests: StepRequests,
    _adopt: Adopt,
}

impl ScriptSteps {
    pub(super) fn new(requests: StepRequests, adopt: Adopt) -> Self {
        Self { requests, _adopt: adopt }
    }

    /// Counts milliseconds; says whether a step has waited for too long.
    pub(super) fn wait(&self, elapsed_ms: f64) -> bool {
        self.requests.wait(elapsed_ms)
    }

    /// Rejects what was asked for, and all to come; says how many they were.
    pub(super) fn reject(&self, error: &JsValue) -> u32 {
        self.requests.reject(error)
    }
}

impl Drop for ScriptSteps {
    fn drop(&mut self) {
        let_go_of_requests(&self.requests);
    }
}
