//! Policies in seats, which are another module's in the same Worker: `worker/policy`.
use js_sys::{Array, Function};
use palaestra_env::policy::View;
use palaestra_env::{Policy, RestoreError, SeededRng, StateReader, StateWriter, Value, ValueReader, ValueWriter};
use palaestra_play::simulation::GivenPolicies;
use palaestra_protocol::{ErrorCode, Failure};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// `SeatPolicy` of `worker/policy`.
    type SeatPolicy;

    #[wasm_bindgen(method)]
    fn act(this: &SeatPolicy, observation: &[u8], rng: &[u8]) -> Vec<u8>;

    #[wasm_bindgen(method)]
    fn reset(this: &SeatPolicy);

    #[wasm_bindgen(method)]
    fn save(this: &SeatPolicy) -> Vec<u8>;

    #[wasm_bindgen(method)]
    fn restore(this: &SeatPolicy, state: &[u8]) -> bool;
}

/// A policy of the other module.
struct Seated {
    policy: SeatPolicy,
    /// How many bytes its memory has.
    remembers: usize,
    observation: ValueWriter,
    /// The memory as it is read.
    state: Vec<u8>,
}

/// Seats policies at an environment: `seat` gives, for its spec, pairs of an agent's number and a policy.
///
/// # Errors
/// [`ErrorCode::BadArgument`], with what it says, where it throws.
pub(crate) fn seat(seat: &JsValue, spec: &JsValue) -> Result<GivenPolicies, Failure> {
    seat.dyn_ref::<Function>().map_or_else(|| Ok(GivenPolicies::new()), |seat| seat_with(seat, spec))
}

/// A function of its own: a game without a policy does without the part of the module that has it.
#[inline(never)]
fn seat_with(seat: &Function, spec: &JsValue) -> Result<GivenPolicies, Failure> {
    let pairs = seat.call1(&JsValue::UNDEFINED, spec).map_err(|error| {
        let message = error.dyn_ref::<js_sys::Error>().map(|error| String::from(error.message()));
        Failure::new(ErrorCode::BadArgument, message.unwrap_or_else(|| "seats: expected policies".to_owned()))
    })?;
    let mut seated = GivenPolicies::new();
    for pair in Array::from(&pairs).iter() {
        let pair = Array::from(&pair);
        let policy: SeatPolicy = pair.get(1).unchecked_into();
        let remembers = policy.save().len();
        let (observation, state) = (ValueWriter::new(), Vec::new());
        let policy = Seated { policy, remembers, observation, state };
        seated.push((pair.get(0).as_f64().unwrap_or_default() as usize, Box::new(policy)));
    }
    Ok(seated)
}

impl Policy for Seated {
    fn act(&mut self, view: View<'_>, rng: &mut SeededRng, action: &mut Value) {
        self.observation.clear();
        view.observe(&mut self.observation);
        let acted = self.policy.act(self.observation.bytes(), &rng.to_bytes());
        let Some((generator, bytes)) = acted.split_first_chunk() else { return };
        if let Ok(generator) = SeededRng::from_bytes(generator) {
            *rng = generator;
        }
        let mut reader = ValueReader::new(bytes);
        // What it writes is a member of the agent's space.
        let _ = view.read_action(&mut reader, action);
    }

    fn reset(&mut self) {
        self.policy.reset();
    }

    fn save(&self, out: &mut StateWriter) {
        self.policy.save().into_iter().for_each(|byte| out.u8(byte));
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        self.state.clear();
        for _ in 0..self.remembers {
            self.state.push(state.u8()?);
        }
        if self.policy.restore(&self.state) { Ok(()) } else { Err(RestoreError::Invalid { field: "policy" }) }
    }
}
