//! What a participant does: keys, and actions of those who have something else than keys.
use palaestra_protocol::{Act, ErrorCode, Failure, Key, Motion, Operation, SeatSetup};
use palaestra_session::State;

use super::core::Game;
use super::output::Output;

/// Keys that let a game begin that waits for one, beside its own.
const BEGIN: [&str; 2] = ["Space", "Enter"];

impl Game {
    /// The codes of all keys that seats have a use for; none before the environment is there.
    pub fn codes(&self) -> &[String] {
        self.made.as_ref().map(|made| &made.codes[..]).unwrap_or_default()
    }

    /// Whether a key has a use: for a seat, or to let the game begin.
    pub fn knows_key(&self, code: &str) -> bool {
        self.codes().iter().any(|known| known == code) || self.waits_for_key() && BEGIN.contains(&code)
    }

    /// Whether a stroke is the game's: of a key that has a use, but not one that presses a button of the page's, which somebody has gone to by
    /// keyboard, while the page has the game stand still.
    pub fn takes_key(&self, code: &str, on_button: bool) -> bool {
        let presses = on_button && self.presence.stands_still() && !self.waits_for_key() && BEGIN.contains(&code);
        self.knows_key(code) && !presses
    }

    /// Whether the game has not begun, and a key lets it.
    pub fn waits_for_key(&self) -> bool {
        self.presence.waits_for_key()
    }

    /// The number of an agent, if the page may act for it now: a person has its seat, in a match the person at this browser.
    ///
    /// # Errors
    /// [`Failure`] for another agent, and while nothing is played.
    pub fn can_act(&self, agent: &str) -> Result<u16, Failure> {
        let made = self.made.as_ref().filter(|_| self.life.state() == State::Playing).ok_or_else(|| {
            let state = self.life.state().as_str();
            Failure::new(
                ErrorCode::OutOfOrder,
                format!("act: expected a game that is played, found one that is {state}"),
            )
        })?;
        let own = self.matched().map(|matched| usize::from(matched.seat));
        let place = made.spec.agents.iter().position(|known| known == agent);
        let here = |place: &usize| match own {
            Some(own) => own == *place,
            None => matches!(made.seats.get(*place), Some(SeatSetup::Person { .. })),
        };
        place.filter(here).and_then(|place| u16::try_from(place).ok()).ok_or_else(|| {
            let message = format!("act: expected an agent that a person plays at this browser, found `{agent}`");
            Failure::new(ErrorCode::BadArgument, message)
        })
    }

    pub(super) fn key(&mut self, now: f64, motion: Motion, code: &str, at: f64, out: &mut Vec<Output>) {
        if motion == Motion::Down && self.waits_for_key() {
            // It lets the game begin, and is no action of it.
            return if self.knows_key(code) {
                self.pause(now, false, out)
            };
        }
        let place = self.codes().iter().position(|known| known == code);
        if let Some(code) = place.and_then(|place| u16::try_from(place).ok()) {
            self.worker.key(Key { motion, code, at, sent: now }, out);
        }
    }

    pub(super) fn act(&mut self, now: f64, (agent, action): (u16, &[u8]), at: f64, out: &mut Vec<Output>) {
        self.worker.ask(Operation::Act, |payload| Act { agent, at, sent: now, action }.write(payload), out);
    }
}
