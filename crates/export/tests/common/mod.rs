//! Games that are played step by step beside their records: what an export has to say.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "tests, of which each uses its own part"
)]

use std::io::Write;
use std::sync::{Arc, Mutex};

use palaestra_env::{Kwargs, MakeError, Phase, RandomPlayer, Returns, Sharing, Spec, Value, ValueWriter};
use palaestra_export::{ExportError, Sink, Survey, Table, TableBuilder, export};
use palaestra_record::{Header, Limits, Recorder, write_jsonl};
use serde_json::{Value as Json, json};

/// Environments of every kind: Box, Discrete, Tuple, Dict, texts, sequences, nested; actions that are numbers and vectors; one
/// agent, two that share all, three that see and do different things.
pub const GAMES: [(&str, &str); 9] = [
    ("CartPole-v1", "{}"),
    ("Pendulum-v1", "{}"),
    ("Blackjack-v1", "{}"),
    ("MiniGrid-DoorKey-8x8-v0", "{}"),
    ("overcooked_ai/cramped_room", "{}"),
    ("overcooked_ai/cramped_room", r#"{"observation":"lossless"}"#),
    ("Overcooked-CrampedRoom-V0", "{}"),
    ("mpe2/simple_tag_v3", "{}"),
    ("mpe2/simple_tag_v3", r#"{"continuous_actions":true}"#),
];

/// A step of one agent as whoever plays sees it.
#[derive(Clone, Debug)]
pub struct Seen {
    pub episode: u64,
    pub step: u64,
    pub agent: usize,
    pub seed: Option<u64>,
    pub observation: Value,
    pub action: Value,
    pub reward: f64,
    pub terminated: bool,
    pub truncated: bool,
    pub next: Value,
    pub info: Value,
}

pub struct Game {
    pub spec: Spec,
    pub kwargs: Kwargs,
    pub record: String,
    pub seen: Vec<Seen>,
}

/// The numbers of a step: two that stand in the line itself, and two metrics.
pub const NUMBERS: [&str; 4] = ["time", "key_time", "keypressTimestamp", "stepBeginTimestamp"];

pub fn numbers(step: u64) -> [f64; 4] {
    let key = if step.is_multiple_of(4) { 7.25 * step as f64 } else { f64::NAN };
    let [first, second] = metrics(step);
    [8.5 * step as f64, key, first, second]
}

fn metrics(step: u64) -> [f64; 2] {
    [if step.is_multiple_of(3) { f64::NAN } else { 12.5 + step as f64 }, 1e3 / 3.0 * step as f64]
}

/// Plays at random, so many steps, one episode after another.
pub fn play(id: &str, kwargs: &str, steps: u64) -> Game {
    let kwargs: Kwargs = serde_json::from_str(kwargs).unwrap();
    let mut env = palaestra_envs::make(id, &kwargs).unwrap();
    let spec = env.spec().clone();
    let spaces = spec.action_spaces.clone().into_iter().enumerate();
    let mut players: Vec<RandomPlayer> = spaces.map(|(agent, space)| RandomPlayer::new(space, 5, agent)).collect();
    let (mut recorder, mut chosen, mut bytes) =
        (Recorder::new(spec.agents.len()), ValueWriter::new(), ValueWriter::new());
    let (mut seen, mut episode, mut within, mut seed, mut before) = (Vec::new(), 0, 0, None, Vec::new());
    for step in 0..steps {
        if step == 0 || env.outcome().over() {
            seed = (step == 0).then_some(u64::MAX - 4);
            env.reset(seed, &Kwargs::new()).unwrap();
            bytes.clear();
            env.write_returns(&mut bytes);
            recorder.reset(seed, "", bytes.bytes());
            before = Returns::read(&spec, Phase::Reset, bytes.bytes()).unwrap().observations;
            (episode, within) = (if step == 0 { 0 } else { episode + 1 }, 0);
        }
        let actions: Vec<_> = players.iter_mut().map(RandomPlayer::choose).collect();
        chosen.clear();
        actions.iter().for_each(|action| chosen.value(action));
        let outcome = env.step(&actions).unwrap().clone();
        bytes.clear();
        env.write_returns(&mut bytes);
        recorder.step(chosen.bytes(), bytes.bytes(), &numbers(step), Some(env.hash())).unwrap();
        let after = Returns::read(&spec, Phase::Step, bytes.bytes()).unwrap();
        for (agent, action) in actions.into_iter().enumerate() {
            let own = if spec.observation == Sharing::Shared { 0 } else { agent };
            seen.push(Seen {
                episode,
                step: within,
                agent,
                seed,
                observation: before[own].clone(),
                action,
                reward: outcome.rewards[agent],
                terminated: outcome.terminated[agent],
                truncated: outcome.truncated[agent],
                next: after.observations[own].clone(),
                info: after.info.clone(),
            });
        }
        before = after.observations;
        within += 1;
    }
    let mut header = Header::new(id, kwargs.clone(), Some(7));
    header.policy = Some("random".to_owned());
    let rest = json!({"condition": "fast, \"loud\"\n", "match": {"id": "m1", "size": 2}, "participant": null});
    header.rest = rest.as_object().cloned().unwrap();
    let mut text = Vec::new();
    write_jsonl(&header, &spec, &recorder.record(), &NUMBERS, &mut text).unwrap();
    Game { spec, kwargs, record: String::from_utf8(text).unwrap(), seen }
}

pub fn make(id: &str, kwargs: &Kwargs) -> Result<palaestra_env::Env, MakeError> {
    palaestra_envs::make(id, kwargs)
}

pub fn survey(record: &str) -> Result<Survey, ExportError> {
    Survey::of(record.as_bytes(), make, Limits::default())
}

/// The table of these records.
pub fn table(records: &[&str]) -> Table {
    let mut table = TableBuilder::default();
    records.iter().for_each(|record| table.add(&survey(record).unwrap()).unwrap());
    table.finish().unwrap()
}

/// What is written, which can be looked at while it is.
#[derive(Clone, Default)]
pub struct Shared(pub Arc<Mutex<Vec<u8>>>);

impl Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// What `sink` writes of the records, which are called `a`, `b`, ….
pub fn written(records: &[&str], sink: impl FnOnce(Shared) -> Box<dyn Sink>) -> Vec<u8> {
    let out = Shared::default();
    let mut sink = sink(out.clone());
    for (name, record) in ('a'..).zip(records) {
        let (_, given) = export(&name.to_string(), record.as_bytes(), make, Limits::default(), sink.as_mut());
        given.unwrap();
    }
    sink.finish().unwrap();
    std::mem::take(&mut *out.0.lock().unwrap())
}

/// A record with one of its lines changed.
pub fn changed(record: &str, line: usize, change: impl FnOnce(&mut Json)) -> String {
    let mut lines: Vec<Json> = record.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    change(&mut lines[line]);
    lines.iter().map(|line| format!("{line}\n")).collect()
}
