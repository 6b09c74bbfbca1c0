//! What the rest of the Worker knows of games of a match. Through this seam alone a module gets their code, or does without.
use std::rc::Rc;

use palaestra_env::Env;
use palaestra_protocol::{Failure, Request, Setup};
use wasm_bindgen::JsValue;

/// Has the Worker's loop see what has become due.
pub(crate) type Wake = Rc<dyn Fn()>;

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

    /// The environment, given away; the connections are closed.
    fn into_env(self: Box<Self>) -> Env;
}

/// Makes a game one of a match: from its environment, its setup, the payload of the request to join, and the time.
pub(crate) type Open = fn(Env, &Setup, &[u8], f64, Wake) -> Result<Box<dyn MatchGame>, Box<(Env, Failure)>>;

/// Has an environment follow a match: from it, the payload of the request to watch, and the time.
pub(crate) type Follow = fn(Env, &[u8], f64, Wake) -> Result<Box<dyn MatchGame>, Box<(Env, Failure)>>;

/// What a module has that plays matches.
pub struct Together {
    pub(crate) open: Open,
    pub(crate) watch: Follow,
}
