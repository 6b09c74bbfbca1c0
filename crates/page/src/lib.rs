//! The main thread of a page that plays: it spawns the Worker, drives the game loop, draws, measures, and tears it all down.
//!
//! `www/palaestra.js` is the module that pages import; it wraps what is exported here.
//!
//! | module | what it does |
//! |---|---|
//! | `channel` | one Worker: requests, replies, deadlines, teardown |
//! | `env`, `deadlines` | `make`: an environment driven by promises |
//! | `following` | `watch`: an environment that follows a match |
//! | `game` | `play`: a session with ticks, keys, metrics and a record |
//! | `record` | what either leaves: recorded, kept, packed |
//! | `keeping` | what is kept of an environment's record while it grows |
//! | `draw` | scenes to pixels |
//! | `registry` | what the site says of its environments |
//! | `options`, `deadlines`, `plain` | what callers give: actions, seeds, limits of time, keyword arguments |
//! | `spec` | what the Worker says of its environment |
//! | `codec` | what happens at every step, between bytes and JavaScript values |
//! | `failing` | the promises that a page is given, and what becomes of them where this module panics |
//! | `values` | members of spaces out of JavaScript values, looked at closely |
mod channel;
mod clock;
mod codec;
#[cfg(all(test, target_arch = "wasm32"))]
mod codec_tests;
mod deadlines;
mod draw;
mod env;
mod error;
mod failing;
mod following;
mod game;
mod js;
mod keeping;
mod options;
mod plain;
mod record;
mod registry;
mod rollout;
mod spec;
mod values;
#[cfg(all(test, target_arch = "wasm32"))]
mod web_tests;

use palaestra_heap as _;

pub use draw::PainterHandle;
pub use env::{EnvHandle, make_env};
pub use game::{GameHandle, live_sessions, modules_of, play};
pub use record::{RecordHandle, replay_modules};
pub use rollout::{RolloutHandle, open_rollout};

use wasm_bindgen::prelude::*;

/// Says what there is to play, the entries of the registry, and what loads a part of this module by its name.
#[wasm_bindgen]
pub fn configure(registry: js_sys::Array, load: &js_sys::Function) {
    failing::set_loader(load);
    failing::tell_of_panics();
    registry::keep(registry);
    js::keep_names(&["observation", "reward", "terminated", "truncated", "info", "seed", "options", "value", "length"]);
}
