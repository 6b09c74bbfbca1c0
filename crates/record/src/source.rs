//! Lines of bounded length from bytes, compressed or not.
use std::io::{self, BufRead};

use crate::limits::Limits;
use crate::stream::StreamError;
#[cfg(feature = "gzip")]
use crate::stream_lines::StreamLines;

/// Text of a compressed file that may come of however few bytes.
#[cfg(feature = "gzip")]
const FREE: u64 = 64 << 20;

/// Why there is no next line.
#[derive(Debug)]
pub(crate) enum SourceError {
    Io(io::Error),
    Stream(StreamError),
    Compressed(io::Error),
    #[cfg(not(feature = "gzip"))]
    NoGzip,
    LongLine,
    LongFile,
    #[cfg(feature = "gzip")]
    Expands,
}

pub(crate) struct Source<R: BufRead> {
    input: Input<R>,
    limits: Limits,
    taken: u64,
}

enum Input<R: BufRead> {
    /// Nothing has been read yet.
    Fresh(R),
    Plain(R),
    #[cfg(feature = "gzip")]
    Gzip(Box<io::BufReader<flate2::bufread::MultiGzDecoder<Counting<R>>>>),
    /// A record's stream, whose lines are made as they are read.
    #[cfg(feature = "gzip")]
    Stream(Box<StreamLines>),
    Over,
}

/// The first byte of every gzip file; no JSON begins with it.
const GZIP: u8 = 0x1f;
/// The first byte of every record's stream, likewise.
#[cfg(feature = "gzip")]
const STREAM: u8 = crate::stream::MAGIC[0];

impl<R: BufRead> Source<R> {
    pub(crate) fn new(read: R, limits: Limits) -> Self {
        Self { input: Input::Fresh(read), limits, taken: 0 }
    }

    /// Reads the next line without its end into the emptied `line`; `false` at the end of the file.
    pub(crate) fn next_line(&mut self, line: &mut Vec<u8>) -> Result<bool, SourceError> {
        line.clear();
        self.open()?;
        let room = usize::try_from(self.limits.total.saturating_sub(self.taken)).unwrap_or(usize::MAX);
        let max = self.limits.line.min(room);
        let (ended, compressed) = match &mut self.input {
            Input::Plain(read) => (read_line(read, line, max), false),
            #[cfg(feature = "gzip")]
            Input::Stream(read) => (read_line(read.as_mut(), line, max), false),
            #[cfg(feature = "gzip")]
            Input::Gzip(read) => (read_line(read, line, max), true),
            Input::Fresh(_) | Input::Over => return Ok(false),
        };
        match ended {
            Ok(End::Line) => {
                self.taken = self.taken.saturating_add(line.len() as u64 + 1);
                if self.taken > self.limits.total {
                    return Err(SourceError::LongFile);
                }
                self.keep_in_proportion()?;
            }
            Ok(End::File) => self.input = Input::Over,
            Ok(End::TooLong) if max < self.limits.line => return Err(SourceError::LongFile),
            Ok(End::TooLong) => return Err(SourceError::LongLine),
            Err(error) if compressed => return Err(SourceError::Compressed(error)),
            Err(error) => return Err(SourceError::Io(error)),
        }
        Ok(!line.is_empty() || !matches!(self.input, Input::Over))
    }

    /// Compares the text with the bytes that it came of.
    fn keep_in_proportion(&self) -> Result<(), SourceError> {
        #[cfg(feature = "gzip")]
        if let Input::Gzip(read) = &self.input {
            let most = read.get_ref().get_ref().count.saturating_mul(self.limits.expansion).saturating_add(FREE);
            if self.taken > most {
                return Err(SourceError::Expands);
            }
        }
        Ok(())
    }

    fn open(&mut self) -> Result<(), SourceError> {
        if let Input::Fresh(read) = &mut self.input {
            let first = peek(read).map_err(SourceError::Io)?;
            let Input::Fresh(read) = std::mem::replace(&mut self.input, Input::Over) else { return Ok(()) };
            self.input = match first {
                Some(GZIP) => open_gzip(read)?,
                #[cfg(feature = "gzip")]
                Some(STREAM) => Input::Stream(Box::new(StreamLines::open(read, self.limits.line)?)),
                _ => Input::Plain(read),
            };
        }
        Ok(())
    }
}

#[cfg(feature = "gzip")]
fn open_gzip<R: BufRead>(read: R) -> Result<Input<R>, SourceError> {
    Ok(Input::Gzip(Box::new(io::BufReader::new(flate2::bufread::MultiGzDecoder::new(Counting { read, count: 0 })))))
}

#[cfg(not(feature = "gzip"))]
fn open_gzip<R: BufRead>(_read: R) -> Result<Input<R>, SourceError> {
    Err(SourceError::NoGzip)
}

/// Counts the bytes that are taken from a file.
#[cfg(feature = "gzip")]
struct Counting<R> {
    read: R,
    count: u64,
}

#[cfg(feature = "gzip")]
impl<R: BufRead> io::Read for Counting<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let taken = self.read.read(out)?;
        self.count = self.count.saturating_add(taken as u64);
        Ok(taken)
    }
}

#[cfg(feature = "gzip")]
impl<R: BufRead> BufRead for Counting<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.read.fill_buf()
    }

    fn consume(&mut self, taken: usize) {
        self.count = self.count.saturating_add(taken as u64);
        self.read.consume(taken);
    }
}

enum End {
    Line,
    File,
    TooLong,
}

fn read_line(read: &mut impl BufRead, line: &mut Vec<u8>, max: usize) -> io::Result<End> {
    loop {
        let available = match read.fill_buf() {
            Ok([]) => return Ok(End::File),
            Ok(available) => available,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        let newline = available.iter().position(|byte| *byte == b'\n');
        let part = available.get(..newline.unwrap_or(available.len())).unwrap_or_default();
        if part.len() > max.saturating_sub(line.len()) {
            return Ok(End::TooLong);
        }
        line.extend_from_slice(part);
        let used = part.len() + usize::from(newline.is_some());
        read.consume(used);
        if newline.is_some() {
            return Ok(End::Line);
        }
    }
}

impl From<StreamError> for SourceError {
    fn from(error: StreamError) -> Self {
        SourceError::Stream(error)
    }
}

fn peek(read: &mut impl BufRead) -> io::Result<Option<u8>> {
    loop {
        match read.fill_buf() {
            Ok(available) => return Ok(available.first().copied()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}
