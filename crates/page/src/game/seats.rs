//! Who plays, from what a page gives to what the Worker is told: once the action spaces are known.
use std::rc::Rc;

use palaestra_env::{Space, Spec};
use palaestra_play::game::{Matched, SeatKind};
use palaestra_protocol::SeatSetup;
use palaestra_protocol::together::DropoutSetup;
use wasm_bindgen::prelude::*;

use super::config::Config;
use super::given;
use super::seat::{Keys, Seat};
use crate::channel::{PolicySeat, Purpose};
use crate::error::PageError;
use crate::js;

/// Bindings of a seat, keys of a chord, and idle actions that take turns.
const MOST: usize = 1000;

/// Chords of keys by number, and the action of each.
type Bindings = Vec<(Vec<u16>, Vec<u8>)>;

/// The seats of a game, one per agent, and the codes of all keys that they have a use for.
pub(super) fn seats_of(config: &Config, spec: &Spec) -> Result<(Vec<SeatSetup>, Vec<String>), PageError> {
    if spec.agents.len() != config.seats.len() {
        let (expected, found) = (spec.agents.len(), config.seats.len());
        return Err(PageError::argument(format!("seats: expected {expected}, one per agent, found {found}")));
    }
    // What the registry says of how many there are of each kind may be wrong for arguments that few use.
    if config.names.iter().any(|name| !name.starts_with("agent_")) && config.names != spec.agents {
        let expected = spec.agents.join(", ");
        return Err(PageError::argument(format!("seats: expected the agents {expected}, found others")));
    }
    let mut codes = Vec::new();
    let seats = config.seats.iter().zip(&spec.action_spaces).enumerate().map(|(agent, (seat, space))| {
        let name = config.names.get(agent).map_or("", String::as_str);
        Ok(match seat {
            Seat::Random => SeatSetup::Random,
            Seat::Policy(_) => SeatSetup::Policy,
            Seat::Expert(skill) => SeatSetup::Expert { skill: *skill },
            Seat::Idle => {
                let rest = idle(config, space)?.into_iter().next();
                SeatSetup::Fixed(rest.ok_or_else(|| {
                    PageError::argument(format!("seats.{name}: expected an environment with a rest, found \"idle\""))
                })?)
            }
            Seat::Fixed(action) => SeatSetup::Fixed(given::action(space, action, &format!("seats.{name}"))?),
            Seat::Person(keys) => SeatSetup::Person {
                mode: config.mode,
                bindings: bindings(space, keys, &mut codes)?,
                idle: idle(config, space)?,
            },
        })
    });
    let seats = seats.collect::<Result<_, PageError>>()?;
    Ok((seats, codes))
}

/// What its Worker is for.
pub(super) fn purpose_of(config: &Config, matched: Option<&Matched>) -> Purpose {
    Purpose::Game { experts: has_experts(config, matched), options: has_options(config) }
}

/// Whether somebody has to be there who knows how to play: in a seat, or to take one whose person leaves the match.
fn has_experts(config: &Config, matched: Option<&Matched>) -> bool {
    let takes_over = |matched: &Matched| {
        matches!(matched.dropout, DropoutSetup::Expert { .. })
            || matched.seats.iter().any(|seat| matches!(seat, SeatKind::Expert { .. }))
    };
    matched.is_some_and(takes_over) || config.seats.iter().any(|seat| matches!(seat, Seat::Expert(_)))
}

/// Whether a Worker is asked for more than a game of people, with an environment as it is. In a match anybody may have a seat.
fn has_options(config: &Config) -> bool {
    let people = config.seats.iter().all(|seat| matches!(seat, Seat::Person(_)));
    config.together || !people || !config.kwargs.is_empty() || !config.reset_options.is_empty()
}

/// The policies that sit at a game; in a match these are its models.
pub(super) fn policies_of(config: &Config, models: &[Rc<PolicySeat>]) -> Vec<Rc<PolicySeat>> {
    if config.together {
        return models.to_vec();
    }
    let policies = config.seats.iter().filter_map(|seat| match seat {
        Seat::Policy(policy) => Some(Rc::clone(policy)),
        _ => None,
    });
    policies.collect()
}

fn bindings(space: &Space, keys: &Keys, codes: &mut Vec<String>) -> Result<Bindings, PageError> {
    at_most("keys", keys.bindings.len())?;
    let mut bound = Vec::new();
    for (chord, action) in &keys.bindings {
        let action = match keys.own {
            true => given::action(space, action, &format!("keys.{chord}"))?,
            false => match bytes_of(space, action) {
                Some(bytes) => bytes,
                // A key for another kind of agent, or for other arguments.
                None => continue,
            },
        };
        let places = chord.split('+').map(|code| place_of(code.trim(), codes)).collect::<Result<_, _>>()?;
        bound.push((places, action));
    }
    Ok(bound)
}

/// The number of a code, which is its place in the list.
fn place_of(code: &str, codes: &mut Vec<String>) -> Result<u16, PageError> {
    let place = codes.iter().position(|known| known == code).unwrap_or_else(|| {
        codes.push(code.to_owned());
        codes.len() - 1
    });
    u16::try_from(place).map_err(|_| PageError::argument("keys: expected at most 65536 different codes, found more"))
}

fn idle(config: &Config, space: &Space) -> Result<Vec<Vec<u8>>, PageError> {
    match (&config.idle, &config.entry) {
        (Some(idle), _) => {
            at_most("idle", idle.len())?;
            idle.iter().map(|action| given::action(space, action, "idle")).collect()
        }
        (None, Some(entry)) => Ok(entry.idle().iter().filter_map(|rest| bytes_of(space, rest)).collect()),
        (None, None) => Ok(vec![match space {
            Space::Discrete { start, .. } => start.to_le_bytes().to_vec(),
            space => given::blank(space),
        }]),
    }
}

fn at_most(name: &str, found: usize) -> Result<(), PageError> {
    if found <= MOST {
        return Ok(());
    }
    Err(PageError::argument(format!("{name}: expected at most {MOST}, found {found}")))
}

/// The bytes of an action of the space, if it is one: those of plain numbers, as most have, need not what knows every space.
fn bytes_of(space: &Space, action: &JsValue) -> Option<Vec<u8>> {
    match space {
        Space::Discrete { n, start } => discrete(*n, *start, action),
        space => given::bytes(space, action),
    }
}

fn discrete(n: i64, start: i64, action: &JsValue) -> Option<Vec<u8>> {
    let integer = js::integer(action)?;
    integer.checked_sub(start).is_some_and(|place| (0..n).contains(&place)).then(|| integer.to_le_bytes().to_vec())
}

/// The bytes of an action that an agent may take; otherwise what was expected and what came.
pub(super) fn taken(spec: &Spec, agent: usize, action: &JsValue) -> Result<Vec<u8>, String> {
    match spec.action_spaces.get(agent) {
        Some(Space::Discrete { n, start }) => discrete(*n, *start, action).ok_or_else(|| {
            let expected = palaestra_env::Discrete { n: *n, start: *start };
            format!("expected {expected}; found {}", js::shown(action))
        }),
        Some(space) => given::taken(spec, space, action),
        None => Err(String::new()),
    }
}

/// Whether something of its actions can only be read by what knows every space.
pub(super) fn needs_spaces(spec: &Spec) -> bool {
    !spec.action_spaces.iter().all(|space| matches!(space, Space::Discrete { .. }))
}
