//! Inside the Worker: one environment that answers a program's requests, or a game that is played.
//!
//! [`Role`] is the whole behaviour and knows no browser: bytes in, bytes out, the clock passed in. [`start`] ties it to the
//! Worker's messages, [`LocalResponder`] a [`Responder`] to a module of the same thread.
//!
//! | file | what it does |
//! |---|---|
//! | `role.rs`, `player.rs` | a program's requests, or a game's; who has the environment |
//! | `responder.rs`, `actions.rs`, `step_many.rs` | a program's requests to replies, many steps in one crossing |
//! | `worker_loop.rs` | the order in which messages are answered and ticks are played |
//! | `waiting.rs` | waiting more exactly than timers do |
//! | `worker.rs`, `post.rs` | the Worker's beginning, and its messages |
//! | `rollouts.rs` | episodes that policies play by themselves |
//! | `seated.rs` | policies in seats, which are another module's |
//! | `together/` | a game of a match: the play socket |
//! | `local_responder.rs` | answers without messages |
mod actions;
mod local_responder;
mod player;
mod post;
mod responder;
mod role;
mod rollouts;
mod seated;
mod step_many;
mod together;
mod waiting;
mod worker;
mod worker_loop;

pub use local_responder::LocalResponder;
pub use responder::{Answer, Responder};
pub use role::Role;
pub use together::{TOGETHER, Together};
pub use worker::{Make, start};
