//! What a caller asks for, read from JavaScript with typed errors.
use js_sys::{BigInt, Function, Object};
use palaestra_env::{Space, Spec, Value, ValueWriter};
use palaestra_protocol::{ErrorCode, InputMode};
use wasm_bindgen::prelude::*;

use crate::error::PageError;
use crate::js::LARGEST;
use crate::plain::{json_text, object_from, plain_from};
use crate::{js, values};

/// The bytes of an object without properties: its kind and how many there are.
const EMPTY: usize = 5;

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
            let meant = js::meant(&stranger, spec.agents.clone());
            let message = format!("expected actions of {known}; found one of `{stranger}`{meant}");
            return Err(PageError::new(ErrorCode::BadAction, message));
        }
    }
    for (agent, space) in spec.agents.iter().zip(&spec.action_spaces) {
        let own = if single { action.clone() } else { js::get(action, agent) };
        let action = values::read(space, &own).filter(|action| spec.takes(space, action));
        let refused = || PageError::new(ErrorCode::BadAction, format!("action of {agent}: {}", refusal(space, &own)));
        out.value(&action.ok_or_else(refused)?);
    }
    Ok(())
}

/// An agent's action from JavaScript; otherwise what was expected and what came.
pub(crate) fn action_from(space: &Space, action: &JsValue) -> Result<Value, String> {
    values::from_js(space, action).ok_or_else(|| refusal(space, action))
}

/// The bytes of an agent's action, one that its environment takes; otherwise what was expected and what came.
pub(crate) fn action_bytes_of(spec: &Spec, space: &Space, action: &JsValue) -> Result<Vec<u8>, String> {
    let value = values::read(space, action).filter(|action| spec.takes(space, action));
    Ok(written(&value.ok_or_else(|| refusal(space, action))?))
}

/// The bytes of a member of a space.
pub(crate) fn written(value: &Value) -> Vec<u8> {
    let mut bytes = ValueWriter::new();
    bytes.value(value);
    bytes.bytes().to_vec()
}

fn refusal(space: &Space, action: &JsValue) -> String {
    format!("expected {}; found {}", js::described(space), js::shown(action))
}

/// Keyword arguments from a plain object, or none, as a plain value's bytes: none where it is empty.
pub(crate) fn kwargs_from(kwargs: &JsValue) -> Result<Vec<u8>, PageError> {
    let bytes = plain_object("kwargs", kwargs)?;
    Ok(if bytes.len() > EMPTY { bytes } else { Vec::new() })
}

/// Keyword arguments as the record's header has them: always an object.
pub(crate) fn kwargs_text(kwargs: &[u8]) -> String {
    if kwargs.is_empty() { "{}".to_owned() } else { json_text(kwargs) }
}

/// Reset options from a plain object, or none, as a plain value's bytes. What is in it is the environment's to judge.
pub(crate) fn reset_options(options: &JsValue) -> Result<Vec<u8>, PageError> {
    plain_object("reset options", options)
}

/// The bytes of a plain object; none for nothing.
fn plain_object(name: &str, value: &JsValue) -> Result<Vec<u8>, PageError> {
    if value.is_undefined() || value.is_null() { Ok(Vec::new()) } else { object_from(name, value) }
}

#[wasm_bindgen(module = "/src/page.js")]
extern "C" {
    #[wasm_bindgen(js_name = freshSeed)]
    fn draw_seed() -> f64;
}

/// A seed that nobody chose.
pub(crate) fn fresh_seed() -> u64 {
    draw_seed() as u64
}

/// A seed as JavaScript has it: a number, or a bigint where that would not be exact.
pub(crate) fn seed_js(seed: u64) -> JsValue {
    let number = seed as f64;
    if number <= LARGEST { number.into() } else { BigInt::from(seed).into() }
}

