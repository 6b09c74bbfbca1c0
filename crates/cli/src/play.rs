//! `palaestra play`: random players play an environment, and their record is written.
use std::ffi::OsString;
use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use palaestra_env::catalog::Catalog;
use palaestra_env::{Env, EnvError, Kwargs, MakeError, RandomPlayer, ValueWriter};
use palaestra_record::{Header, Log, WriteError, compress, write_jsonl};

use crate::arguments::{Misuse, lossy};
use crate::output::Output;

#[derive(Debug, PartialEq)]
pub(crate) struct PlayOptions {
    pub(crate) id: String,
    pub(crate) kwargs: Kwargs,
    pub(crate) seed: u64,
    pub(crate) steps: u64,
    pub(crate) output: Option<PathBuf>,
}

impl PlayOptions {
    /// Reads the arguments after `play`; `None` where help is asked for.
    pub(crate) fn parse(mut arguments: impl Iterator<Item = OsString>) -> Result<Option<Self>, Misuse> {
        let (mut id, mut kwargs, mut seed, mut steps, mut output) = (None, Kwargs::new(), 0, 1_000, None);
        while let Some(argument) = arguments.next() {
            let mut value = |option| arguments.next().ok_or(Misuse::NoValue(option));
            match argument.to_str() {
                Some("--help" | "-h") => return Ok(None),
                Some("--seed") => seed = count("--seed", &value("--seed")?)?,
                Some("--steps") => steps = count("--steps", &value("--steps")?)?,
                Some("--kwargs") => kwargs = object(&value("--kwargs")?)?,
                Some("-o" | "--output") => output = Some(PathBuf::from(value("--output")?)),
                Some(option) if option.starts_with('-') => {
                    let expected = "--seed, --steps, --kwargs or --output";
                    return Err(Misuse::Value { what: "play", expected, found: option.to_owned() });
                }
                _ if id.is_some() => return Err(Misuse::TooMuch(lossy(&argument))),
                _ => id = Some(lossy(&argument)),
            }
        }
        let id = id.ok_or(Misuse::NoEnvironment)?;
        Ok(Some(Self { id, kwargs, seed, steps, output }))
    }
}

fn count(what: &'static str, value: &OsString) -> Result<u64, Misuse> {
    let text = lossy(value);
    text.parse().map_err(|_| Misuse::Value { what, expected: "an integer from 0 to 2^64 - 1", found: text })
}

fn object(value: &OsString) -> Result<Kwargs, Misuse> {
    let text = lossy(value);
    let expected = "a JSON object, such as {\"map_name\":\"8x8\"}";
    serde_json::from_str(&text).map_err(|_| Misuse::Value { what: "--kwargs", expected, found: text })
}

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

    fn parse(line: &str) -> Result<Option<PlayOptions>, Misuse> {
        PlayOptions::parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn an_id_is_enough_and_every_option_can_be_given() {
        let options = parse("CartPole-v1").unwrap().unwrap();
        assert_eq!((options.seed, options.steps, options.output), (0, 1_000, None));
        let options = parse("--seed 7 X-v0 --steps 30 --kwargs {\"n\":3} -o x.jsonl.gz").unwrap().unwrap();
        assert_eq!((options.id.as_str(), options.seed, options.steps), ("X-v0", 7, 30));
        assert_eq!(options.kwargs.get("n"), Some(&3.into()));
        assert_eq!(options.output, Some("x.jsonl.gz".into()));
    }

    #[test]
    fn a_command_line_that_makes_no_sense_says_what_was_expected() {
        for (line, expected) in [
            ("", "play: expected the id of an environment, found none"),
            ("X --seed", "expected a value after --seed, found none"),
            ("X --seed -1", "--seed: expected an integer from 0 to 2^64 - 1, found `-1`"),
            ("X --kwargs 3", "--kwargs: expected a JSON object, such as {\"map_name\":\"8x8\"}, found `3`"),
            ("X --fast", "play: expected --seed, --steps, --kwargs or --output, found `--fast`"),
            ("X Y", "expected nothing more, found `Y`"),
        ] {
            assert_eq!(parse(line).unwrap_err().to_string(), expected, "{line}");
        }
    }

    #[test]
    fn every_step_asked_for_is_played_and_episodes_follow_one_another() {
        let mut env = palaestra_envs::make("CartPole-v1", &Kwargs::new()).unwrap();
        let log = play(&mut env, 3, 200).unwrap();
        assert_eq!(log.steps(), 200);
        assert!(log.episodes() > 3, "{}", log.episodes());
    }
}
