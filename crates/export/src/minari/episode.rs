//! An episode of one agent, and its file.
use std::io;

use palaestra_env::{Kwargs, Space};
use serde_json::{Value as Json, json};

use crate::array::{Array, Bits, Values};
use crate::arrow::ArrowFile;
use crate::error::{ExportError, MOST_STEPS};
use crate::minari::gather::Gathered;
use crate::steps::Step;

/// What an episode may take, of all agents one.
const MOST_BYTES: usize = 512 << 20;

/// An episode under way.
pub(crate) struct Episode {
    /// The id of its data set.
    pub(crate) set: String,
    pub(crate) steps: u64,
    agent: usize,
    episode: u64,
    file: String,
    seed: Option<u64>,
    options: Kwargs,
    bytes: usize,
    observations: Gathered,
    actions: Gathered,
    rewards: Vec<f64>,
    terminations: Vec<bool>,
    truncations: Vec<bool>,
}

impl Episode {
    /// Begins with what was seen before the first step.
    pub(crate) fn new(set: String, agent: usize, first: &Step<'_>, seen: &Space, acts: &Space, file: &str) -> Self {
        let (mut observations, actions) = (Gathered::new(seen), Gathered::new(acts));
        let bytes = observations.add(first.observation(agent));
        Self {
            set,
            steps: 0,
            agent,
            episode: first.episode,
            file: file.to_owned(),
            seed: first.seed,
            options: first.options.clone(),
            bytes,
            observations,
            actions,
            rewards: Vec::new(),
            terminations: Vec::new(),
            truncations: Vec::new(),
        }
    }

    pub(crate) fn step(&mut self, step: &Step<'_>) -> Result<(), ExportError> {
        if self.steps >= MOST_STEPS {
            return Err(ExportError::LongEpisode { episode: self.episode, limit: MOST_STEPS });
        }
        self.steps += 1;
        let added =
            self.actions.add(step.action(self.agent)) + self.observations.add(step.next_observation(self.agent));
        self.bytes = self.bytes.saturating_add(added);
        if self.bytes > MOST_BYTES {
            return Err(ExportError::LargeEpisode { episode: self.episode, limit: MOST_BYTES });
        }
        self.rewards.push(step.reward(self.agent));
        self.terminations.push(step.terminated(self.agent));
        self.truncations.push(step.truncated(self.agent));
        Ok(())
    }

    /// What Minari knows of the episode, which is the data set's `id`th.
    pub(crate) fn metadata(&self, id: u64) -> Json {
        let mut metadata = json!({"id": id, "total_steps": self.steps, "file": self.file, "episode": self.episode});
        if let Some(fields) = metadata.as_object_mut() {
            fields.extend(self.cut().then(|| ("cut".to_owned(), Json::Bool(true))));
            fields.extend(self.seed.map(|seed| ("seed".to_owned(), Json::from(seed))));
            fields
                .extend((!self.options.is_empty()).then(|| ("options".to_owned(), Json::Object(self.options.clone()))));
        }
        metadata
    }

    /// Whether it was broken off: nothing ended it.
    fn cut(&self) -> bool {
        [&self.terminations, &self.truncations].iter().all(|flags| flags.last() == Some(&false))
    }

    /// The bytes of its Arrow file.
    pub(crate) fn into_file(mut self) -> Result<Vec<u8>, ExportError> {
        // Whoever joins a data set's episodes finds their ends by the flags alone; Minari's own collector does the same.
        if self.cut()
            && let Some(last) = self.truncations.last_mut()
        {
            *last = true;
        }
        // Whatever belongs to a step has one row less than there are observations: a last one fills up.
        self.actions.add(None);
        self.rewards.push(0.0);
        self.terminations.push(false);
        self.truncations.push(false);
        Ok(self.write()?)
    }

    fn write(self) -> io::Result<Vec<u8>> {
        let rows = self.rewards.len();
        let flags = |flags: Vec<bool>| Array::whole(rows, Values::Bools(Bits::from_iter(flags)));
        let columns = [
            self.observations.finish(rows),
            self.actions.finish(rows),
            Array::whole(rows, Values::F64(self.rewards)),
            flags(self.terminations),
            flags(self.truncations),
        ];
        let names = ["observations", "actions", "rewards", "terminations", "truncations"];
        let mut file = ArrowFile::new(Vec::new(), names.into_iter().zip(&columns))?;
        file.batch(&columns, rows)?;
        file.finish()
    }
}
