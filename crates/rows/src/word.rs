//! Words, of which rows are made.

/// Bytes in a word.
pub(crate) const WORD: usize = 8;
