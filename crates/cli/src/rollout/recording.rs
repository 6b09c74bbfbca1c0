//! Records of a rollout's episodes: played again, one after another, since an episode is what its seed says.
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use palaestra_env::{Env, Kwargs, ValueWriter};
use palaestra_record::{Header, Record, Recorder, WriteError, gzip::encoder, write_jsonl};
use palaestra_rollout::Episode;

use super::error::RolloutError;
use super::policies::Given;

/// What the name of an episode's file begins and ends with.
const EPISODE: [&str; 2] = ["episode-", ".jsonl.gz"];

/// Whether all episodes go into one file.
fn is_file(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.ends_with(".jsonl") || name.ends_with(".jsonl.gz")
}

/// Looks whether the episodes can go there before they are played: a folder with those of another run would be taken for one run.
pub(super) fn check(path: &Path) -> Result<(), RolloutError> {
    if is_file(path) || !path.exists() {
        return Ok(());
    }
    let failed = |error| RolloutError::File(path.to_owned(), error);
    let ([begin, end], mut found) = (EPISODE, Vec::new());
    for file in fs::read_dir(path).map_err(failed)? {
        let name = file.map_err(failed)?.file_name().to_string_lossy().into_owned();
        if name.starts_with(begin) && name.ends_with(end) {
            found.push(name);
        }
    }
    match found.into_iter().min() {
        None => Ok(()),
        Some(found) => Err(RolloutError::Exists { folder: path.to_owned(), found }),
    }
}

/// Writes one file, or a folder with a file for each episode.
pub(super) fn write(given: &Given, episodes: &[Episode], path: &Path) -> Result<(), RolloutError> {
    if is_file(path) {
        return to_file(given, episodes, path);
    }
    let [begin, end] = EPISODE;
    fs::create_dir_all(path).map_err(|error| RolloutError::File(path.to_owned(), error))?;
    episodes.iter().enumerate().try_for_each(|(number, episode)| {
        to_file(given, std::slice::from_ref(episode), &path.join(format!("{begin}{number:06}{end}")))
    })
}

fn to_file(given: &Given, episodes: &[Episode], path: &Path) -> Result<(), RolloutError> {
    let record = recorded(given, episodes)?;
    let seed = episodes.first().map(|episode| episode.seed);
    let mut header = Header::new(&given.id, given.kwargs.clone(), seed);
    header.policy = Some(given.names().join(", "));
    let env = given.env()?;
    let failed = |error| RolloutError::File(path.to_owned(), error);
    let mut out = BufWriter::with_capacity(1 << 16, File::create(path).map_err(failed)?);
    let lines = |out: &mut dyn Write| {
        write_jsonl(&header, env.spec(), &record, &[], &mut { out }).map_err(|error| match error {
            WriteError::Io(error) => failed(error),
            error => failed(io::Error::other(error.to_string())),
        })
    };
    if path.extension().is_some_and(|extension| extension == "gz") {
        let mut gzip = encoder(&mut out);
        lines(&mut gzip)?;
        gzip.finish().map_err(failed)?;
    } else {
        lines(&mut out)?;
    }
    out.flush().map_err(failed)
}

/// The record of episodes that follow one another in one environment, as a replay will play them.
fn recorded(given: &Given, episodes: &[Episode]) -> Result<Record, RolloutError> {
    let mut rollout = given.rollout()?;
    // The environment of the replay, which only resets.
    let mut plain = given.env()?;
    let options = if given.reset_options.is_empty() { String::new() } else { options_text(&given.reset_options) };
    let mut recorder = Recorder::new(given.agents.len());
    let (mut chosen, mut returns) = (ValueWriter::new(), ValueWriter::new());
    for episode in episodes {
        plain.reset(Some(episode.seed), &given.reset_options).map_err(RolloutError::Env)?;
        let mut same = true;
        let mut see = |env: &Env, actions: Option<&[palaestra_env::Value]>| {
            returns.clear();
            env.write_returns(&mut returns);
            let Some(actions) = actions else {
                same &= env.hash() == plain.hash();
                return recorder.reset(Some(episode.seed), &options, returns.bytes());
            };
            same &= plain.step(actions).is_ok();
            chosen.clear();
            actions.iter().for_each(|action| chosen.value(action));
            let recorded = recorder.step(chosen.bytes(), returns.bytes(), &[], Some(env.hash()));
            // What an environment has just written can be read.
            debug_assert_eq!(recorded, Ok(()));
        };
        let most = episode.length.max(1);
        let played = rollout.episode(episode.seed, most, &mut see).map_err(RolloutError::Env)?;
        if !alike(&played, episode) {
            return Err(RolloutError::Another { seed: episode.seed });
        }
        if !same || plain.hash() != rollout.env().hash() {
            return Err(RolloutError::Remembers { seed: episode.seed });
        }
    }
    Ok(recorder.into_record())
}

/// Whether two are the same to the bit, also where what they earned is no number.
fn alike(played: &Episode, told: &Episode) -> bool {
    let facts = |Episode { seed, length, end, hash, .. }: &Episode| (*seed, *length, *end, *hash);
    let bits = |episode: &Episode| episode.returns.iter().map(|earned| earned.to_bits()).collect::<Vec<_>>();
    facts(played) == facts(told) && bits(played) == bits(told)
}

fn options_text(options: &Kwargs) -> String {
    serde_json::Value::Object(options.clone()).to_string()
}

#[cfg(test)]
mod tests {
    use palaestra_env::catalog::{Catalog, Entry, Family};
    use palaestra_env::{ArgumentError, Environment};
    use palaestra_rollout::Plan;

    use super::*;
    use crate::brief::{Brief, family};
    use crate::rollout::options::RolloutOptions;

    /// Each step earns as much as there were steps before.
    fn make(id: &str, _: &Kwargs) -> Option<Result<Box<dyn Environment>, ArgumentError>> {
        Some(Ok(Brief::boxed(id, |_| (), |_, before| f64::from(before))))
    }

    const FAMILY: Family = family(&[Entry::new("Grows-v0", "Grows", "")], make);
    const CATALOG: Catalog = Catalog::new(&[&[FAMILY]]);

    #[test]
    fn an_episode_that_is_another_when_it_is_played_for_its_record_is_an_error() {
        let options = RolloutOptions {
            id: "Grows-v0".to_owned(),
            policies: Vec::new(),
            sample: false,
            seed: 5,
            episodes: None,
            steps: None,
            max_episode_steps: 10,
            kwargs: Kwargs::new(),
            reset_options: Kwargs::new(),
            threads: None,
            json: false,
            output: None,
        };
        let given = Given::read(&options, CATALOG).unwrap();
        let plan = Plan { seed: 5, episodes: Some(3), steps: None, longest: 10 };
        let episodes = crate::rollout::episodes::all(&given, plan, 1).unwrap();
        assert_eq!(recorded(&given, &episodes).unwrap().totals().steps, 3, "one after another they are the same");
        assert_eq!(recorded(&given, &episodes[..1]).unwrap().totals().steps, 1);
        let error = recorded(&given, &episodes[1..]).unwrap_err();
        assert!(matches!(error, RolloutError::Another { seed: 6 }), "{error}");
    }
}
