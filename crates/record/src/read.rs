//! From bytes to lines.
use std::fmt;
use std::io::{self, BufRead};

use palaestra_text::Shown;
use palaestra_text::json::shortened;
use serde_json::Value as Json;

use crate::field::FieldError;
use crate::limits::Limits;
use crate::line::Line;
use crate::python::quote_numbers;
use crate::source::{Source, SourceError};
use crate::stream::StreamError;
use crate::weight::weight;

/// Reads a record line by line: plain or gzip, whatever the file is named. Blank lines are passed over. It ends at the end
/// of the file or after the first error.
pub struct Reader<R: BufRead> {
    source: Source<R>,
    limits: Limits,
    buffer: Vec<u8>,
    number: u64,
    place: Place,
    several: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Start,
    Body,
    AfterEnd,
    Over,
}

/// A line and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Numbered {
    /// Its number in the file, from 1.
    pub number: u64,
    /// The line.
    pub line: Line,
}

impl<R: BufRead> Reader<R> {
    /// Reads from `read`, no more than `limits` allow.
    pub fn new(read: R, limits: Limits) -> Self {
        let (buffer, number, place, several) = (Vec::new(), 0, Place::Start, false);
        Self { source: Source::new(read, limits), limits, buffer, number, place, several }
    }

    /// Reads records that stand one after another: after an end another header may follow.
    pub fn several(read: R, limits: Limits) -> Self {
        Self { several: true, ..Self::new(read, limits) }
    }

    fn read(&mut self) -> Result<Option<Numbered>, ReadError> {
        loop {
            let more = self.source.next_line(&mut self.buffer);
            self.number = self.number.saturating_add(1);
            let line = self.number;
            if !more.map_err(|error| self.located(error))? {
                return if self.place == Place::Start { Err(ReadError::Empty) } else { Ok(None) };
            }
            if weight(&self.buffer) > self.limits.memory {
                return Err(ReadError::HeavyLine { line, limit: self.limits.memory });
            }
            let text = std::str::from_utf8(&self.buffer).map_err(|_| ReadError::NotUtf8 { line })?;
            if !text.trim_ascii().is_empty() {
                let parsed = parse(text, line)?;
                self.keep_order(&parsed)?;
                return Ok(Some(Numbered { number: line, line: parsed }));
            }
        }
    }

    fn keep_order(&mut self, line: &Line) -> Result<(), ReadError> {
        let found = || line.kind().to_owned();
        self.place = match (self.place, line) {
            (Place::Start, Line::Header(_)) => Place::Body,
            (Place::AfterEnd, Line::Header(_)) if self.several => Place::Body,
            (Place::Start, _) => return Err(ReadError::NoHeader { line: self.number, found: found() }),
            (_, Line::Header(_)) => return Err(ReadError::SecondHeader { line: self.number }),
            (Place::AfterEnd, Line::Reset(_) | Line::Step(_) | Line::End(_)) => {
                return Err(ReadError::AfterEnd { line: self.number, found: found() });
            }
            (_, Line::End(_)) => Place::AfterEnd,
            (place, _) => place,
        };
        Ok(())
    }

    fn located(&self, error: SourceError) -> ReadError {
        let line = self.number;
        match error {
            SourceError::Io(error) => ReadError::Io { line, kind: error.kind(), message: error.to_string() },
            SourceError::Stream(error) => ReadError::Stream(error),
            SourceError::Compressed(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                ReadError::TruncatedGzip { line }
            }
            SourceError::Compressed(error) => ReadError::Gzip { line, message: error.to_string() },
            #[cfg(not(feature = "gzip"))]
            SourceError::NoGzip => ReadError::Gzip { line, message: "this build reads plain text only".to_owned() },
            SourceError::LongLine => ReadError::LongLine { line, limit: self.limits.line },
            SourceError::LongFile => ReadError::LongFile { line, limit: self.limits.total },
            #[cfg(feature = "gzip")]
            SourceError::Expands => ReadError::Expands { line, limit: self.limits.expansion },
        }
    }
}

