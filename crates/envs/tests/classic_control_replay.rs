//! Trajectories recorded from the Python reference, replayed step by step; `tests/golden/classic_control/README.md` says
//! where they come from.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use palaestra_env::json::{action_from_json, to_json};
use palaestra_env::{Env, Kwargs, Value, ValueReader, ValueWriter};
use serde_json::Value as Json;

#[test]
fn every_recorded_step_has_the_reference_s_observation_reward_and_flags() {
    let files = records();
    assert_eq!(files.len(), 15, "the records that come with the project: {files:?}");
    for file in files {
        let steps = replay(&file).unwrap_or_else(|difference| panic!("{}: {difference}", file.display()));
        assert_eq!(steps, 400, "{}", file.display());
    }
}

fn records() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/classic_control");
    let files = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|extension| extension == "gz")).collect()
}

/// The number of steps that agree with the record, or the first difference.
fn replay(file: &Path) -> Result<u64, String> {
    let lines = BufReader::new(GzDecoder::new(File::open(file).unwrap())).lines();
    let mut lines = lines.map(|line| serde_json::from_str::<Json>(&line.unwrap()).unwrap());
    let header = lines.next().unwrap();
    let kwargs = header["kwargs"].as_object().unwrap();
    let mut env = palaestra_envs::make(header["env_id"].as_str().unwrap(), kwargs).unwrap();
    let mut steps = 0;
    for line in lines {
        match line["type"].as_str().unwrap() {
            "reset" => {
                env.reset(line["seed"].as_u64(), &Kwargs::new()).unwrap();
                same(&line, "obs", &observation(&env))?;
            }
            "step" => {
                let action = action_from_json(env.spec(), &env.spec().action_spaces[0], &line["action"]).unwrap();
                let outcome = env.step(&[action]).unwrap().clone();
                same(&line, "obs", &observation(&env))?;
                same(&line, "reward", &outcome.rewards[0].into())?;
                same(&line, "terminated", &outcome.terminated[0].into())?;
                same(&line, "truncated", &outcome.truncated[0].into())?;
                steps += 1;
            }
            _ => assert_eq!(line["steps"].as_u64(), Some(steps)),
        }
    }
    Ok(steps)
}

fn observation(env: &Env) -> Json {
    let mut out = ValueWriter::new();
    env.observe(&mut out);
    let space = &env.spec().observation_spaces[0];
    let value: Value = ValueReader::new(out.bytes()).read(space).unwrap();
    to_json(space, &value)
}

fn same(line: &Json, field: &str, played: &Json) -> Result<(), String> {
    let recorded = &line[field];
    if recorded == played {
        return Ok(());
    }
    Err(format!("{} at t = {}: expected {field} {recorded}, found {played}", line["type"], line["t"]))
}
