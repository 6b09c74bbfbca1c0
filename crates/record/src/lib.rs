//! The trajectory format: write it, read it, verify it by replay.
//!
//! A running game appends to a [`Log`], which is bytes and costs next to nothing. When the game is over,
//! [`write_jsonl`] turns the log into a record: JSON Lines, the same for a participant's session and for a trajectory of a
//! Python reference. [`Reader`] reads records line by line, and [`verify()`] replays one and compares every step.
//! `docs/record-format.md` describes the format for those who analyse it.
//!
//! | module | what it holds |
//! |---|---|
//! | [`members`] | members of spaces as JSON |
//! | [`log`] | the binary log of a running game |
//! | [`header`] | the first line of a record |
//! | [`write`](mod@write) | from a log to a record |
//! | [`lines`](mod@lines), [`header_text`] | the same for a page, whose module has neither `io` nor `serde` |
//! | [`line`](mod@line) | the lines of a record, typed |
//! | [`read`](mod@read) | from bytes, compressed or not, to lines |
//! | [`verify`](mod@verify) | replay and comparison |
//! | [`player`] | what a replay plays |
//! | [`audit`](mod@audit) | replay that goes on after a difference, and counts |
//! | [`failure`] | everything that can keep a record from verifying |
//! | `gzip` | compression, behind the feature of that name |
#![forbid(unsafe_code)]

pub mod audit;
mod compare;
mod cursor;
pub mod failure;
mod field;
#[cfg(feature = "gzip")]
pub mod gzip;
pub mod header;
pub mod header_text;
mod layout;
pub mod line;
pub mod lines;
pub mod log;
pub mod members;
pub mod player;
mod python;
pub mod read;
mod source;
pub mod verify;
pub mod write;

pub use audit::{Audit, Auditor, Departure};
pub use failure::{Difference, Failure};
#[cfg(feature = "gzip")]
pub use gzip::compress;
pub use header::Header;
pub use header_text::HeaderText;
pub use line::Line;
pub use lines::{Texts, WriteError, write_lines};
pub use log::{Entry, Log, LogError};
pub use player::{Player, Refusal};
pub use read::{Numbered, ReadError, Reader};
pub use source::Limits;
pub use verify::{Progress, Report, Verifier, verify};
pub use write::write_jsonl;
