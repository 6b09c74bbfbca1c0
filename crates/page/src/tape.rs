//! The record of an environment that a page drives by itself: the log that a game keeps, without the game.
use palaestra_env::codec::DecodeError;
use palaestra_env::environment::Phase;
use palaestra_env::returns::info_space;
use palaestra_env::{Outcome, Spec, ValueReader};
use palaestra_record::{HeaderText, Log};

/// Everything that was asked of an environment and came back, since it was made.
pub(crate) struct Tape {
    /// As JSON text.
    kwargs: String,
    seed: Option<u64>,
    log: Log,
    score: Vec<f64>,
    scores: Vec<Vec<f64>>,
}

impl Tape {
    pub(crate) fn new(kwargs: String) -> Self {
        Self { kwargs, seed: None, log: Log::new(), score: Vec::new(), scores: Vec::new() }
    }

    /// A reset, with its options as JSON text.
    pub(crate) fn reset(&mut self, spec: &Spec, seed: Option<u64>, options: &str, returns: &[u8]) {
        if self.log.episodes() == 0 {
            self.seed = seed;
        }
        self.log.reset(seed, options, returns);
        self.score = vec![0.0; spec.agents.len()];
    }

    pub(crate) fn step(
        &mut self,
        spec: &Spec,
        actions: &[u8],
        returns: &[u8],
        hash: Option<u64>,
    ) -> Result<(), DecodeError> {
        let outcome = Outcome::read(spec.agents.len(), &mut ValueReader::new(returns))?;
        self.log.step(actions, returns, &[], hash);
        self.score.iter_mut().zip(&outcome.rewards).for_each(|(score, reward)| *score += reward);
        if outcome.over() {
            self.scores.push(self.score.clone());
        }
        Ok(())
    }

    /// Many steps that were asked for and answered together; of the actions those that are too many were not played.
    pub(crate) fn steps(
        &mut self,
        spec: &Spec,
        mut actions: &[u8],
        mut returns: &[u8],
        hashes: &[[u8; 8]],
    ) -> Result<(), DecodeError> {
        for hash in hashes {
            let played =
                split(&mut actions, |reader| spec.action_spaces.iter().try_for_each(|space| reader.skip(space)))?;
            let returned = split(&mut returns, |reader| {
                Outcome::read(spec.agents.len(), reader)?;
                spec.observation_spaces.iter().take(spec.observations()).try_for_each(|space| reader.skip(space))?;
                reader.skip(info_space(spec, Phase::Step))
            })?;
            self.step(spec, played, returned, Some(u64::from_le_bytes(*hash)))?;
        }
        Ok(())
    }

    /// What the header says, what there is of the log so far, and the returns of the episodes that are over.
    pub(crate) fn parts(&self, id: &str, policy: Option<String>) -> (HeaderText, Log, Vec<Vec<f64>>) {
        let (env_id, kwargs, rest) = (id.to_owned(), self.kwargs.clone(), String::new());
        let header = HeaderText { env_id, kwargs, seed: self.seed, policy, rest };
        (header, self.log.clone(), self.scores.clone())
    }
}

/// Takes off the front what `pass` passes over.
fn split<'a>(
    bytes: &mut &'a [u8],
    pass: impl FnOnce(&mut ValueReader<'a>) -> Result<(), DecodeError>,
) -> Result<&'a [u8], DecodeError> {
    let mut reader = ValueReader::new(bytes);
    pass(&mut reader)?;
    let (head, tail) = bytes.split_at(bytes.len() - reader.left());
    *bytes = tail;
    Ok(head)
}
