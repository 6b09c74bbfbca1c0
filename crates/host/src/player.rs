//! Whom an environment in a Worker answers, and who plays it.
use palaestra_env::Env;
use palaestra_play::Port;
use palaestra_play::simulation::GivenPolicies;
use palaestra_protocol::{Failure, Request};
use wasm_bindgen::JsValue;

use crate::responder::Responder;

/// Who has the environment.
pub(crate) enum Player {
    Program(Box<Responder>),
    Game(Box<Port>),
    Match(Box<dyn MatchGame>),
    Rollouts(Box<dyn Rolls>),
    /// Between the one and the other.
    Nobody,
}

impl Player {
    /// A program, which has just got the environment.
    pub(crate) fn program(env: Env) -> Self {
        Self::Program(Box::new(Responder::new(env)))
    }
}

/// Episodes that policies play by themselves.
pub(crate) trait Rolls {
    /// Plays for a moment, and gives what a reply says of it.
    ///
    /// # Errors
    /// [`Failure`] where the environment refuses a joint action; nothing is played then any more.
    fn go_on(&mut self, now: &dyn Fn() -> f64) -> Result<&[u8], Failure>;
}

/// A game of a match, with its connections.
pub(crate) trait MatchGame {
    /// Answers a request that arrived at `received`; `now` is the same clock.
    fn answer(&mut self, request: Request<'_>, received: f64, now: &dyn Fn() -> f64) -> &[u8];

    /// The page has given something else than a request: a connection to the browser of a seat. See `shell.rs`.
    fn connect(&mut self, given: &JsValue, now: f64);

    /// When [`advance`](Self::advance) will have something to do, if nothing comes before.
    fn due(&self) -> Option<f64>;

    /// Does what is due, and gives the next message for the page.
    fn advance(&mut self, now: &dyn Fn() -> f64) -> Option<&[u8]>;

    /// Whether the environment is free for another match.
    fn is_free(&self) -> bool;

    /// The environment and the policies that came from outside, given away; the connections are closed.
    fn into_parts(self: Box<Self>) -> (Env, GivenPolicies);
}
