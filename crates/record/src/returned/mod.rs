//! What resets and steps returned, row after row: as the difference to the row before, or, where most numbers of a row follow from others,
//! as what they are off from that.
mod learner;
mod predictor;
#[cfg(test)]
mod tests;

use palaestra_env::returns::OUTCOME;
use palaestra_rows::{Row, RowError, RowWriter};

use crate::cursor::{Cursor, Malformed};
use learner::Learner;
use predictor::Predictor;

/// Writes the rows of a record's chunks.
#[derive(Clone, Debug)]
pub(crate) struct RowsOut {
    plain: RowWriter,
    /// Until it is decided whether there is a predictor.
    learner: Option<Learner>,
    predictor: Option<Predictor>,
    /// Whether the present chunk says what the predictor is.
    stated: bool,
}

impl RowsOut {
    /// Of an environment with so many agents.
    pub(crate) fn new(agents: usize) -> Self {
        Self {
            plain: RowWriter::default(),
            learner: Some(Learner::new(agents.saturating_mul(OUTCOME))),
            predictor: None,
            stated: false,
        }
    }

    /// The next row is the first of a chunk.
    pub(crate) fn start(&mut self) {
        self.plain.start();
        self.stated = false;
    }

    /// Says whether the next row will be written by the predictor; if so, what is in `predictor` has to stand before it in the chunk.
    pub(crate) fn predicts(&mut self, row: &[u8], predictor: &mut Vec<u8>) -> bool {
        if let Some(learned) = self.learner.as_mut().and_then(|learner| learner.learn(row)) {
            (self.learner, self.predictor) = (None, learned);
        }
        let Some(found) = self.predictor.as_ref().filter(|found| found.fits(self.plain.last(), row)) else {
            return false;
        };
        if !std::mem::replace(&mut self.stated, true) {
            found.put(predictor);
        }
        true
    }

    /// Writes the row, as was said.
    pub(crate) fn write(&mut self, row: &[u8], predicted: bool, out: &mut Vec<u8>) {
        match self.predictor.as_mut().filter(|_| predicted) {
            Some(predictor) => {
                predictor.put_row(self.plain.last(), row, out);
                self.plain.pass(row);
            }
            None => self.plain.write(row, out),
        }
    }
}

/// Reads the rows of a record's chunks.
#[derive(Clone, Debug, Default)]
pub(crate) struct RowsIn {
    row: Row,
    predictor: Option<Predictor>,
}

impl RowsIn {
    /// Of rows of somebody else's, of which none may have more bytes than this.
    pub(crate) fn with_most(most: usize) -> Self {
        Self { row: Row::with_most(most), predictor: None }
    }

    /// The next row is the first of a chunk.
    pub(crate) fn start(&mut self) {
        self.row.start();
        self.predictor = None;
    }

    /// Reads what the predictor is.
    pub(crate) fn predictor(&mut self, cursor: &mut Cursor<'_>) -> Result<(), Malformed> {
        self.predictor = Some(Predictor::take(cursor)?);
        Ok(())
    }

    /// Takes the next row off the front of `rest`. After an error, [`start`](Self::start) is the only way on.
    pub(crate) fn read(&mut self, predicted: bool, rest: &mut &[u8]) -> Result<(), Malformed> {
        if predicted {
            let predictor = self.predictor.as_mut().ok_or(Malformed::Other)?;
            return predictor.take_row(self.row.bytes_mut(), rest);
        }
        self.row.read(rest).map_err(|error| match error {
            RowError::Truncated { .. } => Malformed::Ended,
            RowError::TooLong { .. } | RowError::Words { .. } => Malformed::Other,
        })
    }

    /// The row that was read last.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.row.bytes()
    }
}
