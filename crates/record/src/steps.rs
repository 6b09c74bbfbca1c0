//! Many steps that were asked for and answered together.
use std::fmt;

use palaestra_env::codec::DecodeError;
use palaestra_env::{Space, ValueReader};
use palaestra_rows::{RowError, RowReader, RowWriter};

use crate::recorder::Recorder;

/// What many steps returned, as one reply brings it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ManyReturns<'a> {
    /// One after another, each as long as the others.
    Plain {
        /// How long, in bytes; at least 1.
        stride: usize,
        /// All of them.
        bytes: &'a [u8],
    },
    /// As rows, of which each block of [`RowWriter::BLOCK`] starts anew.
    Blocks(&'a [u8]),
}

impl Recorder {
    /// Records as many steps as there are hashes. `actions` are their joint actions, one after another; those that are too many
    /// were not played.
    ///
    /// # Errors
    /// [`StepsError`] where the actions or returns are not those of so many steps. The steps before are recorded then.
    pub fn steps(
        &mut self,
        action_spaces: &[Space],
        mut actions: &[u8],
        returns: ManyReturns<'_>,
        hashes: &[[u8; 8]],
    ) -> Result<(), StepsError> {
        let (stride, bytes) = match returns {
            ManyReturns::Plain { stride, bytes } => (stride.max(1), bytes),
            ManyReturns::Blocks(bytes) => (usize::MAX, bytes),
        };
        let (mut plain, mut rows) = (bytes.chunks_exact(stride), RowReader::new(bytes));
        for (index, hash) in (0..).zip(hashes) {
            let row = match returns {
                ManyReturns::Plain { .. } => plain.next().ok_or(StepsError::Rows { step: index, error: None })?,
                ManyReturns::Blocks(_) => {
                    if index % u64::from(RowWriter::BLOCK) == 0 {
                        rows.start();
                    }
                    rows.read().map_err(|error| StepsError::Rows { step: index, error: Some(error) })?
                }
            };
            let played = split(&mut actions, action_spaces).map_err(StepsError::Actions)?;
            self.step(played, row, &[], Some(u64::from_le_bytes(*hash))).map_err(StepsError::Returns)?;
        }
        Ok(())
    }
}

/// Takes a joint action off the front.
fn split<'a>(bytes: &mut &'a [u8], spaces: &[Space]) -> Result<&'a [u8], DecodeError> {
    let mut reader = ValueReader::new(bytes);
    spaces.iter().try_for_each(|space| reader.skip(space))?;
    let (head, tail) = bytes.split_at(bytes.len() - reader.left());
    *bytes = tail;
    Ok(head)
}

/// Why many steps cannot be recorded.
#[derive(Clone, Debug, PartialEq)]
pub enum StepsError {
    /// The joint actions.
    Actions(DecodeError),
    /// What a step returned.
    Returns(DecodeError),
    /// What the steps returned ends before the last of them, or is no row.
    Rows {
        /// Which step, counted from 0.
        step: u64,
        /// Why it is none; `None`: it is not there.
        error: Option<RowError>,
    },
}

impl fmt::Display for StepsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StepsError::Actions(error) => write!(f, "the joint actions of many steps: {error}"),
            StepsError::Returns(error) => write!(f, "what many steps returned: {error}"),
            StepsError::Rows { step, error: Some(error) } => write!(f, "what step {step} of many returned: {error}"),
            StepsError::Rows { step, error: None } => write!(f, "what many steps returned ends before step {step}"),
        }
    }
}

impl std::error::Error for StepsError {}
