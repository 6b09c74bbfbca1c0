//! Whole games without a browser: the real [`Game`](palaestra_play::Game) and the real [`Port`](palaestra_play::Port) in a world
//! whose time, messages, timers and people are simulated from a seed.
//!
//! | module | what it holds |
//! |---|---|
//! | `agenda` | what is still to happen, in order |
//! | `worker`, `page` | a Worker around the Port, a page's shell around the Game; both check what they see |
//! | `world` | the two, and what lies between them |
//! | `entries` | the entries of a record |
//! | `aftermath` | what must hold of a game that is over, and of its record |
//! | `toy`, `people` | an environment of two agents; seats and keys of any environment |
//! | `plan`, `random_games` | random games, and the properties that all of them keep |
//! | `whole_games` | every environment of every family, every kind of seat |
//! | `endings` | every way in which a game can end |
//! | `rules` | single rules, each in a small game |
//! | `port` | a game behind messages, and messages that are none |
//! | `rewinding` | going back, over all families |
//! | `memory` | long games |
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test's own")]

mod aftermath;
mod agenda;
mod endings;
mod entries;
mod memory;
mod page;
mod people;
mod plan;
mod port;
mod random_games;
mod rewinding;
mod rules;
mod toy;
mod whole_games;
mod worker;
mod world;
