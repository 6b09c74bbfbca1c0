//! How large a record is: an environment played by random players, its chunks compressed as the browser compresses them.
#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    reason = "of tests and of what they measure with"
)]

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use palaestra_env::{Kwargs, RandomPlayer, ValueWriter};
use palaestra_record::Recorder;

/// Steps in an hour at 60 Hz.
pub const HOUR: u64 = 216_000;

/// How large the record of an hour may be, in bytes.
pub const MOST: f64 = 64e6;

#[derive(Clone, Copy, Debug, Default)]
pub struct Kept {
    pub steps: u64,
    /// What resets and steps returned, as whole blocks.
    pub returned: u64,
    /// What the recorder wrote.
    pub written: u64,
    /// What is left of it compressed.
    pub compressed: u64,
    pub chunks: u32,
}

impl Kept {
    pub fn per_step(&self, bytes: u64) -> f64 {
        bytes as f64 / self.steps as f64
    }

    /// What an hour would take.
    pub fn hour(&self) -> f64 {
        self.per_step(self.compressed) * HOUR as f64
    }

    fn keep(&mut self, chunk: &[u8]) {
        // zlib's own level, which is the browser's.
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(6));
        encoder.write_all(chunk).unwrap();
        self.compressed += encoder.finish().unwrap().len() as u64;
        self.chunks += 1;
    }
}

/// Plays so many steps with every state's hash, one episode after another.
pub fn play(id: &str, steps: u64) -> Kept {
    let mut env = palaestra_envs::make(id, &Kwargs::new()).unwrap();
    let spaces = env.spec().action_spaces.clone().into_iter().enumerate();
    let mut players: Vec<RandomPlayer> = spaces.map(|(agent, space)| RandomPlayer::new(space, 1, agent)).collect();
    let mut recorder = Recorder::new(players.len());
    let (mut kept, mut chosen, mut returns) = (Kept::default(), ValueWriter::new(), ValueWriter::new());
    for step in 0..steps {
        if step == 0 || env.outcome().over() {
            let seed = (step == 0).then_some(1);
            env.reset(seed, &Kwargs::new()).unwrap();
            returns.clear();
            env.write_returns(&mut returns);
            recorder.reset(seed, "", returns.bytes());
            kept.returned += returns.bytes().len() as u64;
        }
        let actions: Vec<_> = players.iter_mut().map(RandomPlayer::choose).collect();
        chosen.clear();
        actions.iter().for_each(|action| chosen.value(action));
        env.step(&actions).unwrap();
        returns.clear();
        env.write_returns(&mut returns);
        recorder.step(chosen.bytes(), returns.bytes(), &[], Some(env.hash())).unwrap();
        kept.returned += returns.bytes().len() as u64;
        while let Some(chunk) = recorder.take_sealed() {
            kept.keep(&chunk);
        }
    }
    recorder.seal();
    while let Some(chunk) = recorder.take_sealed() {
        kept.keep(&chunk);
    }
    (kept.steps, kept.written) = (steps, recorder.bytes());
    kept
}
