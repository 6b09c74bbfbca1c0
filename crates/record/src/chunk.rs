//! A chunk: a stretch of a record, readable without those before it.
//!
//! ```text
//! "PRC2" │ number u32 │ entries u64 │ steps u64 │ episodes u64     what came before it
//! entry after entry, see `entry.rs`; what the first reset or step returned stands whole, the others as differences or predicted
//! checksum u64                                                     XXH64 of all of it
//! ```
//!
//! "PRC1" is one of an earlier version, which predicted nothing.
use std::fmt;
use std::ops::Range;

use xxhash_rust::xxh64::{Xxh64, xxh64};

use crate::cursor::{Cursor, Malformed};
use crate::entry::{self, Entry};
use crate::returned::RowsIn;

const MAGIC: [u8; 4] = *b"PRC2";
const EARLIER: [u8; 4] = *b"PRC1";
const CHECKSUM: usize = size_of::<u64>();
/// What a reset or a step may have returned, in a record of somebody else's: a line of 16 MiB has room for no more, since 8 bytes take at least
/// two characters.
const MOST_ROW: usize = 64 << 20;

/// How much there is of a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// How many entries.
    pub entries: u64,
    /// How many of them are steps.
    pub steps: u64,
    /// How many of them are resets.
    pub episodes: u64,
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entries, steps, episodes } = self;
        write!(f, "{entries} entries with {steps} steps in {episodes} episodes")
    }
}

/// Begins a chunk.
pub(crate) fn open(number: u32, before: Totals) -> Vec<u8> {
    let mut bytes = MAGIC.to_vec();
    bytes.extend(number.to_le_bytes());
    bytes.extend([before.entries, before.steps, before.episodes].map(u64::to_le_bytes).as_flattened());
    bytes
}

/// Whether bytes are no more than the beginning of what this chunk begins with.
pub(crate) fn has_hardly_begun(bytes: &[u8], number: u32, before: Totals) -> bool {
    let mut head = open(number, before);
    let is_its = head.starts_with(bytes);
    head.splice(..EARLIER.len(), EARLIER);
    is_its || head.starts_with(bytes)
}

/// Ends it.
pub(crate) fn seal(bytes: &mut Vec<u8>) {
    let checksum = xxh64(bytes, 0);
    bytes.extend(checksum.to_le_bytes());
}

/// Checks a sealed chunk, of which it is expected that it is this one, and says where its entries are.
pub(crate) fn unseal(bytes: &[u8], number: u32, before: Totals) -> Result<Range<usize>, ChunkError> {
    let not_a_chunk = ChunkError::NotAChunk { chunk: number };
    if !is_chunk(bytes) {
        return Err(not_a_chunk);
    }
    let (body, checksum) = bytes.split_last_chunk::<CHECKSUM>().ok_or(not_a_chunk)?;
    if xxh64(body, 0) != u64::from_le_bytes(*checksum) {
        return Err(ChunkError::Damaged { chunk: number });
    }
    let mut cursor = Cursor::new(body);
    let (found, totals) = head(&mut cursor).map_err(|_| not_a_chunk)?;
    if (found, totals) != (number, before) {
        return Err(ChunkError::Order { chunk: number, before, found, found_before: totals });
    }
    Ok(body.len() - cursor.rest().len()..body.len())
}

/// How a chunk ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It was sealed, and more may follow.
    Sealed,
    /// The bytes end in the middle of it.
    Cut,
    /// What stands behind its last entry is neither another nor its checksum.
    Damaged,
}

/// A chunk that was found at the beginning of some bytes.
#[derive(Debug)]
pub(crate) struct Found {
    /// The chunk, sealed here where it was not.
    pub(crate) sealed: Vec<u8>,
    /// How many of the bytes are the chunk's; what follows an entry that is not whole is nobody's.
    pub(crate) used: usize,
    /// How it ends.
    pub(crate) end: End,
    /// How much there is of the record with it.
    pub(crate) after: Totals,
}

