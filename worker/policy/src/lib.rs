//! What becomes the `.wasm` of policies in seats. It lies beside the family's module in the same Worker, which asks it through
//! `palaestra_host`: bytes in, bytes out.
use palaestra_env::{Policy, SeededRng, Space, Spec, StateReader, StateWriter, Value, ValueWriter};
use palaestra_heap as _;
use palaestra_policy::{Manifest, ModelPolicy, PolicyError};
use palaestra_protocol::read_kwargs;
use wasm_bindgen::prelude::*;

/// A policy in a seat.
#[wasm_bindgen]
pub struct SeatPolicy {
    policy: ModelPolicy,
    action: Value,
    out: ValueWriter,
}

#[wasm_bindgen]
impl SeatPolicy {
    /// Seats an ONNX model for agent number `agent` of the environment with these spec's bytes; `manifest` is a plain value's,
    /// `observation` is the environment's keyword argument of that name, empty where it was given none.
    ///
    /// # Errors
    /// What does not fit, as text.
    #[wasm_bindgen(constructor)]
    pub fn new(
        spec: &[u8],
        agent: u32,
        model: &[u8],
        manifest: &[u8],
        observation: &str,
    ) -> Result<SeatPolicy, JsValue> {
        let spec = Spec::from_bytes(spec).map_err(|error| JsValue::from(error.to_string()))?;
        let manifest = read_kwargs(manifest)
            .and_then(|fields| Manifest::read(&fields).map_err(|error| PolicyError::Manifest(error).to_string()));
        let manifest = manifest.map_err(JsValue::from)?;
        let agent = agent as usize;
        if let Some(expected) = manifest.observation.as_deref().filter(|expected| *expected != observation) {
            let found = if observation.is_empty() { "none" } else { observation };
            let text = format!("expected kwargs with `observation: '{expected}'`, found {found}");
            return Err(text.into());
        }
        let policy =
            ModelPolicy::new(&spec, agent, model, &manifest).map_err(|error| JsValue::from(error.to_string()))?;
        let action = Value::blank(spec.action_spaces.get(agent).unwrap_or(&Space::None));
        Ok(Self { policy, action, out: ValueWriter::new() })
    }

    /// The action for a tick, behind the generator as it then is. `rng` is the generator as it is; bytes that are none give
    /// nothing.
    pub fn act(&mut self, observation: &[u8], rng: &[u8]) -> Vec<u8> {
        let Some(mut rng) = rng.try_into().ok().and_then(|rng| SeededRng::from_bytes(rng).ok()) else {
            return Vec::new();
        };
        self.policy.decide(observation, &mut rng, &mut self.action);
        self.out.clear();
        self.out.u8s(&rng.to_bytes());
        self.out.value(&self.action);
        self.out.bytes().to_vec()
    }

    /// An episode begins.
    pub fn reset(&mut self) {
        self.policy.reset();
    }

    /// Its memory, always as many bytes.
    pub fn save(&self) -> Vec<u8> {
        let mut state = StateWriter::new();
        self.policy.save(&mut state);
        state.into_bytes()
    }

    /// Takes a memory back. False for bytes that are none.
    pub fn restore(&mut self, state: &[u8]) -> bool {
        let mut state = StateReader::new(state);
        self.policy.restore(&mut state).is_ok() && state.finish().is_ok()
    }
}
