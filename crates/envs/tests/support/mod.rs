//! What the tests of the environments have in common.
//!
//! | module | what it holds |
//! |---|---|
//! | `cases` | every environment of the catalog, with its defaults and with other arguments |
//! | `play` | playing, and everything that can be seen of an environment at one moment |
//! | `golden` | records of the references, replayed |
//! | `allocations` | an allocator that counts |
#![allow(dead_code, reason = "every test program takes the part it needs")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]

pub(crate) mod allocations;
pub(crate) mod cases;
pub(crate) mod golden;
pub(crate) mod play;
