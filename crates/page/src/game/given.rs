//! What a page says of seats, keys and actions, where it says something. Most games are not asked for it, so it is in the part `options` of the
//! module, which comes before a game that is (`partsOf` of `game-to-come.js`), or with an environment whose actions are no plain numbers.
use js_sys::{Array, Object, Reflect};
use palaestra_env::{Space, Spec};
use palaestra_play::game::Start;
use wasm_bindgen::prelude::*;

use super::policy::{by_policy, expert_from, is_by_policy};
use super::seat::{Keys, Seat};
use crate::error::PageError;
use crate::js;
use crate::options::{action_bytes_of, action_from, written};
use crate::registry::Entry;

/// The options of `play`.
const KNOWN: [&str; 38] = [
    "env",
    "kwargs",
    "canvas",
    "fps",
    "seed",
    "episodes",
    "maxSteps",
    "keys",
    "inputMode",
    "idle",
    "seats",
    "onStep",
    "onTransition",
    "loadTimeout",
    "stepTimeout",
    "focusTimeout",
    "episodePause",
    "metricsCapacity",
    "recordMetrics",
    "recordHashes",
    "userTiming",
    "tween",
    "verify",
    "resetOptions",
    "match",
    "onMatch",
    "participant",
    "condition",
    "notes",
    "startPaused",
    "recordTimes",
    "recordUserAgent",
    "recordAddress",
    "touchControls",
    "gamepad",
    "pointer",
    "controls",
    "save",
];

/// What a seat can be said by.
const OF_SEATS: [&str; 9] =
    ["keys", "action", "onnx", "expert", "skill", "manifest", "sample", "frameSkip", "reactionDelay"];
/// The first of them: a seat has one.
const KINDS: usize = 4;

/// Whether a seat is an action without more words: no object with names, but for a list.
fn only_action(seat: &JsValue) -> bool {
    !seat.is_object() || Array::is_array(seat) || js_sys::ArrayBuffer::is_view(seat)
}

/// Refuses a seat that has names which nobody knows, or that is said by more than one thing.
fn checked(place: &str, seat: &JsValue) -> Result<(), PageError> {
    js::only_known(place, seat, &OF_SEATS)?;
    let said = |name: &&&str| Reflect::has(seat, &(**name).into()).unwrap_or(false);
    match OF_SEATS.iter().take(KINDS).filter(said).count() {
        1 => Ok(()),
        _ => {
            let found = js::shown(seat);
            Err(PageError::argument(format!(
                "{place}: expected one of {{keys}}, {{action}}, {{onnx}} and {{expert}}, found {found}"
            )))
        }
    }
}

/// Who has a seat, as the page says: a person without keys has those that the environment has for people.
#[inline(never)]
pub(super) fn seat(
    seat: &JsValue,
    (agent, name): (usize, &str),
    entry: Option<&Entry>,
    kwargs: &JsValue,
) -> Result<Seat, PageError> {
    Ok(match seat.as_string().as_deref() {
        Some("human") => Seat::Person(Keys { bindings: Vec::new(), own: false }),
        Some("random") => Seat::Random,
        Some("idle") => Seat::Idle,
        Some("expert") => Seat::Expert(expert_from(None, name, entry)?),
        Some(_) => {
            let found = js::shown(seat);
            return Err(PageError::argument(format!(
                "seats.{name}: expected \"human\", \"random\", \"idle\", \"expert\", {{expert}}, {{keys}}, {{onnx}} or {{action}}, found {found}"
            )));
        }
        None if only_action(seat) => Seat::Fixed(seat.clone()),
        None => {
            checked(&format!("seats.{name}"), seat)?;
            let policy = if is_by_policy(seat) { by_policy(seat, (agent, name), entry, kwargs)? } else { None };
            match (js::given(seat, "keys"), policy) {
                (Some(keys), _) => Seat::Person(Keys::own(bindings(&keys, "keys")?)),
                (None, Some(chosen)) => chosen,
                // Python's None is an action too, where an environment has one.
                (None, None) => match js::given(seat, "action") {
                    Some(action) => Seat::Fixed(action),
                    None => Seat::Fixed(JsValue::NULL),
                },
            }
        }
    })
}

/// Chords of keys, and the action of each.
#[inline(never)]
pub(super) fn bindings(keys: &JsValue, name: &str) -> Result<Vec<(String, JsValue)>, PageError> {
    if !keys.is_object() {
        let found = js::shown(keys);
        return Err(PageError::argument(format!("{name}: expected an object of key codes and actions, found {found}")));
    }
    let pairs = Object::entries(keys.unchecked_ref::<Object>());
    let pairs: Vec<_> = pairs
        .iter()
        .map(|pair| Array::from(&pair))
        .filter_map(|pair| Some((pair.get(0).as_string()?, pair.get(1))))
        .collect();
    for code in pairs.iter().flat_map(|(chord, _)| chord.split('+')).map(str::trim) {
        if let Some(problem) = js::code_problem(code) {
            let message = format!("{name}: expected a KeyboardEvent.code, found `{code}`{problem}");
            return Err(PageError::argument(message));
        }
    }
    Ok(pairs)
}

/// The bytes of an action that the page has chosen itself, for a seat or a key.
#[inline(never)]
pub(super) fn action(space: &Space, action: &JsValue, place: &str) -> Result<Vec<u8>, PageError> {
    let action = action_from(space, action).map_err(|message| PageError::argument(format!("{place}: {message}")))?;
    Ok(written(&action))
}

/// The bytes of an action of any space, if it is one of the space's.
#[inline(never)]
pub(super) fn bytes(space: &Space, action: &JsValue) -> Option<Vec<u8>> {
    action_from(space, action).ok().map(|action| written(&action))
}

/// What an agent does that does nothing: of any space.
#[inline(never)]
pub(super) fn blank(space: &Space) -> Vec<u8> {
    written(&palaestra_env::Value::blank(space))
}

/// The bytes of an action that an agent may take, of any space; otherwise what was expected and what came.
#[inline(never)]
pub(super) fn taken(spec: &Spec, space: &Space, action: &JsValue) -> Result<Vec<u8>, String> {
    action_bytes_of(spec, space, action)
}

/// Refuses options of a name that nobody knows.
#[inline(never)]
pub(super) fn known(options: &JsValue) -> Result<(), PageError> {
    js::only_known("play", options, &KNOWN)
}

/// The same of those of `preload`, which takes them too.
#[inline(never)]
pub(super) fn preloaded(options: &JsValue) -> Result<(), PageError> {
    let known: Vec<&str> = KNOWN.into_iter().chain(["make", "signal"]).collect();
    js::only_known("preload", options, &known)
}

/// What the first step waits for.
pub(super) fn start(options: &JsValue, together: bool) -> Result<Start, PageError> {
    let Some(value) = js::given(options, "startPaused") else { return Ok(Start::AtOnce) };
    let start = match (value.as_bool(), value.as_string().as_deref()) {
        (Some(false), _) => Start::AtOnce,
        (Some(true), _) => Start::Paused,
        (_, Some("key")) => Start::Key,
        _ => {
            let message = format!("startPaused: expected true, false or \"key\", found {}", js::shown(&value));
            return Err(PageError::argument(message));
        }
    };
    if together && start != Start::AtOnce {
        return Err(PageError::argument("startPaused: expected none in a match, which begins for all at once"));
    }
    Ok(start)
}
