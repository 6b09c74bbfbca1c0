//! The record of an environment that a page drives by itself: the recorder that a game has, without the game.
use palaestra_env::Spec;
use palaestra_env::codec::DecodeError;
use palaestra_record::{HeaderText, ManyReturns, Record, Recorder};

use crate::codec::unreadable;
use crate::error::PageError;
use crate::game::kwargs_text;

/// Everything that was asked of an environment and came back, since it was made.
pub(crate) struct Tape {
    /// As a plain value's bytes.
    kwargs: Vec<u8>,
    recorder: Recorder,
}

impl Tape {
    pub(crate) fn new(agents: usize, kwargs: Vec<u8>) -> Self {
        Self { kwargs, recorder: Recorder::new(agents) }
    }

    /// A reset, with its options as JSON text.
    pub(crate) fn reset(&mut self, seed: Option<u64>, options: &str, returns: &[u8]) {
        self.recorder.reset(seed, options, returns);
    }

    pub(crate) fn step(&mut self, actions: &[u8], returns: &[u8], hash: Option<u64>) -> Result<(), DecodeError> {
        self.recorder.step(actions, returns, &[], hash)
    }

    /// Many steps that were asked for and answered together, whose returns are rows of `stride` bytes or, where that is 0, in
    /// blocks; of the actions those that are too many were not played.
    pub(crate) fn steps(
        &mut self,
        spec: &Spec,
        actions: &[u8],
        (stride, bytes): (u32, &[u8]),
        hashes: &[[u8; 8]],
    ) -> Result<(), PageError> {
        let returns = match stride {
            0 => ManyReturns::Blocks(bytes),
            _ => ManyReturns::Plain { stride: stride as usize, bytes },
        };
        self.recorder.steps(&spec.action_spaces, actions, returns, hashes).map_err(unreadable)
    }

    /// What the header says, what was recorded so far, and the returns of the episodes that are over.
    pub(crate) fn parts(&self, id: &str, policy: Option<String>) -> (HeaderText, Record, Vec<Vec<f64>>) {
        let (env_id, kwargs, rest) = (id.to_owned(), kwargs_text(&self.kwargs), String::new());
        let header = HeaderText { env_id, kwargs, seed: self.recorder.seed(), policy, rest };
        (header, self.recorder.record(), self.recorder.scores().to_vec())
    }
}
