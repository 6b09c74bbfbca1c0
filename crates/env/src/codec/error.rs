use std::fmt;

use crate::bytes::Truncated;

/// Bytes that are not a member of the space they were read for.
#[derive(Clone, Debug, PartialEq)]
pub enum DecodeError {
    /// They end too early.
    Truncated(Truncated),
    /// They go on after the member's end.
    Trailing {
        /// How many bytes are left over.
        left: usize,
    },
    /// A OneOf index beyond its alternatives.
    Alternative {
        /// The index found.
        index: u8,
        /// How many alternatives there are.
        alternatives: usize,
    },
    /// A text that is not UTF-8.
    NotUtf8,
}

impl From<Truncated> for DecodeError {
    fn from(error: Truncated) -> Self {
        DecodeError::Truncated(error)
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DecodeError::Truncated(error) => write!(f, "the bytes end inside a value: {error}"),
            DecodeError::Trailing { left } => write!(f, "expected the bytes to end with the value, found {left} more"),
            DecodeError::Alternative { index, alternatives } => {
                write!(f, "expected one of {alternatives} alternatives, found index {index}")
            }
            DecodeError::NotUtf8 => f.write_str("expected a text in UTF-8, found other bytes"),
        }
    }
}

impl std::error::Error for DecodeError {}
