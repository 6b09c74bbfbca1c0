//! A pair of letter boxes in shared memory, one each way between a page and its Worker.
//!
//! Where a page is cross-origin isolated, a message through shared memory and `Atomics.waitAsync` takes a quarter of the
//! time of `postMessage`: nothing is serialised, and no task queue stands between. Each box holds one message at a time;
//! whoever sends the next knows that the last was taken because it was answered.
#![forbid(unsafe_code)]

mod mailbox;
mod support;

pub use mailbox::{Mailbox, Side};
pub use support::shared_memory;
