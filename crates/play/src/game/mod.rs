//! The page's side of a game: `handle(now, event) → outputs`. It knows no browser and no clock.
//!
//! `core.rs` imports the parts, which do not know it, nor one another but for what is named here.
//!
//! | file | what it holds |
//! |---|---|
//! | `event.rs`, `output.rs`, `options.rs` | what can happen, what is to be done, what was asked for |
//! | `core.rs`, `queries.rs` | what follows from what, and what can be asked |
//! | `life.rs`, `patience.rs` | the session's states, and waiting with a limit |
//! | `input.rs` | what a participant does |
//! | `presence.rs` | whether somebody is there |
//! | `granting.rs`, `to_worker.rs` | how far the Worker may play, and requests to it |
//! | `episodes.rs`, `pictures.rs` | which episode is played, which picture has been seen |
//! | `recording.rs`, `note.rs` | the record in the making, and what it says besides steps |
//! | `matched.rs`, `together.rs`, `in_match.rs` | a game of a match: what it hears and tells, where it stands, what follows from what |
//! | `in_any_game.rs` | what every game asks of its match, if it is one of a match |
//! | `metrics.rs`, `percentiles.rs`, `frames.rs` | when each step passed each station |
mod core;
mod episodes;
mod event;
mod frames;
mod granting;
mod in_any_game;
mod in_match;
mod input;
mod life;
mod matched;
mod metrics;
mod note;
mod options;
mod output;
mod patience;
mod percentiles;
mod pictures;
mod presence;
mod queries;
mod recording;
mod to_worker;
mod together;

pub use self::core::Game;
pub use event::{Event, Made};
pub use matched::{FromServer, MatchTold, Matched, SeatKind};
pub use metrics::{Metrics, Summary};
pub use options::{Options, Start};
pub use output::{Output, PlayedStep, Teardown, Timer};
pub use percentiles::Percentiles;
