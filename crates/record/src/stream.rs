//! A record on its way: what its recorder wrote, from the first byte on. It only grows, so that whoever has a part of it needs the rest
//! and nothing else, and the record can be had of whatever there is of it.
//!
//! ```text
//! "PRS1" │ header: length u32, JSON │ spec: length u32, bytes, or none │ names of metrics: length u32, a name a line
//! chunk after chunk, see `chunk.rs`; the last one may end anywhere
//! "PRE1" │ header: length u32, JSON                                  only where the session came to its end: what it says then
//! ```
use std::fmt;

use palaestra_env::Spec;
use palaestra_env::codec::DecodeError;
use serde::de::IgnoredAny;

use crate::chunk::{self, ChunkError, Totals};
use crate::cursor::{Cursor, Malformed};
use crate::header::Header;
use crate::limits::Limits;
use crate::weight::weight;

/// What a stream begins with.
pub const MAGIC: [u8; 4] = *b"PRS1";
/// What stands behind the last chunk of a session that came to its end.
pub const END: [u8; 4] = *b"PRE1";

/// What a spec may take, of which the bounds of a large box are the most, and the names of a step's numbers.
const MOST_SPEC: usize = 16 << 20;
const MOST_NAMES: usize = 64 << 10;

/// What there is of a record.
#[derive(Clone, Debug)]
pub struct Stream {
    /// Its header: of a session that came to its end as it was then, else without what nobody knows.
    pub header: Header,
    /// Its environment's spec, where it had one.
    pub spec: Option<Spec>,
    /// The names of the metrics that its steps carry.
    pub metrics: Vec<String>,
    /// Its chunks, the last one sealed where it was not.
    pub chunks: Vec<Vec<u8>>,
    /// How much there is in them.
    pub totals: Totals,
    /// Whether the session came to its end, and all of it is here.
    pub finished: bool,
}

impl Stream {
    /// The beginning of a stream, before its first chunk. `spec` is as [`Spec::to_bytes`] writes it, empty for none.
    pub fn head(header: &str, spec: &[u8], metrics: &[String]) -> Vec<u8> {
        let mut bytes = MAGIC.to_vec();
        for part in [header.as_bytes(), spec, metrics.join("\n").as_bytes()] {
            put_part(&mut bytes, part);
        }
        bytes
    }

    /// What stands behind the last chunk, with the header as it is at the end.
    pub fn end(header: &str) -> Vec<u8> {
        let mut bytes = END.to_vec();
        put_part(&mut bytes, header.as_bytes());
        bytes
    }

    /// Reads what there is of a record. What is not whole at its end is left out.
    ///
    /// # Errors
    /// [`StreamError`] for bytes that do not begin as a stream does, and where what follows was not cut off but changed.
    pub fn read(bytes: &[u8]) -> Result<Self, StreamError> {
        let mut cursor = Cursor::new(bytes);
        let [text, spec, names] = head(&mut cursor).map_err(|_| StreamError::NoHead)?;
        for (part, most, bytes) in [("spec", MOST_SPEC, spec), ("names of metrics", MOST_NAMES, names)] {
            if bytes.len() > most {
                return Err(StreamError::Part { part, most, found: bytes.len() });
            }
        }
        let mut header = read_header(text)?;
        let spec = (!spec.is_empty()).then(|| Spec::from_bytes(spec)).transpose().map_err(StreamError::Spec)?;
        let names = std::str::from_utf8(names).map_err(|_| StreamError::NoHead)?;
        let metrics = names.split('\n').filter(|name| !name.is_empty()).map(str::to_owned).collect();
        let (mut rest, mut chunks, mut totals, mut number) = (cursor.rest(), Vec::new(), Totals::default(), 0_u32);
        let mut cut = false;
        // Where the next chunk, or the end, has hardly begun, nothing is missing but that.
        while !cut && !begins(rest, &END) && !chunk::has_hardly_begun(rest, number, totals) {
            let found = chunk::find(rest, number, totals).map_err(StreamError::Chunk)?;
            cut = found.end != chunk::End::Sealed;
            if found.end == chunk::End::Damaged || cut && goes_on(rest, number) {
                return Err(StreamError::Chunk(ChunkError::Damaged { chunk: number }));
            }
            chunks.push(found.sealed);
            totals = found.after;
            number = number.saturating_add(1);
            rest = rest.get(found.used..).unwrap_or_default();
        }
        let end = if cut { None } else { read_end(rest)? };
        match end {
            Some(text) => header = read_header(text)?,
            None => header.unfinish(),
        }
        Ok(Self { header, spec, metrics, chunks, totals, finished: end.is_some() })
    }
}

