//! A record's file, made piece by piece of its chunks.
use palaestra_env::Spec;

use crate::chunk::Totals;
use crate::line_error::LineError;
use crate::lines::{LineWriter, Texts};
use crate::record_reader::RecordReader;

/// Makes a record's file of its chunks, as they come, and gives it away in pieces: neither the record nor the file is ever in
/// memory as a whole.
///
/// ```text
/// for each chunk { writer.chunk(bytes)?; while let Some(piece) = writer.next_piece()? { … } }
/// writer.finish(totals)?                                                               the last piece
/// ```
pub struct FileWriter {
    reader: RecordReader,
    lines: LineWriter,
    piece: Vec<u8>,
    /// Whether the piece has been given away.
    given: bool,
}

impl FileWriter {
    /// Pieces have so many bytes, and less than one line more.
    pub const PIECE_BYTES: usize = 256 << 10;

    /// Begins with the header, the text of a JSON object. See [`LineWriter::new`] for the rest.
    pub fn new(header: &str, spec: Spec, metric_names: Vec<String>, texts: Texts) -> Self {
        let lines = LineWriter::new(spec, metric_names, texts);
        let piece = [header.as_bytes(), b"\n"].concat();
        Self { reader: RecordReader::new(), lines, piece, given: false }
    }

    /// Whose lines may have so many bytes each: see [`LineWriter::with_longest`].
    pub fn with_longest(self, longest: usize) -> Self {
        Self { lines: self.lines.with_longest(longest), ..self }
    }

    /// Takes the next chunk, once the one before has been read to its end: until then it is refused, and nothing is lost.
    ///
    /// # Errors
    /// [`LineError::Chunk`] where it is not the next chunk, or the one before was not at its end.
    pub fn chunk(&mut self, bytes: Vec<u8>) -> Result<(), LineError> {
        Ok(self.reader.chunk(bytes)?)
    }

    /// Takes what there is of the last chunk of a record that was cut off: see [`RecordReader::last_chunk`].
    ///
    /// # Errors
    /// [`LineError::Chunk`] where it does not begin as the next chunk does.
    pub fn last_chunk(&mut self, bytes: &[u8]) -> Result<(), LineError> {
        Ok(self.reader.last_chunk(bytes)?)
    }

    /// The next piece that is complete; `None` where the chunk is at its end. What is then left comes with the next one.
    ///
    /// # Errors
    /// [`LineError`] for an entry that is none, or not one of this environment's.
    pub fn next_piece(&mut self) -> Result<Option<&[u8]>, LineError> {
        self.begin_piece();
        while self.piece.len() < Self::PIECE_BYTES {
            match self.reader.next_entry()? {
                Some(entry) => self.lines.entry(entry, &mut self.piece)?,
                None => return Ok(None),
            }
        }
        self.given = true;
        Ok(Some(&self.piece))
    }

    /// The last piece: what is left, and the end line. `totals` say how much there should have been.
    ///
    /// # Errors
    /// [`LineError::Chunk`] where there was less.
    pub fn finish(&mut self, totals: Totals) -> Result<&[u8], LineError> {
        self.reader.finish(totals)?;
        self.begin_piece();
        self.lines.end(&mut self.piece);
        self.given = true;
        Ok(&self.piece)
    }

    /// The last piece of a record of which nobody knows how much there should have been; `finished` says whether its session came to
    /// its end.
    pub fn finish_found(&mut self, finished: bool) -> &[u8] {
        self.begin_piece();
        if finished {
            self.lines.end(&mut self.piece)
        } else {
            self.lines.unfinished_end(&mut self.piece)
        }
        self.given = true;
        &self.piece
    }

    fn begin_piece(&mut self) {
        if std::mem::take(&mut self.given) {
            self.piece.clear();
        }
    }
}
