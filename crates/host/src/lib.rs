//! Inside the Worker: one environment that answers requests.
//!
//! [`Responder`] is the whole behaviour and knows no browser: bytes in, bytes out, the clock passed in. [`start`] ties it to
//! the Worker's messages.
//!
//! | file | what it does |
//! |---|---|
//! | `responder.rs` | requests to replies |
//! | `many.rs` | many steps in one crossing |
//! | `held.rs` | a step that was sent before its time, and its amendments |
//! | `desk.rs` | the order in which messages are answered |
//! | `waiting.rs` | waiting more exactly than timers do |
//! | `worker.rs` | the Worker's messages |
mod desk;
mod held;
mod many;
mod responder;
mod waiting;
mod worker;

pub use responder::{Answer, Responder};
pub use worker::{Make, start};
