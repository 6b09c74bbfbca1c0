//! Whole games without a browser: the real [`Game`](palaestra_play::Game) and the real [`Port`](palaestra_play::Port) in a world
//! whose time, messages, timers and people are simulated from a seed.
//!
//! | module | what it holds |
//! |---|---|
//! | `agenda` | what is still to happen, in order |
//! | `worker` | a Worker around the Port; it checks every tick |
//! | `page`, `requests`, `watch` | a page's shell around the Game, what it has sent, and what must hold of every event |
//! | `setting`, `acts`, `world` | what surrounds a game, what happens to it, and all of it together |
//! | `entries` | the entries of a record |
//! | `aftermath` | what must hold of a game that is over, and of its record |
//! | `toy`, `people` | an environment of two agents; seats and keys of any environment |
//! | `plan`, `random_games` | random games, and the properties that all of them keep |
//! | `whole_games` | every environment of every family, every kind of seat |
//! | `endings` | every way in which a game can end |
//! | `rules` | single rules, each in a small game |
//! | `input` | input that is no key, and games that wait for one |
//! | `sleeping` | a machine that sleeps, whatever its game was doing |
//! | `side`, `matches` | a match: one browser's side of it, and its rules |
//! | `port` | a game behind messages, and messages that are none |
//! | `rewinding` | going back, over all families |
//! | `memory` | long games |
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test's own")]

mod acts;
mod aftermath;
mod agenda;
mod endings;
mod entries;
mod grants;
mod input;
mod matches;
mod memory;
mod page;
mod people;
mod plan;
mod port;
mod random_games;
mod refused_seats;
mod requests;
mod rewinding;
mod rules;
mod setting;
mod side;
mod sleeping;
mod toy;
mod watch;
mod whole_games;
mod worker;
mod world;
