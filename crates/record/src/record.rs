//! A record in one memory.
use crate::chunk::{ChunkError, Totals};
use crate::record_reader::RecordReader;

/// A record that is complete and in memory: its chunks, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    chunks: Vec<Vec<u8>>,
    totals: Totals,
}

impl Record {
    /// The chunks that a [`Recorder`](crate::Recorder) of this memory has given away, in order, and how much it says they hold.
    pub fn made_of(chunks: Vec<Vec<u8>>, totals: Totals) -> Self {
        Self { chunks, totals }
    }

    /// Takes over a record from its chunks, after going through them once.
    ///
    /// # Errors
    /// [`ChunkError`] where they are not the chunks of a record, from its first on. That the last ones are missing cannot be
    /// seen.
    pub fn from_chunks(chunks: Vec<Vec<u8>>) -> Result<Self, ChunkError> {
        let mut reader = RecordReader::new();
        for chunk in &chunks {
            reader.chunk(chunk.clone())?;
            while reader.next_entry()?.is_some() {}
        }
        Ok(Self { chunks, totals: reader.totals() })
    }

    /// Its chunks.
    pub fn chunks(&self) -> &[Vec<u8>] {
        &self.chunks
    }

    /// How much it has.
    pub fn totals(&self) -> Totals {
        self.totals
    }
}