fn put_part(out: &mut Vec<u8>, part: &[u8]) {
    out.extend(u32::try_from(part.len()).unwrap_or_default().to_le_bytes());
    out.extend_from_slice(part);
}

fn part<'b>(cursor: &mut Cursor<'b>) -> Result<&'b [u8], Malformed> {
    let length = cursor.take(size_of::<u32>())?.try_into().map_err(|_| Malformed::Other)?;
    cursor.take(usize::try_from(u32::from_le_bytes(length)).map_err(|_| Malformed::Other)?)
}

/// Header, spec and names of metrics.
fn head<'b>(cursor: &mut Cursor<'b>) -> Result<[&'b [u8]; 3], Malformed> {
    if cursor.take(MAGIC.len())? != MAGIC {
        return Err(Malformed::Other);
    }
    Ok([part(cursor)?, part(cursor)?, part(cursor)?])
}

/// Whether bytes begin so, or would if they went on.
fn begins(bytes: &[u8], with: &[u8]) -> bool {
    bytes.starts_with(with) || with.starts_with(bytes)
}

/// Whether a later chunk, or the stream's end, stands anywhere in what seems to be the last chunk: a length that was changed reaches beyond it.
fn goes_on(bytes: &[u8], number: u32) -> bool {
    let mut rest = bytes;
    while let Some(next) = rest.iter().skip(1).position(|byte| *byte == END[0]) {
        rest = rest.get(next + 1..).unwrap_or_default();
        let end = rest.strip_prefix(&END).and_then(|rest| rest.split_first_chunk());
        let is_end = end.is_some_and(|(length, text)| u32::from_le_bytes(*length) as usize == text.len());
        if is_end || chunk::is_later(rest, number) {
            return true;
        }
    }
    false
}

/// The text of the header at the end; nothing where it was cut off.
fn read_end(bytes: &[u8]) -> Result<Option<&[u8]>, StreamError> {
    let Some(rest) = bytes.strip_prefix(&END) else { return Ok(None) };
    let mut cursor = Cursor::new(rest);
    let text = part(&mut cursor);
    // A header that is whole is not cut off: then it is its length that was changed.
    let is_whole = |cut: &[u8]| cut.len() >= size_of::<u32>() && serde_json::from_slice::<IgnoredAny>(cut).is_ok();
    match text {
        Ok(text) if cursor.rest().is_empty() => Ok(Some(text)),
        Err(_) if !is_whole(cursor.rest()) => Ok(None),
        _ => Err(StreamError::End),
    }
}

fn read_header(text: &[u8]) -> Result<Header, StreamError> {
    // It becomes a line, and may take as much as one.
    let Limits { line, memory, .. } = Limits::default();
    if text.len() > line {
        return Err(StreamError::Part { part: "header", most: line, found: text.len() });
    }
    if weight(text) > memory {
        return Err(StreamError::Header(format!("values that take more than {memory} bytes of memory")));
    }
    serde_json::from_slice(text).map_err(|error| StreamError::Header(error.to_string()))
}

/// Why bytes are no record's stream.
#[derive(Clone, Debug, PartialEq)]
pub enum StreamError {
    /// They do not begin as one does, or end before its first chunk.
    NoHead,
    /// The header is none.
    Header(String),
    /// The spec is none.
    Spec(DecodeError),
    /// What stands behind the last chunk is not its end, or goes on behind it.
    End,
    /// A chunk is none, or has what is not of this environment.
    Chunk(ChunkError),
    /// A part of its head has more than so many bytes.
    #[allow(missing_docs, reason = "the part, and how long it may be and is")]
    Part { part: &'static str, most: usize, found: usize },
    /// There are more than so many bytes.
    TooLong(u64),
    /// It cannot be read, for a reason of the system's.
    Io(String),
}

impl fmt::Display for StreamError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoHead => {
                f.write_str("expected a record's stream, which begins with PRS1, header and spec; found other bytes")
            }
            Self::Header(error) => write!(f, "the stream's header: expected a record's header, found: {error}"),
            Self::Spec(error) => write!(f, "the stream's spec: {error}"),
            Self::End => f.write_str("the stream's end: expected a header of the length it says, found other bytes"),
            Self::Chunk(error) => error.fmt(f),
            Self::Part { part, most, found } => {
                write!(f, "the stream's {part}: expected at most {most} bytes, found {found}")
            }
            Self::TooLong(most) => write!(f, "expected a record's stream of at most {most} bytes, found more"),
            Self::Io(error) => write!(f, "the stream cannot be read: {error}"),
        }
    }
}

impl std::error::Error for StreamError {}
