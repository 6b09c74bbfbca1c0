//! A match played again with the environments of this program, from its confirmed frames.
use palaestra_env::catalog::Catalog;
use palaestra_env::{Env, Kwargs, Value, ValueReader, ValueWriter};
use palaestra_lobby::MatchFacts;
use palaestra_protocol::server::{ConfirmedItem, ConfirmedWriter, ToServer};
use palaestra_record::Recorder;
use palaestra_record::write::fits_line;

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
                // The record has them as they came: a name may stand twice, and the first one hold what no reader takes.
                if options.contains(['\n', '\r']) || !(options.is_empty() || fits_line(options, 1)) {
                    return Err(
                        "reset options: expected JSON that has room in a line of a record, found other".to_owned()
                    );
                }
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

#[cfg(test)]
mod tests {
    use palaestra_record::{Header, Limits, Line, verify, write_jsonl};

    use super::*;

    /// What is played again of a match whose side sent these items before its first step, and the record of it.
    fn replayed(items: &[ConfirmedItem<'_>]) -> (Replay, Vec<u8>) {
        let facts = serde_json::json!({
            "match_id": "m", "lobby": "main", "env_id": "CartPole-v1", "kwargs": {}, "participants": ["ann"], "seed": 1, "epoch": 0,
            "fps": 30.0, "created_ms": 0,
        });
        let mut replay = Replay::new(palaestra_envs::CATALOG, &serde_json::from_value(facts).unwrap())
            .unwrap_or_else(|_| unreachable!());
        let mut batch = ConfirmedWriter::to_server(0, 8);
        let head = batch.len();
        items.iter().for_each(|item| assert!(batch.put(*item)));
        let items = batch.into_message().split_off(head);
        replay.play(&[StoredBatch { number: 0, first: 0, frames: 0, action_len: 8, items }], |_, _| ());
        let (mut text, header) = (Vec::new(), Header::new("CartPole-v1", Kwargs::new(), Some(1)));
        write_jsonl(&header, replay.env.spec(), &replay.recorder.record(), &[], &mut text).unwrap();
        (replay, text)
    }

    #[test]
    fn however_deep_an_event_of_a_side_is_its_match_has_a_record() {
        for depth in [1, 126, 127] {
            let event = format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth));
            let (replay, record) = replayed(&[ConfirmedItem::Event(&event)]);
            assert!(!replay.stopped, "{depth}: {:?}", replay.told());
            assert!(verify(&record[..], palaestra_envs::make, Limits::default()).is_ok(), "{depth}");
        }
    }

    #[test]
    fn reset_options_that_no_reader_takes_end_what_is_played_again() {
        let deep = format!("{{\"low\":{}{},\"low\":-0.01}}", "[".repeat(126), "]".repeat(126));
        for (options, taken) in [("", true), ("{\"low\":-0.01}", true), ("{\n}", false), (&deep, false)] {
            let (replay, record) = replayed(&[ConfirmedItem::Reset { seed: Some(1), options, hash: 0 }]);
            assert_eq!(!replay.stopped, taken, "{options}: {:?}", replay.told());
            let lines = palaestra_record::Reader::new(&record[..], Limits::default()).map(|line| line.unwrap().line);
            assert_eq!(lines.filter(|line| matches!(line, Line::Reset(_))).count(), usize::from(taken), "{options}");
        }
    }
}
