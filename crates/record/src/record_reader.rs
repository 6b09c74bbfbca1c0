//! From chunks to entries.
use palaestra_rows::Row;

use crate::chunk::{self, ChunkError, Totals};
use crate::cursor::Malformed;
use crate::entry::{self, Entry};

/// Reads a record's chunks, one after another. Each is checked when it is given; none before it is needed any more.
#[derive(Clone, Debug, Default)]
pub struct RecordReader {
    chunk: u32,
    totals: Totals,
    row: Row,
}

impl RecordReader {
    /// Before the first chunk.
    pub fn new() -> Self {
        Self::default()
    }

    /// The entries of the next chunk.
    ///
    /// # Errors
    /// [`ChunkError`] where the bytes are not the chunk that follows what was read so far.
    pub fn chunk<'a>(&'a mut self, bytes: &'a [u8]) -> Result<Entries<'a>, ChunkError> {
        let rest = chunk::unseal(bytes, self.chunk, self.totals)?;
        self.row.start();
        self.chunk = self.chunk.saturating_add(1);
        Ok(Entries { reader: self, rest })
    }

    /// How much has been read.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// Says that no chunk follows, of a record of which it is known how much it has.
    ///
    /// # Errors
    /// [`ChunkError::Missing`] where it has not as much.
    pub fn finish(&self, expected: Totals) -> Result<(), ChunkError> {
        let (chunk, found) = (self.chunk, self.totals);
        if found == expected { Ok(()) } else { Err(ChunkError::Missing { chunk, expected, found }) }
    }
}

/// The entries of a chunk, in order.
#[derive(Debug)]
pub struct Entries<'a> {
    reader: &'a mut RecordReader,
    rest: &'a [u8],
}

impl Entries<'_> {
    /// The next entry; `None` at the end of the chunk.
    ///
    /// # Errors
    /// [`ChunkError::Entry`] for bytes that no recorder writes.
    pub fn next_entry(&mut self) -> Result<Option<Entry<'_>>, ChunkError> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let RecordReader { chunk, totals, row } = &mut *self.reader;
        let wrong = ChunkError::Entry { chunk: chunk.saturating_sub(1), entry: totals.entries };
        let entry = entry::take(&mut self.rest, row).map_err(|Malformed| wrong)?;
        totals.entries = totals.entries.saturating_add(1);
        match entry {
            Entry::Reset { .. } => totals.episodes = totals.episodes.saturating_add(1),
            Entry::Step { .. } => totals.steps = totals.steps.saturating_add(1),
            Entry::Event(_) => {}
        }
        Ok(Some(entry))
    }
}
