//! A server, and clients that speak to it over real sockets of this machine. Every wait has a deadline.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "in a test a failure is the message")]
mod client;
mod desync;
mod exported;
mod game;
mod games;
mod hostile;
mod judging;
mod leaving;
mod matches;
mod minds;
mod restart;
mod site;
mod spectator;
mod twice;
mod watching;
