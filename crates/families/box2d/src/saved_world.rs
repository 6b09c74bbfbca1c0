//! A world's state within an environment's.
use palaestra_env::{RestoreError, StateReader, StateWriter};
use palaestra_physics2d::{StateSink, StateSource};

/// No place, speed or impulse is larger; from there to squares that float32 cannot hold is still far.
const MOST: f32 = 1e12;

/// Writes a world into a state.
pub(super) struct Sink<'a>(pub(super) &'a mut StateWriter);

impl StateSink for Sink<'_> {
    fn number(&mut self, value: f32) {
        self.0.f32(value);
    }

    fn count(&mut self, value: usize) {
        self.0.u32(value as u32);
    }
}

/// Reads it again.
pub(super) struct Source<'a, 'b>(pub(super) &'a mut StateReader<'b>);

impl StateSource for Source<'_, '_> {
    type Error = RestoreError;

    fn number(&mut self) -> Result<f32, RestoreError> {
        let number = self.0.f32()?;
        if number.abs() <= MOST { Ok(number) } else { Err(RestoreError::Invalid { field: "world" }) }
    }

    fn count(&mut self, limit: usize) -> Result<usize, RestoreError> {
        self.0.below(limit, "world")
    }

    fn impossible(&self) -> RestoreError {
        RestoreError::Invalid { field: "contact" }
    }
}
