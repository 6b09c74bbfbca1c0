//! Whole matches without a browser: real [`MatchPort`](palaestra_play::together::MatchPort)s at a small model of the server, which
//! speaks with the real messages; time, keys and the network come from a seed.
//!
//! | module | what it holds |
//! |---|---|
//! | `crowd` | an environment of any number of agents |
//! | `relay` | the server: packets, confirmed frames, leavers, states |
//! | `player`, `table` | a browser, and several of them around the relay |
//! | `games` | whole games of real environments, compared with a replay |
//! | `direct`, `ways` | connections from browser to browser; which way packets take, and what happens when one is lost |
//! | `trouble` | leavers, lost connections, whoever comes back, hostile bytes |
//! | `minds`, `recurrent` | policies from outside in seats: a recurrent model, memories that go back with the game |
//! | `requests` | single messages of a page |
//! | `watching` | who watches a match |
//! | `version` | what has to stay as it is for as long as the version does |
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test's own")]

mod crowd;
mod direct;
mod games;
mod minds;
mod player;
#[path = "../../../policy/tests/table/recurrent.rs"]
mod recurrent;
mod relay;
mod requests;
mod table;
mod trouble;
mod version;
mod watching;
mod ways;
