//! A game of a match: several browsers play one game. Pure, as the game alone: whatever comes from the page, from other browsers and
//! from the server comes in with its time, and what is to be sent goes out as data.
//!
//! ```text
//!  page's requests ─► answer ┐                                              ┌─► events for the page
//!  packets, server's messages┼─► MatchPort: rollback::Peer + MatchWorld ────┼─► messages for the play socket, packets
//!  time            ─► advance┘                └─ Env + policies + snapshots  └─► the socket: open it, close it
//! ```
//!
//! | file | what it holds |
//! |---|---|
//! | `world.rs`, `frames.rs` | what the peers' core drives: the environment, and what each of the latest frames returned |
//! | `setting.rs` | how a match is played, from what the page says |
//! | `port.rs` | a game of a match behind messages |
//! | `requests.rs`, `serving.rs` | what it does with the page's requests, and the server's messages |
//! | `note.rs`, `playing.rs` | what becomes of the core's outputs |
//! | `handshake.rs` | whether everybody can be reached |
//! | `paths.rs`, `reaching.rs` | which way packets take to each seat, and what comes from there |
//! | `history.rs` | confirmed frames on their way to the server |
//! | `socket.rs` | when the play socket is opened, and again |
//! | `asking.rs` | when the server is asked for a state |
//! | `injected.rs` | a network that is worse than the real one |
//! | `outbox.rs` | what is to be sent |
//! | `watching.rs`, `following.rs`, `backlog.rs` | a match that is watched: confirmed frames, played at the game's pace |
mod asking;
mod backlog;
mod following;
mod frames;
mod handshake;
mod history;
mod injected;
mod note;
mod outbox;
mod paths;
mod playing;
mod port;
mod reaching;
mod requests;
mod serving;
mod setting;
mod socket;
mod watching;
mod world;

pub use outbox::Outgoing;
pub use port::MatchPort;
pub use watching::WatchPort;
pub use world::MatchWorld;
