//! Who chooses each agent's action.
use palaestra_env::{RandomPlayer, Space, Spec, Value};
use wasm_bindgen::prelude::*;

use super::config::{Config, Seat};
use super::input::{Binding, Keys};
use crate::asked::action_from;
use crate::error::PageError;
use crate::registry::Entry;

/// The seats of a game, one an agent.
pub(crate) struct Seats {
    players: Vec<Player>,
}

enum Player {
    Person(Keys),
    Random(RandomPlayer),
    Fixed(Value),
}

/// When the stroke that a tick was the first to see was made.
pub(crate) struct Choice {
    pub(crate) pressed_at: Option<f64>,
}

impl Seats {
    /// Fills the seats once the action spaces are known.
    pub(crate) fn fill(config: &Config, spec: &Spec) -> Result<Self, PageError> {
        let seats = config.seats.iter().zip(&spec.action_spaces).enumerate();
        let players = seats.map(|(agent, (seat, space))| {
            Ok(match seat {
                Seat::Random => Player::Random(RandomPlayer::new(space.clone(), config.seed, agent)),
                Seat::Fixed(action) => Player::Fixed(action_of(space, action, &format!("seats.agent_{agent}"))?),
                Seat::Person(keys) => {
                    Player::Person(Keys::new(bindings(space, keys)?, config.mode, idle(config, space)?))
                }
            })
        });
        Ok(Self { players: players.collect::<Result<_, PageError>>()? })
    }

    /// Whether anybody has a use for a key.
    pub(crate) fn knows(&self, code: &str) -> bool {
        self.people().any(|keys| keys.knows(code))
    }

    pub(crate) fn press(&mut self, code: &str, at: f64) {
        self.people_mut().for_each(|keys| keys.press(code, at));
    }

    pub(crate) fn release(&mut self, code: &str) {
        self.people_mut().for_each(|keys| keys.release(code));
    }

    pub(crate) fn clear(&mut self) {
        self.people_mut().for_each(Keys::clear);
    }

    /// Whether everybody has an action for the next tick.
    pub(crate) fn ready(&self) -> bool {
        self.people().all(Keys::ready)
    }

    /// Everybody's action for the next tick.
    pub(crate) fn choose(&mut self, actions: &mut Vec<Value>) -> Choice {
        actions.clear();
        let mut pressed_at = None;
        for player in &mut self.players {
            actions.push(match player {
                Player::Person(keys) => {
                    let chosen = keys.choose();
                    // Of two people's strokes the earlier one has waited longer.
                    pressed_at = match (pressed_at, chosen.pressed_at) {
                        (Some(one), Some(other)) => Some(f64::min(one, other)),
                        (one, other) => one.or(other),
                    };
                    chosen.action
                }
                Player::Random(player) => player.choose(),
                Player::Fixed(action) => action.clone(),
            });
        }
        Choice { pressed_at }
    }

    fn people(&self) -> impl Iterator<Item = &Keys> {
        self.players.iter().filter_map(|player| match player {
            Player::Person(keys) => Some(keys),
            _ => None,
        })
    }

    fn people_mut(&mut self) -> impl Iterator<Item = &mut Keys> {
        self.players.iter_mut().filter_map(|player| match player {
            Player::Person(keys) => Some(keys),
            _ => None,
        })
    }
}

fn bindings(space: &Space, keys: &[(String, JsValue)]) -> Result<Vec<Binding>, PageError> {
    keys.iter()
        .map(|(chord, action)| {
            let action = action_of(space, action, &format!("keys.{chord}"))?;
            Ok(Binding { codes: chord.split('+').map(|code| code.trim().to_owned()).collect(), action })
        })
        .collect()
}

fn idle(config: &Config, space: &Space) -> Result<Vec<Value>, PageError> {
    let idle = config.idle.clone().or_else(|| config.entry.as_ref().map(Entry::idle));
    match idle {
        Some(idle) => idle.iter().map(|action| action_of(space, action, "idle")).collect(),
        None => Ok(vec![Value::blank(space)]),
    }
}

fn action_of(space: &Space, action: &JsValue, place: &str) -> Result<Value, PageError> {
    action_from(space, action).map_err(|message| PageError::argument(format!("{place}: {message}")))
}
