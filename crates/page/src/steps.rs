//! What `stepMany` gives.
use std::rc::Rc;

use js_sys::{Array, Float64Array};
use palaestra_env::environment::Phase;
use palaestra_env::{Returns, Spec, ValueReader};
use wasm_bindgen::prelude::*;

use crate::env::undecodable;
use crate::error::PageError;
use crate::returned::step_to_js;

/// The returns of many steps, kept as the bytes they came in and read when somebody asks.
#[wasm_bindgen]
pub struct Steps {
    spec: Rc<Spec>,
    count: u32,
    returns: Vec<u8>,
}

impl Steps {
    pub(crate) fn new(spec: &Rc<Spec>, count: u32, returns: &[u8]) -> Self {
        Self { spec: Rc::clone(spec), count, returns: returns.to_vec() }
    }
}

#[wasm_bindgen]
impl Steps {
    /// How many steps were done.
    #[wasm_bindgen(getter)]
    pub fn length(&self) -> u32 {
        self.count
    }

    /// All of them, each as `step` gives it.
    #[wasm_bindgen(js_name = toArray)]
    pub fn to_array(&self) -> Result<Array, JsValue> {
        let steps = Array::new();
        self.each(|returns| {
            steps.push(&step_to_js(&self.spec, returns));
        })?;
        Ok(steps)
    }

    /// Rewards, an agent after another within a step.
    #[wasm_bindgen(getter)]
    pub fn rewards(&self) -> Result<Float64Array, JsValue> {
        let mut rewards = Vec::new();
        self.each(|returns| rewards.extend_from_slice(&returns.outcome.rewards))?;
        Ok(Float64Array::from(&rewards[..]))
    }

    fn each(&self, mut visit: impl FnMut(&Returns)) -> Result<(), PageError> {
        let mut reader = ValueReader::new(&self.returns);
        for _ in 0..self.count {
            visit(&Returns::read_next(&self.spec, Phase::Step, &mut reader).map_err(undecodable)?);
        }
        Ok(())
    }
}
