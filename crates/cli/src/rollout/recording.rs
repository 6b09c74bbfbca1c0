//! Records of a rollout's episodes: played again, one after another, since an episode is what its seed says.
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use palaestra_env::{Env, Kwargs, ValueWriter};
use palaestra_record::{Header, Record, Recorder, WriteError, gzip::encoder, write_jsonl};
use palaestra_rollout::Episode;

use super::error::RolloutError;
use super::policies::Given;

/// Writes one file, or a folder with a file for each episode.
pub(super) fn write(given: &Given, episodes: &[Episode], path: &Path) -> Result<(), RolloutError> {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if name.ends_with(".jsonl") || name.ends_with(".jsonl.gz") {
        return to_file(given, episodes, path);
    }
    fs::create_dir_all(path).map_err(|error| RolloutError::File(path.to_owned(), error))?;
    episodes.iter().enumerate().try_for_each(|(number, episode)| {
        to_file(given, std::slice::from_ref(episode), &path.join(format!("episode-{number:06}.jsonl.gz")))
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
        rollout.episode(episode.seed, most, &mut see).map_err(RolloutError::Env)?;
        if !same || plain.hash() != rollout.env().hash() {
            return Err(RolloutError::Remembers { seed: episode.seed });
        }
    }
    Ok(recorder.into_record())
}

fn options_text(options: &Kwargs) -> String {
    serde_json::Value::Object(options.clone()).to_string()
}
