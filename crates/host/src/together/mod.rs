//! A game of a match in the Worker: its connections, and what ties them to the game. Only the modules of families that have games for
//! several people carry it: nothing else names [`TOGETHER`].
//!
//! | file | what it does |
//! |---|---|
//! | `seam.rs` | what the rest of the Worker knows of it |
//! | `giving.rs` | a Worker's environment is given to a match |
//! | `shell.rs` | carries out what the game wants done |
//! | `watching.rs` | the same for a match that is watched |
//! | `transport.rs` | what a connection can do |
//! | `play_socket.rs` | the connection to the server |
//! | `data_channel.rs` | a connection to another browser |
mod data_channel;
mod giving;
mod play_socket;
pub(crate) mod seam;
mod shell;
mod transport;
mod watching;

pub use giving::TOGETHER;
pub use seam::Together;
