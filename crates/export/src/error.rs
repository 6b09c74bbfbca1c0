//! Why there is no export.
use std::fmt;
use std::io;

use palaestra_env::codec::DecodeError;
use palaestra_record::Failure;
use palaestra_text::Shown;

/// Minari reads an episode as the one batch that comes of it, and Arrow's scanner divides what has more than 2^17 rows.
pub(crate) const MOST_STEPS: u64 = (1 << 17) - 1;

/// Why a record gives no rows, or no more of them.
#[derive(Debug)]
pub enum ExportError {
    /// The record does not replay.
    Record(Failure),
    /// The record is of an environment in Python, which nobody but its page has: neither its spaces, by which columns are named, nor what it
    /// returns.
    Guest {
        /// Its id.
        id: String,
    },
    /// The environment returned bytes that are not of its spaces.
    Returns(DecodeError),
    /// The records need more columns than a table may have.
    Columns {
        /// How many it may have.
        limit: usize,
    },
    /// The record is another than the one that was surveyed: it changed in between.
    Changed {
        /// What it has now.
        found: String,
    },
    /// An episode that is longer than Minari reads.
    LongEpisode {
        /// Which, from 0.
        episode: u64,
        /// How many steps an episode may have.
        limit: u64,
    },
    /// An episode that takes too much memory, all of which Minari wants at once.
    LargeEpisode {
        /// Which, from 0.
        episode: u64,
        /// How many bytes an episode may take.
        limit: usize,
    },
    /// What was written cannot be put where it belongs.
    Write(io::Error),
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExportError::Record(failure) => failure.fmt(f),
            ExportError::Guest { id } => write!(
                f,
                "expected an environment that can be replayed here, found {}, which is in Python, of a page: the record has no spaces, \
                 which name a table's columns. The page has them: csv(), jsonl(), arrow() and minari() of its record. The lines are JSON all the \
                 same; docs/guests.md has how to make a table of them in Python",
                Shown(id)
            ),
            ExportError::Returns(error) => write!(f, "what the environment returned: {error}"),
            ExportError::Columns { limit } => write!(f, "expected at most {limit} columns, found more"),
            ExportError::Changed { found } => {
                write!(f, "expected the record that was read before, found another: {}", Shown(found))
            }
            ExportError::LongEpisode { episode, limit } => {
                write!(f, "episode {episode}: expected at most {limit} steps, which is what Minari reads, found more")
            }
            ExportError::LargeEpisode { episode, limit } => write!(
                f,
                "episode {episode}: expected at most {limit} bytes of observations and actions, since Minari keeps an episode \
                 in one piece, found more"
            ),
            ExportError::Write(error) => write!(f, "cannot be written: {error}"),
        }
    }
}

impl std::error::Error for ExportError {}

impl From<Failure> for ExportError {
    fn from(failure: Failure) -> Self {
        ExportError::Record(failure)
    }
}

impl From<DecodeError> for ExportError {
    fn from(error: DecodeError) -> Self {
        ExportError::Returns(error)
    }
}

impl From<io::Error> for ExportError {
    fn from(error: io::Error) -> Self {
        ExportError::Write(error)
    }
}
