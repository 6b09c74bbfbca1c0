//! Who plays each agent, as a page asks for it. What depends on the action spaces stays as it came: see `seats.rs`.
use wasm_bindgen::prelude::*;

use super::given;
use super::seat::{Keys, Seat};
use crate::error::PageError;
use crate::js;
use crate::registry::{Entry, agents_in};

/// The same where the page says nothing of seats: a person, and random actions.
pub(super) fn usual_seats(entry: Option<&Entry>) -> Result<(Vec<String>, Vec<Seat>), PageError> {
    let agents = entry.map_or(1, Entry::usual_agents);
    let names = agents_in("seats", &JsValue::UNDEFINED, entry, &JsValue::UNDEFINED, agents)?;
    let mut seats =
        vec![Seat::Person(Keys { bindings: entry.map(|entry| entry.keys(0)).unwrap_or_default(), own: false })];
    seats.resize_with(agents, || Seat::Random);
    Ok((names, seats))
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
    let own = js::given(options, "keys").map(|keys| given::bindings(&keys, "keys")).transpose()?;
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
                Some(seat) => match given::seat(&seat, (agent, name), entry, &kwargs)? {
                    Seat::Person(keys) if !keys.own => person(&mut people),
                    Seat::Person(keys) => {
                        people += 1;
                        Seat::Person(keys)
                    }
                    seat => seat,
                },
            })
        })
        .collect::<Result<_, PageError>>()?;
    Ok((names, seats))
}
