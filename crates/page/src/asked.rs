//! What a caller asks for, read from JavaScript with typed errors.
use js_sys::{Array, Object};
use palaestra_env::{Space, Spec, Value, ValueWriter};
use palaestra_protocol::ErrorCode;
use wasm_bindgen::prelude::*;

use crate::error::PageError;
use crate::plain_json::text_of;
use crate::{js, values};

/// Writes the joint action: a single agent's as it is, several agents' from an object keyed by agent.
pub(crate) fn write_action(spec: &Spec, action: &JsValue, out: &mut ValueWriter) -> Result<(), PageError> {
    let single = spec.agents.len() == 1;
    if !single && !action.is_object() {
        let example: Vec<String> = spec.agents.iter().map(|agent| format!("{agent}: …")).collect();
        let (example, found) = (example.join(", "), js::shown(action));
        return Err(PageError::new(ErrorCode::BadAction, format!("expected {{{example}}}, found {found}")));
    }
    if !single {
        // A misspelt agent would play what it was not told, and nobody would notice.
        let stranger = Object::keys(action.unchecked_ref::<Object>())
            .iter()
            .find_map(|name| name.as_string().filter(|name| !spec.agents.contains(name)));
        if let Some(stranger) = stranger {
            let known = spec.agents.join(", ");
            let message = format!("expected actions of {known}; found one of `{stranger}`");
            return Err(PageError::new(ErrorCode::BadAction, message));
        }
    }
    for (agent, space) in spec.agents.iter().zip(&spec.action_spaces) {
        let own = if single { action.clone() } else { js::get(action, agent) };
        out.value(
            &action_from(space, &own)
                .map_err(|message| PageError::new(ErrorCode::BadAction, format!("action of {agent}: {message}")))?,
        );
    }
    Ok(())
}

/// An agent's action from JavaScript; otherwise what was expected and what came.
pub(crate) fn action_from(space: &Space, action: &JsValue) -> Result<Value, String> {
    values::from_js(space, action)
        .ok_or_else(|| format!("expected {}; found {}", js::described(space), js::shown(action)))
}

/// Keyword arguments from a plain object, or none, as JSON text.
pub(crate) fn kwargs_from(kwargs: &JsValue) -> Result<String, PageError> {
    if kwargs.is_undefined() || kwargs.is_null() {
        return Ok("{}".to_owned());
    }
    let object = kwargs.is_object() && !Array::is_array(kwargs);
    let text = if object { text_of(kwargs) } else { Err("it is none".to_owned()) };
    text.map_err(|error| {
        PageError::argument(format!("kwargs: expected a plain object, found {} ({error})", js::shown(kwargs)))
    })
}

/// Reset options: a plain object, or none. What is in it is the environment's to judge.
pub(crate) fn reset_options(options: &JsValue) -> Result<JsValue, PageError> {
    let none = options.is_undefined() || options.is_null();
    if none || (options.is_object() && !Array::is_array(options)) {
        return Ok(options.clone());
    }
    let found = js::shown(options);
    Err(PageError::argument(format!("reset options: expected a plain object, found {found}")))
}

/// A seed from a whole number or a bigint below 2⁶⁴, or none.
pub(crate) fn seed_from(seed: &JsValue) -> Result<Option<u64>, PageError> {
    if seed.is_undefined() || seed.is_null() {
        return Ok(None);
    }
    let number = seed.as_f64().filter(|seed| seed.trunc() == *seed && (0.0..=9_007_199_254_740_991.0).contains(seed));
    let big = || seed.dyn_ref::<js_sys::BigInt>().and_then(|seed| u64::try_from(seed.clone()).ok());
    match number.map(|seed| seed as u64).or_else(big) {
        Some(seed) => Ok(Some(seed)),
        None => {
            let found = js::shown(seed);
            Err(PageError::argument(format!(
                "seed: expected a whole number from 0 to 2^53 - 1, or a bigint, found {found}"
            )))
        }
    }
}

/// A positive number of milliseconds, or its default.
pub(crate) fn milliseconds(options: &JsValue, name: &str, default: f64) -> Result<f64, PageError> {
    match js::given(options, name) {
        None => Ok(default),
        Some(value) => value.as_f64().filter(|ms| *ms > 0.0).ok_or_else(|| {
            PageError::argument(format!("{name}: expected milliseconds above 0, found {}", js::shown(&value)))
        }),
    }
}
