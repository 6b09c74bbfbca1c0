//! The recorder of a running game, or of an environment that a program drives.
use std::collections::VecDeque;

use palaestra_env::codec::DecodeError;
use palaestra_env::{Outcome, ValueReader};

use crate::chunk::{self, Totals};
use crate::entry::{put_event, put_predictor, put_reset, put_step};
use crate::record::Record;
use crate::returned::RowsOut;

/// Takes what happens, in order, and gives it away in sealed chunks, so that a long game takes no more memory than a short one.
///
/// What a reset or step returned is kept as what changed since the one before, or as what it is off from what was foretold of it. A chunk
/// is sealed when it has [`CHUNK_BYTES`](Self::CHUNK_BYTES) of that, and waits until somebody takes it: compresses it, keeps it where there
/// is room.
/// A [`Record`] or a [`RecordReader`](crate::RecordReader) reads the chunks again, one after another.
#[derive(Clone, Debug)]
pub struct Recorder {
    chunk_bytes: usize,
    /// The chunk that is written, empty before its first entry.
    open: Vec<u8>,
    sealed: VecDeque<Vec<u8>>,
    /// How many chunks have been sealed.
    chunks: u32,
    rows: RowsOut,
    unfinished: Option<UnfinishedStep>,
    bytes: u64,
    totals: Totals,
    seed: Option<u64>,
    score: Vec<f64>,
    scores: Vec<Vec<f64>>,
    /// Whether the latest step ended the episode, or was beyond its end.
    over: bool,
}

/// A step whose metrics are not known yet.
#[derive(Clone, Debug)]
struct UnfinishedStep {
    actions: Vec<u8>,
    returns: Vec<u8>,
    hash: Option<u64>,
}

impl Recorder {
    /// A chunk with so many bytes is sealed. It is as much as a page can compress within a frame, and enough to compress well.
    pub const CHUNK_BYTES: usize = 256 << 10;

    /// Of an environment with so many agents.
    pub fn new(agents: usize) -> Self {
        Self::with_chunk_bytes(agents, Self::CHUNK_BYTES)
    }

    /// The same with chunks of another size.
    pub fn with_chunk_bytes(agents: usize, chunk_bytes: usize) -> Self {
        Self {
            chunk_bytes,
            open: Vec::new(),
            sealed: VecDeque::new(),
            chunks: 0,
            rows: RowsOut::new(agents),
            unfinished: None,
            bytes: 0,
            totals: Totals::default(),
            seed: None,
            score: vec![0.0; agents],
            scores: Vec::new(),
            over: false,
        }
    }

    /// A reset with its seed (`None`: the generator went on), its options as the text of a JSON object (empty for none) and
    /// the block it returned.
    pub fn reset(&mut self, seed: Option<u64>, options: &str, returns: &[u8]) {
        if self.totals.episodes == 0 {
            self.seed = seed;
        }
        self.score.fill(0.0);
        self.over = false;
        self.finish_step(&[]);
        let began = self.begin();
        let predicted = self.predicts(returns);
        put_reset(&mut self.open, predicted, seed, options);
        self.rows.write(returns, predicted, &mut self.open);
        self.totals.episodes = self.totals.episodes.saturating_add(1);
        self.end(began);
    }

    /// A step: the joint action, the block it returned, the metrics of its row (empty for none) and the hash of the state it
    /// led to.
    ///
    /// # Errors
    /// [`DecodeError`] where the block does not begin with a reward and flags per agent. It is not recorded then.
    pub fn step(
        &mut self,
        actions: &[u8],
        returns: &[u8],
        metrics: &[f64],
        hash: Option<u64>,
    ) -> Result<(), DecodeError> {
        self.count(returns)?;
        self.finish_step(&[]);
        self.put_step(actions, returns, metrics, hash);
        Ok(())
    }

