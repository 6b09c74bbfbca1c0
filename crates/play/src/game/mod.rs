//! The page's side of a game: `handle(now, event) → outputs`. It knows no browser and no clock.
//!
//! | file | what it holds |
//! |---|---|
//! | `event.rs`, `output.rs`, `options.rs` | what can happen, what is to be done, what was asked for |
//! | `core.rs` | what follows from what |
//! | `presence.rs`, `patience.rs` | whether somebody is there, and waiting with a limit |
//! | `metrics.rs`, `percentiles.rs`, `frames.rs` | when each step passed each station |
//! | `note.rs` | what the record says besides steps |
mod core;
mod event;
mod frames;
mod metrics;
mod note;
mod options;
mod output;
mod patience;
mod percentiles;
mod presence;

pub use self::core::Game;
pub use event::{Event, Made};
pub use metrics::{Metrics, Summary};
pub use options::Options;
pub use output::{Output, PlayedStep, Teardown, Timer};
pub use percentiles::Percentiles;
