//! Minari: a data set per environment and agent, an Arrow file per episode, as the package of that name reads them.
//!
//! The layout follows Minari 0.5's `dataset/_storages/arrow_storage.py` and `serialization.py`: below a data set's folder
//! `data/metadata.json`, and for each episode `data/N/part-0.arrow`, which has one record batch of a row per observation, and
//! `data/N/metadata.json`. Actions, rewards and flags have one row less, so their last is filled up and passed over.
//!
//! | module | what it holds |
//! |---|---|
//! | `space` | spaces as Minari writes them down |
//! | `gather` | members of spaces, gathered into Arrow arrays |
//! | `episode` | an episode, and its file |
//! | `name` | the names of data sets |
mod episode;
mod gather;
mod name;
mod space;

use std::collections::BTreeMap;
use std::io;

use serde_json::{Value as Json, json};

use crate::error::ExportError;
use crate::minari::episode::Episode;
use crate::minari::name::dataset_id;
use crate::sink::Sink;
use crate::steps::Step;

/// The version of Minari whose layout this is; later ones read it too.
const VERSION: &str = "0.5.0";
/// The first that reads pictures which are no JPEGs.
const VERSION_OF_PICTURES: &str = "0.5.4";

/// Takes a file's path within the folder of all data sets, with `/` between its parts, and what belongs into it. A path comes
/// once.
pub trait Files {
    /// Writes it.
    ///
    /// # Errors
    /// Whatever keeps it from being written.
    fn write(&mut self, path: &str, bytes: &[u8]) -> io::Result<()>;

    /// There are no more.
    ///
    /// # Errors
    /// Whatever keeps what is left from being written.
    fn end(self) -> io::Result<()>
    where
        Self: Sized,
    {
        Ok(())
    }
}

impl<F: FnMut(&str, &[u8]) -> io::Result<()>> Files for F {
    fn write(&mut self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self(path, bytes)
    }
}

/// Writes steps as Minari data sets. An episode without a step is left out, since Minari cannot read one.
pub struct Minari<F: Files> {
    files: F,
    file: String,
    sets: BTreeMap<String, DataSet>,
    /// The episode that is under way, of each agent.
    episodes: Vec<Episode>,
}

/// What is known of a data set so far.
struct DataSet {
    episodes: u64,
    steps: u64,
    bytes: u64,
    observation_space: String,
    action_space: String,
    pictures: bool,
    about: Json,
}

impl<F: Files> Minari<F> {
    /// Will give what it writes to `files`.
    pub fn new(files: F) -> Self {
        Self { files, file: String::new(), sets: BTreeMap::new(), episodes: Vec::new() }
    }

    /// Begins an episode of every agent of this environment.
    fn begin(&mut self, step: &Step<'_>) {
        for (agent, id) in step.spec.agents.iter().enumerate() {
            let spaces = step.observation_space(agent).zip(step.spec.action_spaces.get(agent));
            let Some((observed, acts)) = spaces else { continue };
            let set = dataset_id(&step.header.env_id, &step.header.kwargs, id);
            self.sets.entry(set.clone()).or_insert_with(|| DataSet {
                episodes: 0,
                steps: 0,
                bytes: 0,
                observation_space: space::text(observed),
                action_space: space::text(acts),
                pictures: space::has_pictures(observed) || space::has_pictures(acts),
                about: json!({"env_id": step.header.env_id, "kwargs": step.header.kwargs, "agent": id}),
            });
            self.episodes.push(Episode::new(set, agent, step, observed, acts, &self.file));
        }
    }

    /// Writes the episode that is under way.
    fn end(&mut self) -> Result<(), ExportError> {
        for episode in std::mem::take(&mut self.episodes) {
            let Some(set) = self.sets.get_mut(&episode.set) else { continue };
            let (folder, steps) = (format!("{}/data/{}", episode.set, set.episodes), episode.steps);
            let metadata = episode.metadata(set.episodes).to_string();
            let batch = episode.into_file()?;
            for (name, bytes) in [("part-0.arrow", batch.as_slice()), ("metadata.json", metadata.as_bytes())] {
                self.files.write(&format!("{folder}/{name}"), bytes)?;
                set.bytes = set.bytes.saturating_add(bytes.len() as u64);
            }
            set.episodes = set.episodes.saturating_add(1);
            set.steps = set.steps.saturating_add(steps);
        }
        Ok(())
    }
}

impl<F: Files> Sink for Minari<F> {
    fn record(&mut self, file: &str) {
        file.clone_into(&mut self.file);
        // Of a record that ended with an error.
        self.episodes.clear();
    }

    fn step(&mut self, step: &Step<'_>) -> Result<(), ExportError> {
        if step.step == 0 {
            self.end()?;
            self.begin(step);
        }
        self.episodes.iter_mut().try_for_each(|episode| episode.step(step))
    }

    fn record_end(&mut self) -> Result<(), ExportError> {
        self.end()
    }

    fn finish(mut self: Box<Self>) -> Result<(), ExportError> {
        // One without an episode is none: of a record that ended with an error.
        for (id, set) in self.sets.iter().filter(|(_, set)| set.episodes > 0) {
            // As Minari has it: millions of bytes, to a tenth.
            let megabytes = (set.bytes as f64 / 100_000.0).round() / 10.0;
            let metadata = json!({
                "total_episodes": set.episodes,
                "total_steps": set.steps,
                "data_format": "arrow",
                // Pictures stand as they were seen, not as JPEGs.
                "jpeg_encoding": false,
                "observation_space": set.observation_space,
                "action_space": set.action_space,
                "dataset_id": id,
                "minari_version": if set.pictures { VERSION_OF_PICTURES } else { VERSION },
                "dataset_size": megabytes,
                "palaestra": set.about,
            });
            self.files.write(&format!("{id}/data/metadata.json"), metadata.to_string().as_bytes())?;
        }
        Ok(self.files.end()?)
    }
}
