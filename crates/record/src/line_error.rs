//! Why entries do not become lines.
use std::fmt;

use palaestra_env::codec::DecodeError;

use crate::chunk::ChunkError;

/// What is wrong with an entry.
pub(crate) enum Misfit {
    Actions(DecodeError),
    Returns(DecodeError),
    Options(String),
    Metrics { expected: usize, found: usize },
}

impl Misfit {
    pub(crate) fn at(self, entry: u64) -> LineError {
        match self {
            Misfit::Actions(error) => LineError::Actions { entry, error },
            Misfit::Returns(error) => LineError::Returns { entry, error },
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
        }
    }
}

impl std::error::Error for LineError {}

impl From<ChunkError> for LineError {
    fn from(error: ChunkError) -> Self {
        LineError::Chunk(error)
    }
}
