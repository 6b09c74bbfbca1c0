//! The rules of the core, one after another.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]

#[path = "../simulate/world.rs"]
#[allow(dead_code, reason = "the simulator uses all of it")]
mod world;

mod clean;
mod hostile;
mod regressions;
mod states;
mod table;
mod ways;
