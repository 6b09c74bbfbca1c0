//! What was played, as it is played: the log and the scores. One for games and for environments that a program drives.
use palaestra_env::codec::DecodeError;
use palaestra_env::{Outcome, Space, Spec, ValueReader};
use palaestra_protocol::{Row, RowReader, RowWriter};
use palaestra_record::Log;

/// Keeps everything that was asked of an environment and came back.
#[derive(Clone, Debug, Default)]
pub struct Recorder {
    log: Log,
    first_seed: Option<u64>,
    /// The present episode's return, one per agent.
    score: Vec<f64>,
    /// The returns of the episodes that are over.
    scores: Vec<Vec<f64>>,
    /// A step that waits for its metrics.
    unfinished: Option<UnfinishedStep>,
}

#[derive(Clone, Debug)]
struct UnfinishedStep {
    actions: Vec<u8>,
    returns: Vec<u8>,
    hash: Option<u64>,
}

impl Recorder {
    /// An empty record.
    pub fn new() -> Self {
        Self::default()
    }

    /// A reset, with its options as JSON text (empty for none) and what it returned.
    pub fn reset(&mut self, spec: &Spec, seed: Option<u64>, options: &str, returns: &[u8]) {
        if self.log.episodes() == 0 {
            self.first_seed = seed;
        }
        self.log.reset(seed, options, returns);
        self.score.clear();
        self.score.resize(spec.agents.len(), 0.0);
    }

    /// A step: the joint action, what it returned and the hash of the state that it led to.
    ///
    /// # Errors
    /// [`DecodeError`] where the returns are none of this environment's; nothing has changed then.
    pub fn step(
        &mut self,
        spec: &Spec,
        actions: &[u8],
        returns: &[u8],
        hash: Option<u64>,
    ) -> Result<Outcome, DecodeError> {
        let outcome = self.count(spec, returns)?;
        self.log.step(actions, returns, &[], hash);
        Ok(outcome)
    }

    /// A step whose metrics are not complete yet: it stands in the record after [`finish_step`](Self::finish_step).
    ///
    /// # Errors
    /// As [`step`](Self::step).
    pub fn begin_step(
        &mut self,
        spec: &Spec,
        actions: &[u8],
        returns: &[u8],
        hash: Option<u64>,
    ) -> Result<Outcome, DecodeError> {
        let outcome = self.count(spec, returns)?;
        self.unfinished = Some(UnfinishedStep { actions: actions.to_vec(), returns: returns.to_vec(), hash });
        Ok(outcome)
    }

    /// Puts the step that waits into the record, with its row.
    pub fn finish_step(&mut self, row: Option<&Row>) {
        if let Some(UnfinishedStep { actions, returns, hash }) = self.unfinished.take() {
            self.log.step(&actions, &returns, row.map_or(&[], |row| &row[..]), hash);
        }
    }

    /// Many steps that were asked for and answered together, whose returns are rows of `stride` bytes or, where that is 0, in
    /// blocks of differences; of the actions those that are too many were not played.
    ///
    /// # Errors
    /// What of them cannot be read, in words; the steps before that stand in the record.
    pub fn steps(
        &mut self,
        spec: &Spec,
        mut actions: &[u8],
        (stride, returns): (u32, &[u8]),
        hashes: &[[u8; 8]],
    ) -> Result<(), String> {
        let mut plain = returns.chunks_exact(stride.max(1) as usize);
        let mut packed = RowReader::new(returns);
        for (index, hash) in hashes.iter().enumerate() {
            let row = if stride > 0 {
                plain.next().ok_or_else(|| "they end before the last step".to_owned())?
            } else {
                if index % RowWriter::BLOCK as usize == 0 {
                    packed.start();
                }
                packed.read().map_err(|error| error.to_string())?
            };
            let played = split(&mut actions, &spec.action_spaces).map_err(|error| error.to_string())?;
            self.step(spec, played, row, Some(u64::from_le_bytes(*hash))).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    /// Something else that happened, as JSON text.
    pub fn event(&mut self, json: &str) {
        self.log.event(json);
    }

    fn count(&mut self, spec: &Spec, returns: &[u8]) -> Result<Outcome, DecodeError> {
        let outcome = Outcome::read(spec.agents.len(), &mut ValueReader::new(returns))?;
        self.score.iter_mut().zip(&outcome.rewards).for_each(|(score, reward)| *score += reward);
        if outcome.over() {
            self.scores.push(self.score.clone());
        }
        Ok(outcome)
    }

    /// The seed of the first reset.
    pub fn first_seed(&self) -> Option<u64> {
        self.first_seed
    }

    /// How many episodes have begun.
    pub fn episodes(&self) -> u64 {
        self.log.episodes()
    }

    /// The present episode's return, one per agent.
    pub fn score(&self) -> &[f64] {
        &self.score
    }

    /// The returns of the episodes that are over.
    pub fn scores(&self) -> &[Vec<f64>] {
        &self.scores
    }

    /// What has been recorded.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// What has been recorded, given away.
    pub fn take_log(&mut self) -> Log {
        std::mem::take(&mut self.log)
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