/// A seed from a whole number or a bigint below 2⁶⁴, or none.
pub(crate) fn seed_from(seed: &JsValue) -> Result<Option<u64>, PageError> {
    if seed.is_undefined() || seed.is_null() {
        return Ok(None);
    }
    let number = seed.as_f64().filter(|seed| seed.trunc() == *seed && (0.0..=LARGEST).contains(seed));
    let big = || seed.dyn_ref::<BigInt>().and_then(|seed| u64::try_from(seed.clone()).ok());
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
#[inline(never)]
pub(crate) fn milliseconds(options: &JsValue, name: &str, default: f64) -> Result<f64, PageError> {
    match js::given(options, name) {
        None => Ok(default),
        Some(value) => js::as_number(&value).filter(|ms| *ms > 0.0).ok_or_else(|| {
            PageError::argument(format!("{name}: expected milliseconds above 0, found {}", js::shown(&value)))
        }),
    }
}

/// A number in a range.
pub(crate) fn number(
    options: &JsValue,
    name: &str,
    range: std::ops::RangeInclusive<f64>,
    expected: &str,
) -> Result<Option<f64>, PageError> {
    js::given(options, name)
        .map(|value| {
            let number = js::as_number(&value).filter(|number| range.contains(number));
            number
                .ok_or_else(|| PageError::argument(format!("{name}: expected {expected}, found {}", js::shown(&value))))
        })
        .transpose()
}

/// A whole number from 1 on.
pub(crate) fn whole(options: &JsValue, name: &str) -> Result<Option<u64>, PageError> {
    whole_from(options, name, 1)
}

/// A whole number from a least one on.
pub(crate) fn whole_from(options: &JsValue, name: &str, least: u32) -> Result<Option<u64>, PageError> {
    js::given(options, name)
        .map(|value| {
            let number = js::as_number(&value)
                .filter(|number| number.trunc() == *number && (f64::from(least)..=9.0e15).contains(number));
            let expected = || {
                PageError::argument(format!(
                    "{name}: expected a whole number from {least} on, found {}",
                    js::shown(&value)
                ))
            };
            number.map(|number| number as u64).ok_or_else(expected)
        })
        .transpose()
}

/// A flag, or its default.
#[inline(never)]
pub(crate) fn flag(options: &JsValue, name: &str, default: bool) -> Result<bool, PageError> {
    match js::given(options, name) {
        None => Ok(default),
        Some(value) => value
            .as_bool()
            .ok_or_else(|| PageError::argument(format!("{name}: expected true or false, found {}", js::shown(&value)))),
    }
}

/// How keys become actions.
///
/// # Errors
/// [`PageError`] for another name than the two.
#[inline(never)]
pub(crate) fn mode(options: &JsValue, default: InputMode) -> Result<InputMode, PageError> {
    match js::given(options, "inputMode") {
        None => Ok(default),
        Some(mode) => match mode.as_string().as_deref() {
            Some("pressed_keys") => Ok(InputMode::PressedKeys),
            Some("single_keystroke") => Ok(InputMode::SingleKeystroke),
            _ => {
                let found = js::shown(&mode);
                Err(PageError::argument(format!("inputMode: expected pressed_keys or single_keystroke, found {found}")))
            }
        },
    }
}

/// The longest JSON that a page may put into a record's header beside what is there, in bytes of text.
const MOST_JSON: usize = 1 << 16;

/// What a page has to say of a session, for the header of its record: names in order, and JSON texts.
pub(crate) type Said = Vec<(&'static str, String)>;

/// Puts a name and its JSON where it belongs. (A sort that can do more takes as much code as all of this file's errors.)
pub(crate) fn put_said(said: &mut Said, name: &'static str, json: String) {
    let place = said.iter().position(|(other, _)| *other > name).unwrap_or(said.len());
    said.insert(place, (name, json));
}

/// Who takes part, in which condition, and what else a page wants to have in the record.
#[inline(never)]
pub(crate) fn said(options: &JsValue) -> Result<Said, PageError> {
    let mut said = Said::new();
    for name in ["condition", "notes", "participant"] {
        let Some(value) = js::given(options, name) else { continue };
        if name == "participant" {
            check_name("", name, &value)?;
        }
        let json = plain_from(&value).map(|plain| json_text(&plain));
        let json = json.map_err(|error| PageError::argument(format!("{name}: expected JSON, found other: {error}")))?;
        if json.len() > MOST_JSON {
            let message = format!("{name}: expected at most {MOST_JSON} bytes of JSON, found {}", json.len());
            return Err(PageError::argument(message));
        }
        said.push((name, json));
    }
    Ok(said)
}

/// Checks the name of a participant, a group or a lobby; `place` comes before the option's own name.
#[inline(never)]
pub(crate) fn check_name(place: &str, option: &str, value: &JsValue) -> Result<(), PageError> {
    let Some(text) = value.as_string() else {
        let found = js::shown(value);
        return Err(PageError::argument(format!("{place}{option}: expected a text, found {found}")));
    };
    palaestra_text::check_name(&text).map_err(|problem| PageError::argument(format!("{place}{option}: {problem}")))
}

/// A function.
pub(crate) fn function(options: &JsValue, name: &str) -> Result<Option<Function>, PageError> {
    js::given(options, name)
        .map(|value| {
            let found = js::shown(&value);
            value.dyn_into().map_err(|_| PageError::argument(format!("{name}: expected a function, found {found}")))
        })
        .transpose()
}
