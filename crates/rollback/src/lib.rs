//! The core of a game of two to eight peers, pure: input delay, prediction, confirmation and rollback, leavers, reconnection,
//! resynchronisation. It knows no browser, clock, socket or environment: what happens comes in as an [`Event`] with its time, and
//! what is to be done goes out as [`Output`]s.
//!
//! ```text
//!  ticks, packets, the server's words ─► Peer::handle ─► packets to send, frames to show, frames confirmed
//!                                            │  ▲
//!                          keep, rewind, step ▼  │ hash
//!                                           World: the game
//! ```
//!
//! | module | what it holds |
//! |---|---|
//! | [`Peer`] | one peer that plays |
//! | [`Follower`] | who only follows: a spectator, or the server that replays |
//! | [`World`] | what both drive |
//! | `timeline` | frames, inputs, predictions, the way back |
//! | `link`, `pace` | what a peer knows of another, and when a tick is due |
//! | `chain` | the hash of a history |
//! | `wire` | packets as bytes |
#![forbid(unsafe_code)]

mod actions;
mod chain;
mod checkpoint;
mod event;
mod follower;
mod link;
mod options;
mod output;
mod pace;
mod peer;
mod report;
mod seats;
mod stats;
mod timeline;
mod wire;
mod world;

pub use actions::{Actions, JointAction, LONGEST_ACTION};
pub use chain::episode_seed;
pub use event::Event;
pub use follower::{FollowError, Follower};
pub use options::{Authority, Dropout, Options, OptionsError, SeatKind};
pub use output::{EndReason, LeaveReason, Output};
pub use peer::{MOST_EPOCHS, Peer};
pub use report::write_report;
pub use seats::{MOST_SEATS, SeatSet};
pub use stats::Stats;
pub use wire::Refusal;
pub use world::{Outcome, World};
