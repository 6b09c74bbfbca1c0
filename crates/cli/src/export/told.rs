//! What is told of the records, apart from their rows.
use std::io::{self, Write};

use palaestra_text::Escaped;

use crate::output::Output;

/// Where it is told what became of the records.
pub(crate) enum Told<'a, W: Write> {
    Stdout(&'a mut Output<W>),
    Stderr,
}

impl<W: Write> Told<'_, W> {
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        match self {
            Told::Stdout(out) => out.line(text),
            Told::Stderr => {
                // Standard error may be closed, and the rows are read all the same.
                let _ = writeln!(io::stderr(), "{}", Escaped(text));
                Ok(())
            }
        }
    }
}
