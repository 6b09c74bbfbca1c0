//! From a record in memory to its file.
use std::fmt;
use std::io;

use palaestra_env::{Space, Spec};
use palaestra_text::json::write_number;
use serde_json::Value as Json;

use crate::chunk::Totals;
use crate::header::Header;
use crate::limits::Limits;
use crate::line_error::LineError;
use crate::lines::Texts;
use crate::pieces::FileWriter;
use crate::record::Record;
use crate::stream::Stream;
use crate::weight::{depth, weight};

/// How a record's lines are printed where there is `serde`.
pub const TEXTS: Texts = Texts { number: write_number, is_json: |text| fits_line(text, 1) };

/// How many lists and objects a reader takes within one another, the line's own among them.
const MOST_DEPTH: usize = 127;

/// More than what a line of an event takes in memory beside the event.
const BESIDE: usize = 4096;

/// Whether a text is JSON that a [`Reader`](crate::Reader) takes in a line of a stranger's file, within so many lists and objects of the line.
pub fn fits_line(text: &str, within: usize) -> bool {
    // Weighed before anything is made of it, as there.
    weight(text.as_bytes()) <= Limits::default().memory.saturating_sub(BESIDE)
        && depth(text.as_bytes()).saturating_add(within) <= MOST_DEPTH
        && serde_json::from_str::<Json>(text).is_ok()
}

impl Header {
    /// The header as it stands in the file of a record with so much in it: its `agents` and `n_steps` are filled in.
    ///
    /// # Errors
    /// Whatever `serde_json` reports; a header gives it no reason to.
    pub fn line(&self, spec: &Spec, totals: Totals) -> Result<String, serde_json::Error> {
        serde_json::to_string(&Self { agents: spec.agents.clone(), n_steps: Some(totals.steps), ..self.clone() })
    }
}

/// Writes a record: the header, a line for every entry, and the end. The header's `agents` and `n_steps` are filled in;
/// `metric_names` name the columns of the steps' metrics.
///
/// # Errors
/// [`WriteError`] where the record is not one of this environment's, or where `out` fails.
pub fn write_jsonl(
    header: &Header,
    spec: &Spec,
    record: &Record,
    metric_names: &[&str],
    out: &mut impl io::Write,
) -> Result<(), WriteError> {
    let header = header.line(spec, record.totals()).map_err(io::Error::from)?;
    let names = metric_names.iter().map(|name| (*name).to_owned()).collect();
    let mut file = FileWriter::new(&header, spec.clone(), names, TEXTS);
    for chunk in record.chunks() {
        file.chunk(chunk.clone())?;
        while let Some(piece) = file.next_piece()? {
            out.write_all(piece)?;
        }
    }
    Ok(out.write_all(file.finish(record.totals())?)?)
}

/// A byte of a stream stands for up to 1020 bytes of what came of a step, and each of these for up to eight of text.
const EXPANSION: u64 = 1 << 13;

/// Writes what there is of a record that was on its way: see [`Stream`]. It comes from somebody else, so a line may have as many bytes as
/// [`Limits`] say, and all of them as many as a record of its length can have.
///
/// # Errors
/// As [`write_jsonl`], and where there is more text than that.
pub fn write_stream(stream: Stream, out: &mut impl io::Write) -> Result<(), WriteError> {
    let Stream { header, spec, metrics, chunks, totals, finished } = stream;
    let spec = spec.unwrap_or_else(|| Spec::single(&header.env_id, Space::None, Space::None));
    let header = header.line(&spec, totals).map_err(io::Error::from)?;
    let limits = Limits::default();
    let bytes: u64 = chunks.iter().map(|chunk| chunk.len() as u64).sum();
    let most = limits.total.saturating_add(bytes.saturating_mul(EXPANSION));
    let mut file = FileWriter::new(&header, spec, metrics, TEXTS).with_longest(limits.line);
    let mut written = 0_u64;
    for chunk in chunks {
        file.chunk(chunk)?;
        while let Some(piece) = file.next_piece()? {
            written = written.saturating_add(piece.len() as u64);
            if written > most {
                return Err(LineError::TooMuch { most }.into());
            }
            out.write_all(piece)?;
        }
    }
    Ok(out.write_all(file.finish_found(finished))?)
}

/// Why a record's file is not written.
#[derive(Debug)]
pub enum WriteError {
    /// The output fails.
    Io(io::Error),
    /// The record is not one of this environment's.
    Line(LineError),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            WriteError::Io(error) => write!(f, "the record cannot be written: {error}"),
            WriteError::Line(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for WriteError {}

impl From<io::Error> for WriteError {
    fn from(error: io::Error) -> Self {
        WriteError::Io(error)
    }
}

impl From<LineError> for WriteError {
    fn from(error: LineError) -> Self {
        WriteError::Line(error)
    }
}
