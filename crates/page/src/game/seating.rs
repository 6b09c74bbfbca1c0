//! Who plays each agent, as a page asks for it. What depends on the action spaces stays as it came: see `seats.rs`.
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::prelude::*;

use super::policy::{by_policy, expert_from, is_by_policy};
use super::seat::{Keys, Seat};
use crate::error::PageError;
use crate::js;
use crate::registry::{Entry, agents_in};

/// What a seat can be said by.
const KNOWN: [&str; 9] =
    ["keys", "action", "onnx", "expert", "skill", "manifest", "sample", "frameSkip", "reactionDelay"];
/// The first of them: a seat has one.
const KINDS: usize = 4;

/// Whether a seat is an action without more words: no object with names, but for a list.
fn only_action(seat: &JsValue) -> bool {
    !seat.is_object() || Array::is_array(seat) || js_sys::ArrayBuffer::is_view(seat)
}

/// Refuses a seat that has names which nobody knows, or that is said by more than one thing.
fn checked(place: &str, seat: &JsValue) -> Result<(), PageError> {
    js::only_known(place, seat, &KNOWN)?;
    let said = |name: &&&str| Reflect::has(seat, &(**name).into()).unwrap_or(false);
    match KNOWN.iter().take(KINDS).filter(said).count() {
        1 => Ok(()),
        _ => {
            let found = js::shown(seat);
            Err(PageError::argument(format!(
                "{place}: expected one of {{keys}}, {{action}}, {{onnx}} and {{expert}}, found {found}"
            )))
        }
    }
}

/// What the page calls each agent, and who plays it. In a match it calls none.
#[inline(never)]
pub(super) fn seats(
    options: &JsValue,
    entry: Option<&Entry>,
    together: bool,
) -> Result<(Vec<String>, Vec<Seat>), PageError> {
    let kwargs = js::get(options, "kwargs");
    let agents = entry.map_or(1, |entry| entry.agents(&kwargs));
    let own = js::given(options, "keys").map(|keys| bindings(&keys, "keys")).transpose()?;
    let by_seat = entry.is_some_and(Entry::keys_go_with_seats);
    let keys_of = |person: usize, agent: usize| match &own {
        Some(own) if person == 0 => Keys::own(own.clone()),
        _ => {
            let set = if by_seat { agent } else { person };
            Keys { bindings: entry.map(|entry| entry.keys(set)).unwrap_or_default(), own: false }
        }
    };
    if together {
        return Ok((Vec::new(), (0..agents).map(|agent| Seat::Person(keys_of(0, agent))).collect()));
    }
    let chosen = js::given(options, "seats");
    if let Some(found) = chosen.as_ref().filter(|chosen| !chosen.is_object()) {
        let found = js::shown(found);
        return Err(PageError::argument(format!("seats: expected an object of seats by agent, found {found}")));
    }
    let names = agents_in("seats", chosen.as_ref().unwrap_or(&JsValue::UNDEFINED), entry, &kwargs, agents)?;
    // People sit down in agent order: the first has the first set of keys, whoever's seat it is, unless keys go with seats.
    let mut people = 0;
    let seats = names
        .iter()
        .enumerate()
        .map(|(agent, name)| {
            let seat = chosen.as_ref().and_then(|seats| js::given(seats, name));
            let person = |people: &mut usize| {
                *people += 1;
                Seat::Person(keys_of(*people - 1, agent))
            };
            Ok(match seat {
                None if agent == 0 => person(&mut people),
                None => Seat::Random,
                Some(seat) => match seat.as_string().as_deref() {
                    Some("human") => person(&mut people),
                    Some("random") => Seat::Random,
                    Some("idle") => Seat::Idle,
                    Some("expert") => Seat::Expert(expert_from(None, name, entry)?),
                    Some(_) => {
                        let found = js::shown(&seat);
                        return Err(PageError::argument(format!(
                            "seats.{name}: expected \"human\", \"random\", \"idle\", \"expert\", {{expert}}, {{keys}}, {{onnx}} or {{action}}, found {found}"
                        )));
                    }
                    None if only_action(&seat) => Seat::Fixed(seat),
                    None => {
                        checked(&format!("seats.{name}"), &seat)?;
                        let policy = if is_by_policy(&seat) {
                            by_policy(&seat, (agent, name), entry, &kwargs)?
                        } else {
                            None
                        };
                        match (js::given(&seat, "keys"), policy) {
                            (Some(keys), _) => {
                                people += 1;
                                Seat::Person(Keys::own(bindings(&keys, "keys")?))
                            }
                            (None, Some(chosen)) => chosen,
                            // Python's None is an action too, where an environment has one.
                            (None, None) => match js::given(&seat, "action") {
                                Some(action) => Seat::Fixed(action),
                                None => Seat::Fixed(JsValue::NULL),
                            },
                        }
                    }
                },
            })
        })
        .collect::<Result<_, PageError>>()?;
    Ok((names, seats))
}

fn bindings(keys: &JsValue, name: &str) -> Result<Vec<(String, JsValue)>, PageError> {
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
        if let Some(meant) = js::code_meant(code) {
            let message = format!("{name}: expected a KeyboardEvent.code, found `{code}` (did you mean `{meant}`?)");
            return Err(PageError::argument(message));
        }
    }
    Ok(pairs)
}
