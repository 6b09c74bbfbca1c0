//! Arrow: the table of the CSV as a file of Arrow's IPC format, which is also called Feather. Its columns and their types are those of the
//! Parquet.
//!
//! What the messages of such a file say is `polars-arrow-format`'s to write; this knows how they and the columns' bytes follow one
//! another. Arrow's own crates do more than that, and take ten times as long to compile: a browser's module is built by whoever starts the site.
mod file;
mod layout;

use std::io::Write;

pub(crate) use file::ArrowFile;

use crate::batches::Batches;
use crate::error::ExportError;
use crate::sink::Sink;
use crate::steps::Step;
use crate::table::Table;

/// Writes a table as an Arrow file, not compressed.
pub struct Arrow<W: Write> {
    batches: Batches,
    out: ArrowFile<W>,
}

impl<W: Write> Arrow<W> {
    /// Will write `table` to `out`; its schema is written at once.
    ///
    /// # Errors
    /// [`ExportError::Write`].
    pub fn new(table: Table, out: W) -> Result<Self, ExportError> {
        let batches = Batches::new(table);
        let out = ArrowFile::new(out, batches.columns())?;
        Ok(Self { batches, out })
    }

    fn write(&mut self) -> Result<(), ExportError> {
        let (columns, rows) = self.batches.take();
        if rows == 0 { Ok(()) } else { Ok(self.out.batch(&columns, rows)?) }
    }
}

impl<W: Write> Sink for Arrow<W> {
    fn record(&mut self, file: &str) {
        self.batches.record(file);
    }

    fn step(&mut self, step: &Step<'_>) -> Result<(), ExportError> {
        if self.batches.step(step)? { self.write() } else { Ok(()) }
    }

    fn record_end(&mut self) -> Result<(), ExportError> {
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        self.write()?;
        self.out.finish()?;
        Ok(())
    }
}
