//! The page's side of the Worker: requests with deadlines, exactly one outcome for each, and an end that nothing survives.
//!
//! | file | what it does |
//! |---|---|
//! | `module.rs`, `module.js` | loads and compiles the Worker's modules, each once for all Workers of a page |
//! | `link.rs`, `purpose.rs` | one Worker, what it is for, and what is sent to it |
//! | `receiving.rs` | what it says, taken apart |
//! | `listening.rs` | its messages, errors and deadlines |
//! | `pending.rs`, `answer.rs` | the requests under way, and what becomes of them |
//! | `policy_seat.rs`, `policies.rs` | policies for seats of a game, and their files |
//! | `shared.rs` | the faster way, through shared memory |
//! | `written.rs` | requests that JavaScript has written, and steps that it asks for and settles |
//! | `teardown.rs` | the end |
mod answer;
mod handlers;
mod link;
mod listening;
mod module;
mod pending;
mod policies;
mod policy_seat;
mod purpose;
mod receiving;
mod shared;
mod teardown;
mod written;

pub(crate) use answer::{Answer, Done};
pub(crate) use link::Link;
pub(crate) use module::{handed_over, module_path, modules, url, verifier};
pub(crate) use policy_seat::{Manifest, PolicySeat, Terms};
pub(crate) use purpose::Purpose;
pub(crate) use teardown::teardown_from;
