//! Why a record does not become lines.
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
    pub(crate) fn at<E>(self, entry: u64) -> WriteError<E> {
        match self {
            Misfit::Actions(error) => WriteError::Actions { entry, error },
            Misfit::Returns(error) => WriteError::Returns { entry, error },
            Misfit::Options(found) => WriteError::Options { entry, found },
            Misfit::Metrics { expected, found } => WriteError::Metrics { entry, expected, found },
        }
    }
}

/// Why entries do not become lines. Entries are counted from 0.
#[derive(Debug)]
#[allow(missing_docs, reason = "`entry` is the place, `error` and `found` what is wrong there")]
pub enum WriteError<E = std::io::Error> {
    /// The output fails.
    Io(E),
    /// A joint action that is not one of this environment's.
    Actions { entry: u64, error: DecodeError },
    /// A block of returns that is not one of this environment's.
    Returns { entry: u64, error: DecodeError },
    /// Reset options that are no JSON object.
    Options { entry: u64, found: String },
    /// Not as many metrics as names.
    Metrics { entry: u64, expected: usize, found: usize },
    /// The record itself cannot be read.
    Record(ChunkError),
}

impl<E: fmt::Display> fmt::Display for WriteError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::Io(error) => write!(f, "the record cannot be written: {error}"),
            WriteError::Record(error) => error.fmt(f),
            WriteError::Actions { entry, error } => write!(f, "entry {entry}: the joint action: {error}"),
            WriteError::Returns { entry, error } => write!(f, "entry {entry}: what it returned: {error}"),
            WriteError::Options { entry, found } => {
                write!(f, "entry {entry}: expected reset options as a JSON object, found {found}")
            }
            WriteError::Metrics { entry, expected, found } => {
                write!(f, "entry {entry}: expected {expected} metrics, one a name, found {found}")
            }
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for WriteError<E> {}

impl<E> From<ChunkError> for WriteError<E> {
    fn from(error: ChunkError) -> Self {
        WriteError::Record(error)
    }
}

impl From<std::io::Error> for WriteError {
    fn from(error: std::io::Error) -> Self {
        WriteError::Io(error)
    }
}
