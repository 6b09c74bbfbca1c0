//! The page's side of the Worker: requests with deadlines, exactly one outcome for each, and an end that nothing survives.
//!
//! | file | what it does |
//! |---|---|
//! | `module.rs` | compiles the Worker's modules, each once for all Workers of a page |
//! | `link.rs` | one Worker, and what is sent to it |
//! | `receiving.rs` | what it says, taken apart |
//! | `listening.rs` | its messages, errors and deadlines |
//! | `pending.rs` | the requests under way |
//! | `shared.rs` | the faster way, through shared memory |
//! | `teardown.rs` | the end |
mod link;
mod listening;
mod module;
mod pending;
mod receiving;
mod shared;
mod teardown;

pub(crate) use link::{Answer, Link};
pub(crate) use module::{family, set_base, url};
pub(crate) use pending::Done;
pub(crate) use teardown::teardown_from;
