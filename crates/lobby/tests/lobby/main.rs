//! The lobby as its clients see it: browsers that behave, and browsers that do not.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "in a test a failure is the message")]
mod hello;
mod leaving;
mod matching;
mod models;
mod page_codes;
mod played;
mod random;
mod restart;
mod returning;
mod stalled;
mod unheard;
mod validating;
mod watching;
mod witness;
mod world;
