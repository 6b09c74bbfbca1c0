//! Why entries do not become lines.
use std::fmt;

use palaestra_env::codec::DecodeError;

use crate::chunk::ChunkError;
use crate::members::text::Unprinted;

/// What is wrong with an entry.
pub(crate) enum Misfit {
    Actions(Unprinted),
    Returns(Unprinted),
    Options(String),
    Metrics { expected: usize, found: usize },
    TooLong,
}

impl Misfit {
    /// Of this entry, whose line may have `most` bytes.
    pub(crate) fn at(self, entry: u64, most: usize) -> LineError {
        match self {
            Misfit::Actions(Unprinted::Bytes(error)) => LineError::Actions { entry, error },
            Misfit::Returns(Unprinted::Bytes(error)) => LineError::Returns { entry, error },
            Misfit::Actions(Unprinted::TooLong) | Misfit::Returns(Unprinted::TooLong) | Misfit::TooLong => {
                LineError::TooLong { entry, most }
            }
            Misfit::Options(found) => LineError::Options { entry, found },
            Misfit::Metrics { expected, found } => LineError::Metrics { entry, expected, found },
        }
    }
}

/// Why entries do not become lines. Entries are counted from 0.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "`entry` is the place, `error` and `found` what is wrong there")]
pub enum LineError {
    /// The record itself cannot be read.
    Chunk(ChunkError),
    /// A joint action that is not one of this environment's.
    Actions { entry: u64, error: DecodeError },
    /// A block of returns that is not one of this environment's.
    Returns { entry: u64, error: DecodeError },
    /// Reset options that are no JSON object.
    Options { entry: u64, found: String },
    /// Not as many metrics as names.
    Metrics { entry: u64, expected: usize, found: usize },
    /// A line of more than so many bytes.
    TooLong { entry: u64, most: usize },
    /// Lines of more than so many bytes altogether.
    TooMuch { most: u64 },
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LineError::Chunk(error) => error.fmt(f),
            LineError::Actions { entry, error } => write!(f, "entry {entry}: the joint action: {error}"),
            LineError::Returns { entry, error } => write!(f, "entry {entry}: what it returned: {error}"),
            LineError::Options { entry, found } => {
                write!(f, "entry {entry}: expected reset options as a JSON object, found {found}")
            }
            LineError::Metrics { entry, expected, found } => {
                write!(f, "entry {entry}: expected {expected} metrics, one per name, found {found}")
            }
            LineError::TooLong { entry, most } => {
                write!(f, "entry {entry}: expected a line of at most {most} bytes, found a longer one")
            }
            LineError::TooMuch { most } => write!(f, "the record: expected at most {most} bytes of text, found more"),
        }
    }
}

impl std::error::Error for LineError {}

impl From<ChunkError> for LineError {
    fn from(error: ChunkError) -> Self {
        LineError::Chunk(error)
    }
}
