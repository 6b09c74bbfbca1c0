//! What all formats have in common.
use std::io::BufRead;

use palaestra_env::{Kwargs, MakeError};
use palaestra_record::{Limits, Player};

use crate::error::ExportError;
use crate::steps::{Step, Steps};

/// Takes the steps of one record after another.
pub trait Sink {
    /// The steps of another record follow, which is called `file`.
    fn record(&mut self, file: &str);

    /// A step of it.
    ///
    /// # Errors
    /// [`ExportError`] where it cannot be written.
    fn step(&mut self, step: &Step<'_>) -> Result<(), ExportError>;

    /// There are no more steps of this record.
    ///
    /// # Errors
    /// [`ExportError`] where what is left of it cannot be written.
    fn record_end(&mut self) -> Result<(), ExportError>;

    /// There are no more records.
    ///
    /// # Errors
    /// [`ExportError`] where what is left cannot be written.
    fn finish(self: Box<Self>) -> Result<(), ExportError>;
}

/// Replays the record in `read`, which is called `file`, and gives its steps to `sink`. Gives their number, and why there are no
/// more where it does not replay or they cannot be written.
pub fn export<P: Player>(
    file: &str,
    read: impl BufRead,
    make: impl FnMut(&str, &Kwargs) -> Result<P, MakeError>,
    limits: Limits,
    sink: &mut dyn Sink,
) -> (u64, Result<(), ExportError>) {
    let mut steps = Steps::new(read, make, limits);
    let mut count = 0_u64;
    sink.record(file);
    loop {
        let given = match steps.advance() {
            Ok(Some(step)) => sink.step(&step),
            Ok(None) => return (count, sink.record_end()),
            Err(error) => Err(error),
        };
        match given {
            Ok(()) => count = count.saturating_add(1),
            Err(error) => return (count, Err(error)),
        }
    }
}