fn parse(text: &str, line: u64) -> Result<Line, ReadError> {
    let json = serde_json::from_str(text).or_else(|error| {
        let retried = quote_numbers(text).map(|quoted| serde_json::from_str(&quoted));
        retried.unwrap_or(Err(error)).map_err(|error| ReadError::NotJson { line, message: error.to_string() })
    })?;
    match json {
        Json::Object(map) => {
            let kind = map.get("type").and_then(Json::as_str).unwrap_or("untyped").to_owned();
            Line::from_object(map).map_err(|error| ReadError::Field { line, kind, error })
        }
        json => Err(ReadError::NotAnObject { line, found: shortened(&json) }),
    }
}

impl<R: BufRead> Iterator for Reader<R> {
    type Item = Result<Numbered, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.place == Place::Over {
            return None;
        }
        let read = self.read().transpose();
        if !matches!(read, Some(Ok(_))) {
            self.place = Place::Over;
        }
        read
    }
}

/// A file that is no record. Lines are counted from 1.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "`line` is the place, `found` what stands there")]
pub enum ReadError {
    /// There is no line at all.
    Empty,
    /// The file cannot be read.
    Io { line: u64, kind: io::ErrorKind, message: String },
    /// The file is compressed and ends before its contents do.
    TruncatedGzip { line: u64 },
    /// The file is compressed and damaged.
    Gzip { line: u64, message: String },
    /// A record's stream that is none.
    Stream(StreamError),
    /// A line longer than [`Limits::line`].
    LongLine { line: u64, limit: usize },
    /// A line of so many values that it would take more than [`Limits::memory`].
    HeavyLine { line: u64, limit: usize },
    /// More text than [`Limits::total`].
    LongFile { line: u64, limit: u64 },
    /// More text of a compressed file than [`Limits::expansion`] allows.
    Expands { line: u64, limit: u64 },
    /// A line that is not text.
    NotUtf8 { line: u64 },
    /// A line that is not JSON.
    NotJson { line: u64, message: String },
    /// A line that is JSON and no object.
    NotAnObject { line: u64, found: String },
    /// A field that is missing or of the wrong type, in a line of the given kind.
    Field { line: u64, kind: String, error: FieldError },
    /// The first line is no header.
    NoHeader { line: u64, found: String },
    /// A header where one has been.
    SecondHeader { line: u64 },
    /// A reset, step or end after the end.
    AfterEnd { line: u64, found: String },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ReadError::Empty => f.write_str("expected a header line, found an empty file"),
            ReadError::Io { line, message, .. } => write!(f, "line {line}: cannot be read: {message}"),
            ReadError::TruncatedGzip { line } => {
                write!(f, "line {line}: expected more gzip data, found the end of the file")
            }
            ReadError::Gzip { line, message } => write!(f, "line {line}: expected gzip data, found damage: {message}"),
            ReadError::Stream(error) => error.fmt(f),
            ReadError::LongLine { line, limit } => write!(f, "line {line}: expected at most {limit} bytes, found more"),
            ReadError::HeavyLine { line, limit } => {
                write!(f, "line {line}: expected values that take at most {limit} bytes of memory, found more")
            }
            ReadError::Expands { line, limit } => {
                write!(f, "line {line}: expected at most {limit} bytes of text for a compressed byte, found more")
            }
            ReadError::LongFile { line, limit } => {
                write!(f, "line {line}: expected at most {limit} bytes of text in the file, found more")
            }
            ReadError::NotUtf8 { line } => write!(f, "line {line}: expected text in UTF-8, found other bytes"),
            ReadError::NotJson { line, message } => write!(f, "line {line}: expected JSON, found: {message}"),
            ReadError::NotAnObject { line, found } => write!(f, "line {line}: expected a JSON object, found {found}"),
            ReadError::Field { line, kind, error } => write!(f, "line {line} ({}): {error}", Shown(kind)),
            ReadError::NoHeader { line, found } => {
                write!(f, "line {line}: expected the header first, found a line of type `{}`", Shown(found))
            }
            ReadError::SecondHeader { line } => write!(f, "line {line}: expected one header, found a second"),
            ReadError::AfterEnd { line, found } => {
                write!(f, "line {line}: expected nothing after the end, found a line of type `{}`", Shown(found))
            }
        }
    }
}

impl std::error::Error for ReadError {}
