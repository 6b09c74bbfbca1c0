//! How bytes leave a module for the other side: through a pair of letter boxes in shared memory, one each way between a page and its
//! Worker, or, everywhere else, in a [buffer](buffer_of) of their own.
//!
//! Where a page is cross-origin isolated, a message can go through shared memory and `Atomics.waitAsync`: nothing is
//! serialised and no buffer is made. Waking the other side costs what it costs either way; `npm run bench` says what is
//! left of the gain. Each box holds one message at a time; whoever sends the next knows that the last was taken because it
//! was answered.
#![forbid(unsafe_code)]

mod buffer;
mod mailbox;
mod support;

pub use buffer::{PostedBuffer, buffer_of};
pub use mailbox::{Mailbox, Side};
pub use support::shared_memory;
