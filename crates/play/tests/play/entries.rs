//! The entries of a record, one after another.
use palaestra_record::{ChunkError, Entry, Record, RecordReader};

pub(crate) fn each(record: &Record, mut take: impl FnMut(Entry<'_>)) -> Result<(), ChunkError> {
    let mut reader = RecordReader::new();
    for chunk in record.chunks() {
        reader.chunk(chunk.clone())?;
        while let Some(entry) = reader.next_entry()? {
            take(entry);
        }
    }
    Ok(())
}
