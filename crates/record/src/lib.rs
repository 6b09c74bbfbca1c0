//! The trajectory format: write it, read it, verify it by replay.
//!
//! A running game tells a [`Recorder`], which keeps what changed and gives it away in sealed chunks. When the game is over,
//! a [`FileWriter`] makes the record's file of the chunks: JSON Lines, the same for a participant's session and for a trajectory
//! of a Python reference. [`Reader`] reads such files line by line, and
//! [`verify()`] replays one and compares every step.
//! `docs/record-format.md` describes the format for those who analyse it.
//!
//! | module | what it holds |
//! |---|---|
//! | [`recorder`], `entry`, [`chunk`] | what a running game leaves, in chunks |
//! | `returned` | what resets and steps returned, as differences or predicted |
//! | [`record_reader`], [`record`] | the entries in those chunks |
//! | [`stream`] | the chunks on their way, which may be cut anywhere |
//! | [`members`] | members of spaces as JSON |
//! | [`header`] | the first line of a record |
//! | [`write`](mod@write) | from a record in memory to its file |
//! | [`pieces`], [`lines`](mod@lines), [`header_text`] | the same piece by piece, also for a page, whose module has neither `io` nor `serde` |
//! | [`line`](mod@line) | the lines of a record, typed |
//! | [`read`](mod@read) | from bytes, compressed or not, to lines |
//! | [`verify`](mod@verify) | replay and comparison |
//! | [`player`] | what a replay plays |
//! | [`told`] | a replay of what the record itself says, where there is no environment |
//! | [`playback`] | replay that shows each step once it agrees |
//! | [`audit`](mod@audit) | replay that goes on after a difference, and counts |
//! | [`failure`] | everything that can keep a record from verifying |
//! | `gzip` | compression, behind the feature of that name |
#![forbid(unsafe_code)]

pub mod audit;
pub mod chunk;
mod compare;
mod cursor;
mod entry;
pub mod failure;
mod field;
#[cfg(feature = "gzip")]
pub mod gzip;
pub mod header;
pub mod header_text;
mod layout;
mod limits;
pub mod line;
mod line_error;
pub mod lines;
pub mod members;
pub mod pieces;
pub mod playback;
pub mod player;
mod python;
pub mod read;
pub mod record;
pub mod record_reader;
pub mod recorder;
mod returned;
mod source;
mod steps;
pub mod stream;
#[cfg(feature = "gzip")]
mod stream_lines;
pub mod told;
pub mod verify;
mod weight;
pub mod write;

pub use audit::{Audit, Auditor, Departure};
pub use chunk::{ChunkError, Totals};
pub use entry::{Entry, Metrics};
pub use failure::{Difference, Failure};
#[cfg(feature = "gzip")]
pub use gzip::compress;
pub use header::{GUEST, Header, UNFINISHED, not_verifiable};
pub use header_text::HeaderText;
pub use limits::Limits;
pub use line::Line;
pub use line_error::LineError;
pub use lines::{LineWriter, TIMES, Texts};
pub use pieces::FileWriter;
pub use playback::{Playback, Played};
pub use player::{Player, Refusal};
pub use read::{Numbered, ReadError, Reader};
pub use record::Record;
pub use record_reader::RecordReader;
pub use recorder::Recorder;

pub use steps::{ManyReturns, StepsError};
pub use stream::{Stream, StreamError};
pub use told::Told;
pub use verify::{Progress, Report, Verifier, verify};
pub use write::{WriteError, write_jsonl, write_stream};
