//! Inside the Worker: one environment that answers requests.
//!
//! [`Responder`] is the whole behaviour and knows no browser: bytes in, bytes out, the clock passed in. [`start`] ties it to
//! the Worker's messages, [`Direct`] to a module of the same thread.
//!
//! | file | what it does |
//! |---|---|
//! | `responder.rs` | requests to replies |
//! | `many.rs` | many steps in one crossing |
//! | `held.rs` | a step that was sent before its time, and its amendments |
//! | `desk.rs` | the order in which messages are answered |
//! | `waiting.rs` | waiting more exactly than timers do |
//! | `worker.rs` | the Worker's messages |
//! | `direct.rs`, `plain.rs` | the same for a module that calls, and what objects say |
mod desk;
mod direct;
mod held;
mod many;
mod plain;
mod responder;
mod waiting;
mod worker;

pub use direct::Direct;
pub use responder::{Answer, Responder};
pub use worker::{Make, start};