    /// A step whose metrics are not complete yet, until its picture has been painted for example. It counts for the score at
    /// once and stands in the record once it is [finished](Self::finish_step), before anything that happens later. Gives what it
    /// earned and whether it ended the episode.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    pub fn begin_step(&mut self, actions: &[u8], returns: &[u8], hash: Option<u64>) -> Result<Outcome, DecodeError> {
        let outcome = self.count(returns)?;
        self.finish_step(&[]);
        self.unfinished = Some(UnfinishedStep { actions: actions.to_vec(), returns: returns.to_vec(), hash });
        Ok(outcome)
    }

    /// Records the step that was begun, if there is one, with its metrics.
    pub fn finish_step(&mut self, metrics: &[f64]) {
        if let Some(UnfinishedStep { actions, returns, hash }) = self.unfinished.take() {
            self.put_step(&actions, &returns, metrics, hash);
        }
    }

    fn count(&mut self, returns: &[u8]) -> Result<Outcome, DecodeError> {
        let outcome = Outcome::read(self.score.len(), &mut ValueReader::new(returns))?;
        self.score.iter_mut().zip(&outcome.rewards).for_each(|(score, reward)| *score += reward);
        let was_over = std::mem::replace(&mut self.over, outcome.over());
        if self.over && !was_over {
            self.scores.push(self.score.clone());
        }
        Ok(outcome)
    }

    fn put_step(&mut self, actions: &[u8], returns: &[u8], metrics: &[f64], hash: Option<u64>) {
        let began = self.begin();
        let predicted = self.predicts(returns);
        put_step(&mut self.open, predicted, actions, metrics, hash);
        self.rows.write(returns, predicted, &mut self.open);
        self.totals.steps = self.totals.steps.saturating_add(1);
        self.end(began);
    }

    /// Whether what a reset or step returned will be predicted; writes how, if the chunk does not say so yet.
    fn predicts(&mut self, returns: &[u8]) -> bool {
        let mut predictor = Vec::new();
        let predicted = self.rows.predicts(returns, &mut predictor);
        put_predictor(&mut self.open, &predictor);
        predicted
    }

    /// Something else that happened, as JSON: a transition of the session, for example.
    pub fn event(&mut self, json: &str) {
        self.finish_step(&[]);
        let began = self.begin();
        put_event(&mut self.open, json);
        self.end(began);
    }

    /// Opens a chunk if none is open, and says how long it is.
    fn begin(&mut self) -> usize {
        if self.open.is_empty() {
            self.open = chunk::open(self.chunks, self.totals);
            self.rows.start();
        }
        self.open.len()
    }

    fn end(&mut self, began: usize) {
        self.totals.entries = self.totals.entries.saturating_add(1);
        self.bytes = self.bytes.saturating_add((self.open.len() - began) as u64);
        if self.open.len() >= self.chunk_bytes {
            self.seal_open();
        }
    }

    /// Seals the chunk that is written, however short it is, so that it can be taken: at the end, or before a tab is hidden.
    pub fn seal(&mut self) {
        self.finish_step(&[]);
        self.seal_open();
    }

    fn seal_open(&mut self) {
        if !self.open.is_empty() {
            let mut sealed = std::mem::take(&mut self.open);
            chunk::seal(&mut sealed);
            self.sealed.push_back(sealed);
            self.chunks = self.chunks.saturating_add(1);
        }
    }

    /// The first sealed chunk that nobody has taken yet.
    pub fn take_sealed(&mut self) -> Option<Vec<u8>> {
        self.sealed.pop_front()
    }

    /// How many chunks have been sealed, and what there is of the one after them, not sealed. It only grows until it is sealed, and what
    /// was there stays as it is: whoever has kept so much of it needs only the rest.
    pub fn unsealed(&self) -> (u32, &[u8]) {
        (self.chunks, &self.open)
    }

    /// A sealed copy of the chunk that is written, if there is one: with it the chunks before it are all that was recorded so
    /// far. Recording goes on as if nobody had asked.
    pub fn sealed_copy(&self) -> Option<Vec<u8>> {
        let mut copy = (!self.open.is_empty()).then(|| self.open.clone())?;
        chunk::seal(&mut copy);
        Some(copy)
    }

    /// How much was recorded so far.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// How many bytes it was so far, before compression.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The seed of the first reset, which is the session's.
    pub fn seed(&self) -> Option<u64> {
        self.seed
    }

    /// The present episode's return: a number per agent.
    pub fn score(&self) -> &[f64] {
        &self.score
    }

    /// The returns of the episodes that came to their end: of each a number per agent.
    pub fn scores(&self) -> &[Vec<f64>] {
        &self.scores
    }

    /// A copy of what was recorded so far and not taken.
    pub fn record(&self) -> Record {
        Record::made_of(self.sealed.iter().cloned().chain(self.sealed_copy()).collect(), self.totals)
    }

    /// What was recorded and not taken.
    pub fn into_record(mut self) -> Record {
        self.seal();
        Record::made_of(self.sealed.into(), self.totals)
    }
}
