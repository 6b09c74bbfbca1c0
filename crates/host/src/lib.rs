//! Inside the Worker: one environment that answers requests.
//!
//! [`Responder`] is the whole behaviour and knows no browser: bytes in, bytes out, the clock passed in. [`start`] ties it to
//! the Worker's messages.
mod many;
mod responder;
mod worker;

pub use responder::{Answer, Responder};
pub use worker::{Make, start};
