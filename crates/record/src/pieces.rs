//! A record's file, made piece by piece of its chunks.
use palaestra_env::Spec;

use crate::chunk::Totals;
use crate::line_error::LineError;
use crate::lines::{LineWriter, Texts};
use crate::record_reader::{Entries, RecordReader};

/// Makes a record's file of its chunks, as they come, and gives it away in pieces: neither the record nor the file is ever in
/// memory as a whole.
///
/// ```text
/// for each chunk { let mut pieces = writer.chunk(bytes)?; while let Some(piece) = pieces.next_piece()? { … } }
/// writer.finish(totals)?                                                                 the last piece
/// ```
pub struct FileWriter<'a> {
    reader: RecordReader,
    lines: LineWriter<'a>,
    piece: Vec<u8>,
    /// Whether the piece has been given away.
    given: bool,
}

impl<'a> FileWriter<'a> {
    /// Pieces have so many bytes, and less than one line more.
    pub const PIECE_BYTES: usize = 256 << 10;

    /// Begins with the header, the text of a JSON object. See [`LineWriter::new`] for the rest.
    pub fn new(header: &str, spec: &'a Spec, metric_names: &'a [&'a str], texts: Texts) -> Self {
        let lines = LineWriter::new(spec, metric_names, texts);
        let piece = [header.as_bytes(), b"\n"].concat();
        Self { reader: RecordReader::new(), lines, piece, given: false }
    }

    /// The pieces that are complete with the next chunk.
    ///
    /// # Errors
    /// [`LineError::Chunk`] where it is not the next chunk.
    pub fn chunk<'c>(&'c mut self, bytes: &'c [u8]) -> Result<Pieces<'c, 'a>, LineError> {
        let Self { reader, lines, piece, given } = self;
        Ok(Pieces { entries: reader.chunk(bytes)?, lines, piece, given })
    }

    /// The last piece: what is left, and the end line. `totals` say how much there should have been.
    ///
    /// # Errors
    /// [`LineError::Chunk`] where there was less.
    pub fn finish(&mut self, totals: Totals) -> Result<&[u8], LineError> {
        self.reader.finish(totals)?;
        if std::mem::take(&mut self.given) {
            self.piece.clear();
        }
        self.lines.end(&mut self.piece);
        Ok(&self.piece)
    }
}

/// The pieces of a [`FileWriter`] that are complete with a chunk.
pub struct Pieces<'c, 'a> {
    entries: Entries<'c>,
    lines: &'c mut LineWriter<'a>,
    piece: &'c mut Vec<u8>,
    given: &'c mut bool,
}

impl Pieces<'_, '_> {
    /// The next piece; `None` where the chunk is at its end. What is then left comes with the next one.
    ///
    /// # Errors
    /// [`LineError`] for an entry that is none, or not one of this environment's.
    pub fn next_piece(&mut self) -> Result<Option<&[u8]>, LineError> {
        if std::mem::take(self.given) {
            self.piece.clear();
        }
        while self.piece.len() < FileWriter::PIECE_BYTES {
            match self.entries.next_entry()? {
                Some(entry) => self.lines.entry(entry, self.piece)?,
                None => return Ok(None),
            }
        }
        *self.given = true;
        Ok(Some(self.piece))
    }
}
