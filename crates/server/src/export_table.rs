//! Tables of what was stored, and why they cannot be written.
use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use palaestra_record::WriteError;
use palaestra_text::{Escaped, no_formula};

use crate::store::StoreError;

/// Why there is no export.
#[derive(Debug)]
pub enum ExportError {
    /// The store.
    Store(StoreError),
    /// A file.
    Io(PathBuf, io::Error),
    /// A record.
    Record(String, WriteError),
}

impl fmt::Display for ExportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Store(error) => error.fmt(f),
            Self::Io(path, error) => write!(f, "{}: {error}", path.display()),
            Self::Record(match_id, error) => write!(f, "{match_id}: {error}"),
        }
    }
}

impl std::error::Error for ExportError {}

impl From<StoreError> for ExportError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// Writes a table.
pub(crate) fn write_table<const N: usize>(
    path: &Path,
    head: &str,
    rows: impl Iterator<Item = [String; N]>,
) -> Result<(), ExportError> {
    let io = |error| ExportError::Io(path.to_owned(), error);
    let mut out = BufWriter::new(File::create(path).map_err(io)?);
    writeln!(out, "{head}").map_err(io)?;
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
        writeln!(out, "{}", cells.join(",")).map_err(io)?;
    }
    out.flush().map_err(io)
}

/// A cell as RFC 4180 has it, on one line and no formula of a spreadsheet's.
fn quoted(cell: &str) -> String {
    let cell = no_formula(&Escaped(cell).to_string()).into_owned();
    if cell.contains(['"', ',']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_one_cell_and_no_formula() {
        assert_eq!(quoted("plain"), "plain");
        assert_eq!(quoted("a,\"b\""), "\"a,\"\"b\"\"\"");
        assert_eq!(quoted("=1+1"), "'=1+1");
        assert_eq!(quoted("-5"), "-5");
        assert_eq!(quoted("a\n=1+1\u{202e}"), "a\\u000a=1+1\\u202e");
    }
}
