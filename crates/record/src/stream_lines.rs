//! A record's stream, read as the lines of its record: whoever joined the pieces has a record that can be read.
use std::io::{self, BufRead, Read};
use std::vec;

use palaestra_env::{Space, Spec};

use crate::pieces::FileWriter;
use crate::stream::{Stream, StreamError};
use crate::write::TEXTS;

/// No page keeps more of a record: see `record_full`. The text of its lines is much longer, and limited by [`Limits`](crate::Limits).
const MOST_BYTES: u64 = 1 << 30;

/// The lines of a stream, made as they are read.
pub(crate) struct StreamLines {
    file: FileWriter,
    chunks: vec::IntoIter<Vec<u8>>,
    finished: bool,
    piece: Vec<u8>,
    at: usize,
    over: bool,
}

impl StreamLines {
    /// Reads all of `read`, and makes lines of up to so many bytes of it.
    pub(crate) fn open(read: impl Read, longest: usize) -> Result<Self, StreamError> {
        let mut bytes = Vec::new();
        read.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(|error| StreamError::Io(error.to_string()))?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err(StreamError::TooLong(MOST_BYTES));
        }
        let Stream { header, spec, metrics, chunks, totals, finished } = Stream::read(&bytes)?;
        let spec = spec.unwrap_or_else(|| Spec::single(&header.env_id, Space::None, Space::None));
        let header = header.line(&spec, totals).map_err(|error| StreamError::Header(error.to_string()))?;
        let file = FileWriter::new(&header, spec, metrics, TEXTS).with_longest(longest);
        Ok(Self { file, chunks: chunks.into_iter(), finished, piece: Vec::new(), at: 0, over: false })
    }

    /// Makes the next piece; nothing at the end.
    fn make(&mut self) -> io::Result<()> {
        let wrong = |error: crate::LineError| io::Error::new(io::ErrorKind::InvalidData, error.to_string());
        loop {
            if let Some(piece) = self.file.next_piece().map_err(wrong)? {
                self.piece.extend_from_slice(piece);
                return Ok(());
            }
            let Some(chunk) = self.chunks.next() else { break };
            self.file.chunk(chunk).map_err(wrong)?;
        }
        self.piece.extend_from_slice(self.file.finish_found(self.finished));
        self.over = true;
        Ok(())
    }
}

impl BufRead for StreamLines {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.piece.len() {
            self.piece.clear();
            self.at = 0;
            if !self.over {
                self.make()?;
            }
        }
        Ok(self.piece.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = self.at.saturating_add(amount);
    }
}

impl Read for StreamLines {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(out)?;
        self.consume(read);
        Ok(read)
    }
}
