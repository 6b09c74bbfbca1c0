//! `play`: one session of one game in a page. What follows from what is in `palaestra_play`; here is what that asks of the
//! browser.
//!
//! | file | what it does |
//! |---|---|
//! | `shell.rs` | events in, and what the game asks for carried out |
//! | `config.rs`, `given.rs`, `match_options.rs`, `said.rs`, `seat.rs`, `seating.rs`, `seats.rs`, `rules.rs` | what was asked for |
//! | `preloading.rs` | what a game would load, before there is one |
//! | `policy.rs` | a policy in a seat, as it was asked for |
//! | `keeping.rs` | the record while it grows, for whoever keeps it |
//! | `preparing.rs` | artwork and seats, once the environment is there |
//! | `parts.rs`, `guards.rs`, `keyboard.rs` | what was acquired of the browser |
//! | `tell.rs` | what the page's functions and the profiler are told |
//! | `record.rs` | what is handed over at the end |
//! | `worker.rs` | its Worker: made, heard, let go |
//! | `together.rs` | a game of a match: what the client of the server says and is told |
//! | `handle.rs` | what JavaScript sees |
mod config;
mod given;
mod guards;
mod handle;
mod keeping;
mod keyboard;
mod match_options;
mod parts;
mod policy;
mod preloading;
mod preparing;
mod record;
mod rules;
mod said;
mod seat;
mod seating;
mod seats;
mod shell;
mod tell;
mod together;
mod worker;

#[cfg(all(test, target_arch = "wasm32"))]
pub(crate) use guards::{AfterPaint, AnimationLoop};
pub use handle::{GameHandle, live_sessions, play};
pub(crate) use policy::{by_policy, expert_from};
pub use preloading::modules_of;
pub(crate) use seat::Seat;
