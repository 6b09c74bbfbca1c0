//! Why bytes are no row.
use std::fmt;

/// Bytes that are no row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowError {
    /// They end inside a row.
    Truncated {
        /// How many bytes were expected at least.
        needed: usize,
        /// How many there were.
        left: usize,
    },
    /// It is longer than rows may be here.
    TooLong {
        /// How many bytes it may have.
        most: usize,
        /// How many it says it has.
        found: usize,
    },
    /// They say more words than their length has, or none at all.
    Words {
        /// How many words are left in the row.
        expected: usize,
        /// How many the bytes say.
        found: usize,
    },
}

impl fmt::Display for RowError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RowError::Truncated { needed, left } => {
                write!(f, "the row is cut off: expected {needed} more bytes, found {left}")
            }
            RowError::TooLong { most, found } => {
                write!(f, "the row is too long: expected at most {most} bytes, found {found}")
            }
            RowError::Words { expected, found } => {
                write!(f, "the row does not fit its length: expected 1 to {expected} more words, found {found}")
            }
        }
    }
}

impl std::error::Error for RowError {}
