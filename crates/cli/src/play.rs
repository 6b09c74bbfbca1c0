//! `palaestra play`: random players play an environment, and their record is written.
use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use palaestra_env::catalog::Catalog;
use palaestra_env::{Env, EnvError, Kwargs, MakeError, RandomPlayer, ValueWriter};
use palaestra_record::{Header, Record, Recorder, WriteError, gzip::encoder, write_jsonl};

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
pub(crate) fn run(options: &PlayOptions, catalog: Catalog, out: &mut Output<impl Write>) -> Result<(), PlayError> {
    let mut env = catalog.make(&options.id, &options.kwargs).map_err(PlayError::Make)?;
    let record = play(&mut env, options.seed, options.steps).map_err(PlayError::Env)?;
    let mut header = Header::new(&options.id, options.kwargs.clone(), Some(options.seed));
    header.policy = Some(vec!["random"; env.spec().agents.len()].join(", "));
    match &options.output {
        Some(path) => {
            let file = |error| PlayError::File(path.clone(), error);
            let mut out = BufWriter::with_capacity(1 << 16, File::create(path).map_err(file)?);
            let write = |out: &mut dyn Write| {
                write_jsonl(&header, env.spec(), &record, &[], &mut { out }).map_err(|error| match error {
                    WriteError::Io(error) => file(error),
                    error => PlayError::Write(error),
                })
            };
            if path.extension().is_some_and(|extension| extension == "gz") {
                let mut gzip = encoder(&mut out);
                write(&mut gzip)?;
                gzip.finish().map_err(file)?;
            } else {
                write(&mut out)?;
            }
            out.flush().map_err(file)
        }
        None => {
            let mut out = BufWriter::with_capacity(1 << 16, out.raw());
            write_jsonl(&header, env.spec(), &record, &[], &mut out).map_err(PlayError::Write)?;
            out.flush().map_err(|error| PlayError::Write(error.into()))
        }
    }
}

/// So many steps of random players: one episode after another, the first from `seed`, the others from the generator as it
/// then is.
fn play(env: &mut Env, seed: u64, steps: u64) -> Result<Record, EnvError> {
    let spaces = env.spec().action_spaces.clone().into_iter().enumerate();
    let mut players: Vec<RandomPlayer> = spaces.map(|(agent, space)| RandomPlayer::new(space, seed, agent)).collect();
    let (mut recorder, mut chosen, mut returns) =
        (Recorder::new(env.spec().agents.len()), ValueWriter::new(), ValueWriter::new());
    reset(env, Some(seed), &mut returns, &mut recorder)?;
    for step in 0..steps {
        if step > 0 && env.outcome().over() {
            reset(env, None, &mut returns, &mut recorder)?;
        }
        let actions: Vec<_> = players.iter_mut().map(RandomPlayer::choose).collect();
        chosen.clear();
        actions.iter().for_each(|action| chosen.value(action));
        env.step(&actions)?;
        returns.clear();
        env.write_returns(&mut returns);
        let recorded = recorder.step(chosen.bytes(), returns.bytes(), &[], Some(env.hash()));
        // What an environment has just written can be read.
        debug_assert_eq!(recorded, Ok(()));
    }
    Ok(recorder.into_record())
}

fn reset(env: &mut Env, seed: Option<u64>, returns: &mut ValueWriter, recorder: &mut Recorder) -> Result<(), EnvError> {
    env.reset(seed, &Kwargs::new())?;
    returns.clear();
    env.write_returns(returns);
    recorder.reset(seed, "", returns.bytes());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_asked_for_is_played_and_episodes_follow_one_another() {
        let mut env = palaestra_envs::make("CartPole-v1", &Kwargs::new()).unwrap();
        let record = play(&mut env, 3, 200).unwrap();
        assert_eq!(record.totals().steps, 200);
        assert!(record.totals().episodes > 3, "{}", record.totals());
    }
}
