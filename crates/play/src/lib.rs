//! The game, pure: what the page does with keys, time and messages, and what the Worker does with grants and keys. No browser,
//! no clock, no socket: whatever happens comes in as an event with its time, and whatever is to be done goes out as data.
//!
//! ```text
//!  page: Game                                         Worker: Port around a Simulation
//!   keys, focus, time, replies ─► handle ─► grants, keys ──────► answer, advance ─► step events ─┐
//!   pictures, timers, record  ◄─┘        ◄───────────────────────────────────────────────────────┘
//! ```
//!
//! | module | what it holds |
//! |---|---|
//! | [`game`] | the page's side: life, presence, grants, episodes, metrics, record |
//! | [`simulation`] | the Worker's side: environment, seats, ticks, snapshots |
//! | [`port`] | the Worker's side behind messages |
//! | [`keyboard`], [`ticker`] | keys to actions, and when a tick is due |
//! | [`together`] | a game of a match: several browsers, one game |
//! | [`returned`] | what a step came to, as messages carry it |
#![forbid(unsafe_code)]

pub mod game;
pub mod keyboard;
pub mod port;
pub mod returned;
pub mod simulation;
pub mod ticker;
pub mod together;

pub use game::Game;
pub use port::Port;
pub use simulation::Simulation;
