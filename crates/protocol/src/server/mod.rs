//! The play socket: what crosses between a Worker and the server while a match is played. `docs/server-protocol.md` has the
//! layouts and what they are for.
//!
//! | file | what it defines |
//! |---|---|
//! | `to_server.rs` | what a Worker sends |
//! | `from_server.rs` | what the server sends |
//! | `confirmed.rs` | batches of confirmed frames, which go both ways |
mod confirmed;
mod from_server;
mod to_server;

pub use confirmed::{ConfirmedItem, ConfirmedItems, ConfirmedReader, ConfirmedWriter};
pub use from_server::{FromServer, PeerState, StateWhy};
pub use to_server::ToServer;

/// The version of what pages, their Workers and servers say to each other: of these messages and the control socket's, of what is in a
/// checkpoint, and of the packets between peers. It is raised with every change that the other side would read wrongly: a page and a server
/// of different versions refuse each other by name (`wrong_protocol`).
pub const SERVER_PROTOCOL: u8 = 4;

/// The longest input delay of a match, in frames.
pub const MOST_INPUT_DELAY: u8 = 30;

/// The `to` of a packet that is for every other seat.
pub const EVERYBODY: u8 = 255;

/// The `seat` of whoever watches and plays none.
pub const SPECTATOR: u8 = 255;

/// The most seats that a match has.
pub const MOST_SEATS: u8 = 8;

/// How often a seat's Worker may ask for a state, or say that states differ, on one play socket: so often a second, with so many saved up. Each
/// costs the server a replay; whoever asks more often is cut off.
pub const STATES_PER_SECOND: f64 = 0.2;
/// See [`STATES_PER_SECOND`].
pub const STATES_SAVED: f64 = 3.0;
