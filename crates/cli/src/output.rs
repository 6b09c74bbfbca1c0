//! Standard output that reports a reader who went away instead of panicking, as `println!` does; and words for what is told.
use std::io::{self, Write};

use palaestra_text::Escaped;

/// The exit statuses of what did not go well, by Unix custom.
pub(crate) const FAILED: u8 = 1;
pub(crate) const MISUSED: u8 = 2;

/// What is said of a record of a match that says so of itself; how it differs follows.
pub(crate) const DEPARTED: &str = "its header says that it is not what was confirmed in the match";

/// Standard error may be closed too, and then there is nobody to tell.
pub(crate) fn complain(text: &str) {
    let _ = writeln!(io::stderr(), "palaestra: {}", Escaped(text));
}

pub(crate) struct Output<W: Write> {
    out: W,
}

impl<W: Write> Output<W> {
    pub(crate) fn new(out: W) -> Self {
        Self { out }
    }

    /// Writes a line at once: a long run shows where it is. Whatever a file's name or its contents put into it, it stays one
    /// line, and no terminal takes orders from it.
    pub(crate) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{}", Escaped(text))?;
        self.out.flush()
    }

    /// The output itself, for what is not written line by line.
    pub(crate) fn raw(&mut self) -> &mut W {
        &mut self.out
    }

    pub(crate) fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// `1 step`, `2 steps`.
pub(crate) fn counted(count: u64, what: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {what}{plural}")
}
