//! Comma-separated values: a header line, and a line per row, quoted as RFC 4180 says, with line ends as Unix has them.
use std::io::Write;

use palaestra_text::json::{WriteNumber, put_count, put_integer, write_number};
use palaestra_text::no_formula;

use crate::column::Cell;
use crate::error::ExportError;
use crate::sink::Sink;
use crate::steps::Step;
use crate::table::{Rows, Table};

/// Writes a table as CSV.
pub struct Csv<W: Write> {
    table: Table,
    out: csv::Writer<W>,
    file: String,
    rows: Option<Rows>,
    text: Vec<u8>,
}

impl<W: Write> Csv<W> {
    /// Will write `table` to `out`; its header is written at once.
    ///
    /// # Errors
    /// [`ExportError::Write`].
    pub fn new(table: Table, out: W) -> Result<Self, ExportError> {
        let mut out = csv::WriterBuilder::new().terminator(csv::Terminator::Any(b'\n')).from_writer(out);
        out.write_record(table.columns().iter().map(|column| &column.name)).map_err(written)?;
        Ok(Self { table, out, file: String::new(), rows: None, text: Vec::new() })
    }
}

impl<W: Write> Sink for Csv<W> {
    fn record(&mut self, file: &str) {
        (self.file, self.rows) = (file.to_owned(), None);
    }

    fn step(&mut self, step: &Step<'_>) -> Result<(), ExportError> {
        let Self { table, out, file, rows, text } = self;
        let rows = match rows {
            Some(rows) => rows,
            None => rows.insert(Rows::new(table, file, step)?),
        };
        rows.of(table, step, |row| {
            for cell in row {
                text.clear();
                put_field(cell, text);
                out.write_field(&text).map_err(written)?;
            }
            out.write_record(None::<&[u8]>).map_err(written)
        })
    }

    fn record_end(&mut self) -> Result<(), ExportError> {
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        Ok(self.out.flush()?)
    }
}

/// A spreadsheet opens this file, and must not take a text for a formula.
fn put_field(cell: &Cell<'_>, out: &mut Vec<u8>) {
    match cell {
        Cell::Text(text) => out.extend_from_slice(no_formula(text).as_bytes()),
        cell => put(cell, out),
    }
}

/// As pandas and R read it: floats as the shortest text of their f64, a float32 widened before; flags as R prints them, which takes
/// `true` for a text.
pub(crate) fn put(cell: &Cell<'_>, out: &mut Vec<u8>) {
    match cell {
        Cell::Empty => {}
        Cell::Bool(flag) => out.extend_from_slice(if *flag { b"TRUE" } else { b"FALSE" }),
        Cell::Int(value) => put_integer(*value, out),
        Cell::UInt(value) => put_count(*value, out),
        Cell::F32(value) => put_float((*value).into(), write_number, out),
        Cell::F64(value) => put_float(*value, write_number, out),
        Cell::Text(text) => out.extend_from_slice(text.as_bytes()),
    }
}

/// Numbers that JSON has not have the names that R prints and pandas reads.
fn put_float(value: f64, number: WriteNumber, out: &mut Vec<u8>) {
    match value {
        _ if value.is_finite() => number(value, out),
        f64::INFINITY => out.extend_from_slice(b"Inf"),
        f64::NEG_INFINITY => out.extend_from_slice(b"-Inf"),
        _ => out.extend_from_slice(b"NaN"),
    }
}

fn written(error: csv::Error) -> ExportError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => ExportError::Write(error),
        // All rows have a cell per column.
        kind => ExportError::Write(std::io::Error::other(format!("{kind:?}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_that_a_spreadsheet_would_run_begins_with_an_apostrophe_and_numbers_do_not() {
        let put = |cell: Cell<'_>| {
            let mut out = Vec::new();
            put_field(&cell, &mut out);
            String::from_utf8(out).unwrap()
        };
        assert_eq!(put(Cell::Text("=HYPERLINK(\"http://a\")".into())), "'=HYPERLINK(\"http://a\")");
        assert_eq!(put(Cell::Text("p-07".into())), "p-07");
        assert_eq!(put(Cell::Int(-5)), "-5");
        assert_eq!(put(Cell::F64(f64::NEG_INFINITY)), "-Inf");
    }
}
