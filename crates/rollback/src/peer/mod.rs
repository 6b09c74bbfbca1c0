//! One peer of a match.
//!
//! | file | what it holds |
//! |---|---|
//! | `core.rs` | what a peer is |
//! | `handle.rs`, `tick.rs` | what happens to it; what is done at every tick, in order |
//! | `agree.rs` | claims, what is confirmed, episodes, the end |
//! | `receive.rs`, `send.rs` | packets |
//! | `leavers.rs` | silence, leavers, their last frames |
//! | `difference.rs` | what is done when states differ |
//! | `serving.rs`, `taking.rs`, `transfer.rs` | states: made, taken over, on their way |
mod agree;
mod core;
mod difference;
mod handle;
mod leavers;
mod receive;
mod send;
mod serving;
mod taking;
mod tick;
mod transfer;

pub use self::core::Peer;
pub use self::difference::MOST_EPOCHS;
