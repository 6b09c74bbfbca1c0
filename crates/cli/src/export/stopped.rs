//! Why an export ends before its time.
use std::fmt;
use std::io;

use palaestra_export::ExportError;

use crate::export::target::Misplaced;

/// Why nothing more is exported.
pub(crate) enum Stopped {
    /// Nobody hears what is told.
    Told(io::Error),
    Misplaced(Misplaced),
    Export(ExportError),
}

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Stopped::Told(error) => error.fmt(f),
            Stopped::Misplaced(misplaced) => misplaced.fmt(f),
            Stopped::Export(error) => error.fmt(f),
        }
    }
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Stopped::Told(error)
    }
}

impl From<Misplaced> for Stopped {
    fn from(misplaced: Misplaced) -> Self {
        Stopped::Misplaced(misplaced)
    }
}

impl From<ExportError> for Stopped {
    fn from(error: ExportError) -> Self {
        Stopped::Export(error)
    }
}
