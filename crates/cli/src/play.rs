//! `palaestra play`: random players play an environment, and their record is written.
use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use palaestra_env::{Env, EnvError, Kwargs, MakeError, RandomPlayer, ValueWriter};
use palaestra_record::{Header, Log, WriteError, compress, write_jsonl};

use crate::arguments::PlayOptions;
use crate::output::Output;

/// Why there is no record.
#[derive(Debug)]
pub(crate) enum PlayError {
    Make(MakeError),
    Env(EnvError),
    Write(WriteError),
    File(PathBuf, io::Error),
}

impl fmt::Display for PlayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PlayError::Make(error) => error.fmt(f),
            PlayError::Env(error) => error.fmt(f),
            PlayError::Write(error) => error.fmt(f),
            PlayError::File(path, error) => write!(f, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for PlayError {}

/// Plays, and writes the record to the file or the output.
pub(crate) fn run(options: &PlayOptions, out: &mut Output<impl Write>) -> Result<(), PlayError> {
    let mut env = palaestra_envs::make(&options.id, &options.kwargs).map_err(PlayError::Make)?;
    let log = play(&mut env, options.seed, options.steps).map_err(PlayError::Env)?;
    let mut header = Header::new(&options.id, options.kwargs.clone(), Some(options.seed));
    header.policy = Some(vec!["random"; env.spec().agents.len()].join(", "));
    match &options.output {
        Some(path) => {
            let mut text = Vec::new();
            write_jsonl(&header, env.spec(), &log, &[], &mut text).map_err(PlayError::Write)?;
            save(path, text).map_err(|error| PlayError::File(path.clone(), error))
        }
        None => {
            let mut out = BufWriter::with_capacity(1 << 16, out.raw());
            write_jsonl(&header, env.spec(), &log, &[], &mut out).map_err(PlayError::Write)?;
            out.flush().map_err(|error| PlayError::Write(error.into()))
        }
    }
}

fn save(path: &Path, text: Vec<u8>) -> io::Result<()> {
    let gzipped = path.extension().is_some_and(|extension| extension == "gz");
    let bytes = if gzipped { compress(&text)? } else { text };
    File::create(path)?.write_all(&bytes)
}

/// So many steps of random players: one episode after another, the first from `seed`, the others from the generator as it
/// then is.
fn play(env: &mut Env, seed: u64, steps: u64) -> Result<Log, EnvError> {
    let spaces = env.spec().action_spaces.clone().into_iter().enumerate();
    let mut players: Vec<RandomPlayer> = spaces.map(|(agent, space)| RandomPlayer::new(space, seed, agent)).collect();
    let (mut log, mut chosen, mut returns) = (Log::new(), ValueWriter::new(), ValueWriter::new());
    reset(env, Some(seed), &mut returns, &mut log)?;
    for step in 0..steps {
        if step > 0 && env.outcome().over() {
            reset(env, None, &mut returns, &mut log)?;
        }
        let actions: Vec<_> = players.iter_mut().map(RandomPlayer::choose).collect();
        chosen.clear();
        actions.iter().for_each(|action| chosen.value(action));
        env.step(&actions)?;
        returns.clear();
        env.write_returns(&mut returns);
        log.step(chosen.bytes(), returns.bytes(), &[], Some(env.hash()));
    }
    Ok(log)
}

fn reset(env: &mut Env, seed: Option<u64>, returns: &mut ValueWriter, log: &mut Log) -> Result<(), EnvError> {
    env.reset(seed, &Kwargs::new())?;
    returns.clear();
    env.write_returns(returns);
    log.reset(seed, "", returns.bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_asked_for_is_played_and_episodes_follow_one_another() {
        let mut env = palaestra_envs::make("CartPole-v1", &Kwargs::new()).unwrap();
        let log = play(&mut env, 3, 200).unwrap();
        assert_eq!(log.steps(), 200);
        assert!(log.episodes() > 3, "{}", log.episodes());
    }
}