/// Finds this chunk at the beginning of `bytes`, which may end anywhere: with every entry that is whole. A chunk does not say how long
/// it is, but its checksum stands behind its last entry.
///
/// # Errors
/// [`ChunkError`] where it does not begin as this chunk does.
pub(crate) fn find(bytes: &[u8], number: u32, before: Totals) -> Result<Found, ChunkError> {
    let mut cursor = Cursor::new(bytes);
    let (found, totals) = head(&mut cursor).map_err(|_| ChunkError::NotAChunk { chunk: number })?;
    if !is_chunk(bytes) {
        return Err(ChunkError::NotAChunk { chunk: number });
    }
    if (found, totals) != (number, before) {
        return Err(ChunkError::Order { chunk: number, before, found, found_before: totals });
    }
    let (mut rest, mut rows, mut after, mut digest) =
        (cursor.rest(), RowsIn::with_most(MOST_ROW), before, Xxh64::new(0));
    digest.update(bytes.get(..bytes.len() - rest.len()).unwrap_or_default());
    let end = loop {
        let checksum = digest.digest().to_le_bytes();
        if rest.starts_with(&checksum) {
            break End::Sealed;
        }
        if checksum.starts_with(rest) {
            break End::Cut;
        }
        let mut next = rest;
        match entry::take(&mut next, &mut rows) {
            Ok(entry) => after.count(&entry),
            Err(Malformed::Ended) => break End::Cut,
            Err(Malformed::Other) => break End::Damaged,
        }
        digest.update(rest.get(..rest.len() - next.len()).unwrap_or_default());
        rest = next;
    };
    let entries = bytes.len() - rest.len();
    let mut sealed = bytes.get(..entries).unwrap_or_default().to_vec();
    seal(&mut sealed);
    let used = if end == End::Sealed { sealed.len() } else { entries };
    Ok(Found { sealed, used, end, after })
}

/// Whether bytes begin as chunks do.
fn is_chunk(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC) || bytes.starts_with(&EARLIER)
}

/// Whether bytes begin as a chunk does that comes after this one.
pub(crate) fn is_later(bytes: &[u8], number: u32) -> bool {
    // Nobody has as many chunks as text would say behind these letters.
    let head = head(&mut Cursor::new(bytes)).ok().filter(|_| is_chunk(bytes));
    head.is_some_and(|(found, _)| found > number && found < 1 << 24)
}

impl Totals {
    /// Counts one entry more.
    pub(crate) fn count(&mut self, entry: &Entry<'_>) {
        self.entries = self.entries.saturating_add(1);
        match entry {
            Entry::Reset { .. } => self.episodes = self.episodes.saturating_add(1),
            Entry::Step { .. } => self.steps = self.steps.saturating_add(1),
            Entry::Event(_) => {}
        }
    }
}

fn head(cursor: &mut Cursor<'_>) -> Result<(u32, Totals), Malformed> {
    cursor.take(MAGIC.len())?;
    let number = cursor.take(size_of::<u32>())?.try_into().map_err(|_| Malformed::Other)?;
    let before = Totals { entries: cursor.u64()?, steps: cursor.u64()?, episodes: cursor.u64()? };
    Ok((u32::from_le_bytes(number), before))
}

/// Why bytes are not the chunk that was expected. Chunks and entries are counted from 0, entries through the whole record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "`chunk` and `entry` are the place, `found` what was there instead of it")]
pub enum ChunkError {
    /// They do not begin as a chunk does.
    NotAChunk { chunk: u32 },
    /// They are not as they were written: cut, lengthened or changed.
    Damaged { chunk: u32 },
    /// They are another chunk: one is missing, stands twice or in another place.
    Order { chunk: u32, before: Totals, found: u32, found_before: Totals },
    /// An entry is none that a recorder writes.
    Entry { chunk: u32, entry: u64 },
    /// The record is over before it has all that it should have.
    Missing { chunk: u32, expected: Totals, found: Totals },
}

impl fmt::Display for ChunkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAChunk { chunk } => {
                write!(f, "chunk {chunk} of the record: expected bytes that begin with PRC2, found others")
            }
            Self::Damaged { chunk } => {
                write!(f, "chunk {chunk} of the record: expected the bytes that were written, found changed ones")
            }
            Self::Order { chunk, before, found, found_before } => {
                write!(
                    f,
                    "chunk {chunk} of the record: expected it after {before}, found chunk {found} after {found_before}"
                )
            }
            Self::Entry { chunk, entry } => {
                write!(
                    f,
                    "chunk {chunk} of the record: expected a reset, step or event as entry {entry}, found neither"
                )
            }
            Self::Missing { chunk, expected, found } => {
                write!(f, "the record: expected {expected}, found {found} before chunk {chunk}, which is missing")
            }
        }
    }
}

impl std::error::Error for ChunkError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_a_chunk_is_told_with_what_was_expected() {
        let before = Totals { entries: 3, steps: 2, episodes: 1 };
        let (found, missing) =
            (Totals::default(), ChunkError::Missing { chunk: 4, expected: before, found: Totals::default() });
        let none = "0 entries with 0 steps in 0 episodes";
        let some = "3 entries with 2 steps in 1 episodes";
        assert_eq!(
            missing.to_string(),
            format!("the record: expected {some}, found {none} before chunk 4, which is missing")
        );
        let order = ChunkError::Order { chunk: 1, before, found: 2, found_before: found };
        assert_eq!(
            order.to_string(),
            format!("chunk 1 of the record: expected it after {some}, found chunk 2 after {none}")
        );
        assert!(ChunkError::Damaged { chunk: 7 }.to_string().contains("chunk 7 of the record: expected the bytes"));
    }
}
