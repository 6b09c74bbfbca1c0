//! A match played again with the environments of this program, from its confirmed frames.
use palaestra_env::catalog::Catalog;
use palaestra_env::{Env, Kwargs, Value, ValueReader, ValueWriter};
use palaestra_lobby::MatchFacts;
use palaestra_protocol::server::{ConfirmedItem, ConfirmedWriter, ToServer};
use palaestra_record::Recorder;

use crate::store::StoredBatch;

/// A match that is played again, item by item.
pub(crate) struct Replay {
    pub(crate) env: Env,
    pub(crate) recorder: Recorder,
    /// How many frames have been played.
    pub(crate) frames: u32,
    /// The seed of the first reset.
    pub(crate) seed: Option<u64>,
    /// The first difference, and its frame.
    pub(crate) difference: Option<(u32, String)>,
    /// Whether it ended before all was played that is stored.
    pub(crate) stopped: bool,
    actions: Vec<Value>,
    returns: ValueWriter,
}

impl Replay {
    /// Makes the environment.
    ///
    /// # Errors
    /// Why it cannot be made, in words.
    pub(crate) fn new(catalog: Catalog, facts: &MatchFacts) -> Result<Self, String> {
        let env = catalog.make(&facts.env_id, &facts.kwargs).map_err(|error| error.to_string())?;
        let recorder = Recorder::new(env.spec().agents.len());
        let (actions, returns) = (Vec::new(), ValueWriter::new());
        Ok(Self { env, recorder, frames: 0, seed: None, difference: None, stopped: false, actions, returns })
    }

    /// Plays stored batches, calling `seen` with every frame and the hash that it led to here. Stops at what the environment refuses, at
    /// what cannot be read and at what is missing.
    pub(crate) fn play(&mut self, batches: &[StoredBatch], mut seen: impl FnMut(u32, u64)) {
        for batch in batches {
            if batch.first != self.frames {
                let (expected, found) = (self.frames, batch.first);
                return self.stops(format!("expected stored frames from {expected} on, found those from {found} on"));
            }
            let mut message = ConfirmedWriter::to_server(batch.first, batch.action_len).into_message();
            message.extend_from_slice(&batch.items);
            let read = match ToServer::read(&message) {
                Ok(ToServer::Confirmed(read)) => read,
                _ => return self.stops(format!("expected stored frames from {} on, found other bytes", batch.first)),
            };
            for item in read.items().flatten() {
                if let Err(problem) = self.item(item, &mut seen) {
                    return self.stops(problem);
                }
            }
        }
    }

    fn item(&mut self, item: ConfirmedItem<'_>, seen: &mut impl FnMut(u32, u64)) -> Result<(), String> {
        match item {
            ConfirmedItem::Reset { seed, options, hash } => {
                let given = if options.is_empty() { Ok(Kwargs::new()) } else { serde_json::from_str(options) };
                let given: Kwargs = given.map_err(|error| format!("reset options: {error}"))?;
                self.env.reset(seed, &given).map_err(|error| error.to_string())?;
                self.seed = self.seed.or(seed);
                self.read_returns();
                self.recorder.reset(seed, options, self.returns.bytes());
                self.compare("the reset before it", hash);
            }
            ConfirmedItem::Step { actions, hash } => {
                let mut reader = ValueReader::new(actions);
                self.actions.clear();
                for space in &self.env.spec().action_spaces {
                    self.actions.push(reader.read(space).map_err(|error| error.to_string())?);
                }
                reader.finish().map_err(|error| error.to_string())?;
                self.env.step(&self.actions).map_err(|error| error.to_string())?;
                self.read_returns();
                let found = self.env.hash();
                let recorded = self.recorder.step(actions, self.returns.bytes(), &[], Some(found));
                recorded.map_err(|error| error.to_string())?;
                self.compare("it", hash);
                seen(self.frames, found);
                self.frames = self.frames.saturating_add(1);
            }
            ConfirmedItem::Event(json) => {
                serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(json)
                    .map_err(|error| format!("an event: {error}"))?;
                self.recorder.event(json);
            }
        }
        Ok(())
    }

    fn read_returns(&mut self) {
        self.returns.clear();
        self.env.write_returns(&mut self.returns);
    }

    fn compare(&mut self, what: &str, expected: u64) {
        let found = self.env.hash();
        if found != expected && self.difference.is_none() {
            let problem = format!("hash after {what}: expected {found:016x}, as played again; found {expected:016x}");
            self.difference = Some((self.frames, problem));
        }
    }

    fn stops(&mut self, problem: String) {
        self.stopped = true;
        if self.difference.is_none() {
            self.difference = Some((self.frames, problem));
        }
    }

    /// The first difference in words.
    pub(crate) fn told(&self) -> Option<String> {
        self.difference.as_ref().map(|(frame, problem)| format!("frame {frame}: {problem}"))
    }
}
