//! Tables in columns: Arrow, and Minari's data sets. It is a part of its module, which only pages that ask for one load.
use std::io::Write;

use palaestra_export::{Arrow, ExportError, Minari, Sink, Table, Zip};

/// Writes an Arrow file.
#[inline(never)]
pub(crate) fn arrow<'w>(table: Table, out: impl Write + 'w) -> Result<Box<dyn Sink + 'w>, ExportError> {
    Ok(Box::new(Arrow::new(table, out)?))
}

/// Writes a zip of the folders that the command writes.
#[inline(never)]
pub(crate) fn minari<'w>(out: impl Write + 'w) -> Box<dyn Sink + 'w> {
    Box::new(Minari::new(Zip::new(out)))
}
