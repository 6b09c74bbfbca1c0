//! What `reset` and `step` return, as JavaScript values.
use palaestra_env::environment::Phase;
use palaestra_env::returns::info_space;
use palaestra_env::{Outcome, Returns, Spec};
use wasm_bindgen::prelude::*;

use crate::js;
use crate::values::to_js;

/// `{observation, info}` of a reset.
pub(crate) fn reset_to_js(spec: &Spec, returns: &Returns) -> JsValue {
    js::object(&[("observation", observation(spec, returns)), ("info", info(spec, Phase::Reset, returns))])
}

/// `{observation, reward, terminated, truncated, info}` of a step.
pub(crate) fn step_to_js(spec: &Spec, returns: &Returns) -> JsValue {
    let Outcome { rewards, terminated, truncated } = &returns.outcome;
    js::object(&[
        ("observation", observation(spec, returns)),
        ("reward", by_agent(spec, rewards.iter().map(|reward| (*reward).into()))),
        ("terminated", by_agent(spec, terminated.iter().map(|flag| (*flag).into()))),
        ("truncated", by_agent(spec, truncated.iter().map(|flag| (*flag).into()))),
        ("info", info(spec, Phase::Step, returns)),
    ])
}

/// A single agent's value as it is; several agents' keyed by agent, as in PettingZoo's parallel API.
pub(crate) fn by_agent(spec: &Spec, values: impl Iterator<Item = JsValue>) -> JsValue {
    let mut values = values;
    if spec.agents.len() == 1 {
        return values.next().unwrap_or(JsValue::UNDEFINED);
    }
    let object = js_sys::Object::new().into();
    spec.agents.iter().zip(values).for_each(|(agent, value)| js::set(&object, agent, &value));
    object
}

fn observation(spec: &Spec, returns: &Returns) -> JsValue {
    let one = |agent: usize| {
        // A shared observation is everybody's.
        let agent = agent.min(returns.observations.len().saturating_sub(1));
        match (spec.observation_spaces.get(agent), returns.observations.get(agent)) {
            (Some(space), Some(value)) => to_js(space, value),
            _ => JsValue::UNDEFINED,
        }
    };
    by_agent(spec, (0..spec.agents.len()).map(one))
}

fn info(spec: &Spec, phase: Phase, returns: &Returns) -> JsValue {
    to_js(info_space(spec, phase), &returns.info)
}
