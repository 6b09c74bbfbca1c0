//! From chunks to entries.
use crate::chunk::{self, ChunkError, Totals};
use crate::entry::{self, Entry};
use crate::returned::RowsIn;

/// Reads a record's chunks, one after another. Each is checked when it is given; none before it is needed any more.
#[derive(Clone, Debug, Default)]
pub struct RecordReader {
    /// How many chunks have been given.
    chunks: u32,
    bytes: Vec<u8>,
    /// Where in them the next entry begins, and where the entries end.
    at: usize,
    end: usize,
    totals: Totals,
    rows: RowsIn,
}

impl RecordReader {
    /// Before the first chunk.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next chunk.
    ///
    /// # Errors
    /// [`ChunkError`] where the bytes are not the chunk that follows what was read so far. It is then as if they had not been
    /// given.
    pub fn chunk(&mut self, bytes: Vec<u8>) -> Result<(), ChunkError> {
        let entries = chunk::unseal(&bytes, self.chunks, self.totals)?;
        (self.at, self.end) = (entries.start, entries.end);
        self.bytes = bytes;
        self.rows.start();
        self.chunks = self.chunks.saturating_add(1);
        Ok(())
    }

    /// Takes what there is of the next chunk, which may not have been sealed and may end anywhere. Nothing follows it.
    ///
    /// # Errors
    /// [`ChunkError`] where the bytes do not begin as that chunk does.
    pub fn last_chunk(&mut self, bytes: &[u8]) -> Result<(), ChunkError> {
        let found = chunk::find(bytes, self.chunks, self.totals)?;
        self.chunk(found.sealed)
    }

    /// The next entry; `None` at the end of the chunk.
    ///
    /// # Errors
    /// [`ChunkError::Entry`] for bytes that no recorder writes.
    pub fn next_entry(&mut self) -> Result<Option<Entry<'_>>, ChunkError> {
        let mut rest = self.bytes.get(self.at..self.end).unwrap_or_default();
        if rest.is_empty() {
            return Ok(None);
        }
        let wrong = ChunkError::Entry { chunk: self.chunks.saturating_sub(1), entry: self.totals.entries };
        let entry = entry::take(&mut rest, &mut self.rows).map_err(|_| wrong)?;
        self.at = self.end - rest.len();
        self.totals.count(&entry);
        Ok(Some(entry))
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
        let (chunk, found) = (self.chunks, self.totals);
        if found == expected { Ok(()) } else { Err(ChunkError::Missing { chunk, expected, found }) }
    }
}
