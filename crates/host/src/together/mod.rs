//! A game of a match in the Worker: the play socket, and what ties it to the game. Only the modules of families that have games for
//! several people carry it: nothing else names [`TOGETHER`].
//!
//! | file | what it does |
//! |---|---|
//! | `seam.rs` | what the rest of the Worker knows of it |
//! | `shell.rs` | carries out what the game wants done |
//! | `watching.rs` | the same for a match that is watched |
//! | `transport.rs` | what a connection can do |
//! | `play_socket.rs` | the connection to the server |
mod play_socket;
pub(crate) mod seam;
mod shell;
mod transport;
mod watching;

pub use seam::Together;
pub use shell::TOGETHER;
