//! Inside the Worker: one environment that answers requests.
//!
//! [`Responder`] is the whole behaviour and knows no browser: bytes in, bytes out, the clock passed in. [`start`] ties it to
//! the Worker's messages, [`Direct`] to a module of the same thread.
mod direct;
mod plain;
mod responder;
mod worker;

pub use direct::Direct;
pub use responder::{Answer, Responder};
pub use worker::{Make, start};
