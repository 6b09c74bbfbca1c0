//! A record as a table, as `palaestra export` writes it: replayed, in a Worker of its own. A guest's is read as it stands.
use std::io::{self, BufRead, Read, Write};

use js_sys::Uint8Array;
use palaestra_env::{Kwargs, MakeError};
use palaestra_export::{Csv, JsonLines, Sink, Survey, TableBuilder, export};
use palaestra_record::{GUEST, Header, Limits, Player};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use crate::platform::{Family, Platform, message, object};
use crate::signing::Signing;
use crate::{columns, told};

/// How much is read, and written, at a time.
const PIECE_BYTES: u32 = 256 << 10;

/// Which table is wanted, and of what.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Job {
    /// The record's header, as JSON.
    header: String,
    /// What rows call the record.
    name: String,
    /// The files that replay it, as for packing.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    modules: js_sys::Array,
    /// Its file, a Blob: JSON Lines, not compressed.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    file: JsValue,
    /// How long it is, in bytes.
    size: f64,
    /// The bytes of the environment's spec, of a guest.
    #[serde(default, with = "serde_wasm_bindgen::preserve")]
    spec: JsValue,
    format: Format,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    Csv,
    JsonLines,
    Arrow,
    Minari,
}

/// Writes a record's table with `platform.put`, piece by piece.
///
/// # Errors
/// The reason, in words: it does not replay, or cannot be read.
pub async fn table(platform: &Platform, job: JsValue) -> Result<(), String> {
    let job: Job = serde_wasm_bindgen::from_value(job).map_err(|error| format!("job: {error}"))?;
    let header: Header = serde_json::from_str(&job.header).map_err(|error| format!("header: {error}"))?;
    let limits = Limits::own();
    let text = |error: palaestra_export::ExportError| error.to_string();
    let read = || BlobReader {
        platform: platform.clone(),
        file: job.file.clone(),
        size: job.size,
        from: 0.0,
        bytes: Vec::new(),
        at: 0,
    };
    let guest = header.env_id.starts_with(GUEST);
    let loaded = if guest { None } else { Some(platform.load(&job.modules).await.map_err(|error| message(&error))?) };
    let family = loaded.map(|loaded| loaded.unchecked_into::<Family>());
    let spec = job.spec.dyn_ref::<Uint8Array>().map(Uint8Array::to_vec);
    let player = |id: &str, kwargs: &Kwargs| {
        let player: Box<dyn Player + '_> = match (&family, &spec) {
            (Some(family), _) => Box::new(family.clone().player(id, kwargs)?),
            (None, Some(spec)) => told::player(read(), spec, limits)?,
            (None, None) => return Err(format!("expected the spaces of {id}, which name the columns, found none")),
        };
        Ok(Signing::new(player, js_sys::Date::now, || sign(platform)))
    };
    // Here it can be said why one cannot be made.
    player(&header.env_id, &header.kwargs)?;
    let make = |id: &str, kwargs: &Kwargs| {
        player(id, kwargs).map_err(|_| MakeError::UnknownId { id: id.to_owned(), nearest: None })
    };
    let survey = Survey::of(read(), make, limits).map_err(text)?;
    let mut table = TableBuilder::default();
    table.add(&survey).map_err(text)?;
    let out = Pieces { platform: platform.clone(), piece: Vec::new() };
    let mut sink: Box<dyn Sink + '_> = match job.format {
        Format::Csv => Box::new(Csv::new(table.finish().map_err(text)?, out).map_err(text)?),
        Format::JsonLines => Box::new(JsonLines::new(out)),
        Format::Arrow => columns::arrow(table.finish().map_err(text)?, out).map_err(text)?,
        Format::Minari => columns::minari(out),
    };
    let (_, written) = export(&job.name, read(), make, limits, sink.as_mut());
    written.map_err(text)?;
    sink.finish().map_err(text)
}

/// Gives a sign of life.
fn sign(platform: &Platform) {
    object(&[]).iter().for_each(|sign| platform.tell(sign));
}

/// Reads a Blob, and gives a sign of life with each piece of it.
struct BlobReader {
    platform: Platform,
    file: JsValue,
    size: f64,
    from: f64,
    bytes: Vec<u8>,
    at: usize,
}

impl BufRead for BlobReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.at >= self.bytes.len() && self.from < self.size {
            let to = (self.from + f64::from(PIECE_BYTES)).min(self.size);
            let piece =
                self.platform.slice(&self.file, self.from, to).map_err(|error| io::Error::other(message(&error)))?;
            (self.bytes, self.at, self.from) = (piece, 0, to);
            sign(&self.platform);
        }
        Ok(self.bytes.get(self.at..).unwrap_or_default())
    }

    fn consume(&mut self, amount: usize) {
        self.at = self.at.saturating_add(amount);
    }
}

impl Read for BlobReader {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(out)?;
        self.consume(read);
        Ok(read)
    }
}

/// Puts what is written into the file, piece by piece, with a sign of life each: what is left at the end may be much.
struct Pieces {
    platform: Platform,
    piece: Vec<u8>,
}

impl Write for Pieces {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.piece.extend_from_slice(bytes);
        if self.piece.len() >= PIECE_BYTES as usize {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.platform.put(&self.piece);
        sign(&self.platform);
        self.piece.clear();
        Ok(())
    }
}

impl Drop for Pieces {
    fn drop(&mut self) {
        self.platform.put(&self.piece);
    }
}
