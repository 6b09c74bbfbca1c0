//! How a step left the episode.
use palaestra_env::{RestoreError, StateReader, StateWriter};

use crate::world::Score;

/// How the last step left the episode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Ending {
    /// It goes on.
    None,
    Won,
    Lost,
    OutOfSteps,
}

impl Ending {
    /// By what a step earned.
    pub(crate) fn of(score: Score, truncated: bool) -> Self {
        match score.terminated {
            true if score.reward > 0.0 => Ending::Won,
            true => Ending::Lost,
            false if truncated => Ending::OutOfSteps,
            false => Ending::None,
        }
    }

    pub(crate) fn save(self, out: &mut StateWriter) {
        out.u8(self as u8);
    }

    pub(crate) fn restore(state: &mut StateReader<'_>) -> Result<Self, RestoreError> {
        let endings = [Ending::None, Ending::Won, Ending::Lost, Ending::OutOfSteps];
        endings.get(usize::from(state.u8()?)).copied().ok_or(RestoreError::Invalid { field: "ending" })
    }
}
