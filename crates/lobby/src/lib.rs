//! Who plays with whom: waitroom, matching, validation, and the life of a match, for any number of lobbies. It knows no clock and no
//! socket: [`Lobbies::handle`] takes in what happened and when, and gives an ordered list of what is to be done. The same events at the same
//! times give the same outputs.
//!
//! | file | what it holds |
//! |---|---|
//! | [`message`] | what pages and server say to each other |
//! | [`config`] | what a researcher decides about a lobby |
//! | `event.rs` | what comes in and what goes out |
//! | `lobbies.rs`, `handling.rs` | the core, and what comes to it |
//! | `socket.rs`, `sockets.rs` | control sockets: signs of life, refusals |
//! | `arrival.rs`, `played.rs` | hello: who somebody is, whether the lobby takes them, and who has played already |
//! | `waiting.rs`, [`matcher`] | the pool, and who of it is put together |
//! | `game.rs`, `matches.rs`, `seats.rs` | a match: made complete, its seats and tickets |
//! | `validating.rs` | the handshake |
//! | `playing.rs`, `leaving.rs` | who is lost, comes back, goes, and what counts of them |
//! | `person.rs`, `people.rs`, `ending.rs` | the one way out, of a person and of a match |
//! | `unheard.rs`, `hearing.rs` | ends that nobody may have heard, for whoever comes back |
//! | `restore.rs` | after a restart of the server |
//! | `monitor.rs`, `watching.rs` | what there is to see, and who watches a match |
//! | [`token`] | what the server signs |
//! | `timers.rs`, `draw.rs` | timers with owners; numbers that follow from a seed |
#![forbid(unsafe_code)]

mod arrival;
pub mod config;
mod config_error;
mod draw;
mod ending;
mod event;
mod game;
mod handling;
mod hearing;
mod ice;
mod leaving;
mod lobbies;
pub mod matcher;
mod matches;
pub mod message;
mod models;
mod monitor;
mod people;
mod person;
mod played;
mod playing;
mod restore;
mod seats;
mod socket;
mod sockets;
mod timers;
pub mod token;
mod unheard;
mod validating;
mod waiting;
mod watching;

pub use event::{
    EndedSession, Event, Keep, KeptLeaver, KeptMatch, KeptPerson, MatchFacts, Output, Played, Restored, SocketId,
    Verified,
};
pub use game::number_of;
pub use leaving::MOST_INPUTS;
pub use lobbies::{Lobbies, LobbyOpener, ServerFacts};
pub use monitor::{Counts, LobbyView, MatchView, PersonView, SeatView};
