//! Trajectories recorded from the Python reference, replayed step by step; `tests/golden/minigrid/README.md` says where they
//! come from.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use palaestra_env::json::{from_json, to_json};
use palaestra_env::{Env, Kwargs, Value, ValueReader, ValueWriter};
use serde_json::Value as Json;

#[test]
fn every_recorded_step_has_the_reference_s_observation_reward_and_flags() {
    let mut ids = BTreeSet::new();
    for file in records() {
        let steps = replay(&file, &mut ids).unwrap_or_else(|difference| panic!("{}: {difference}", file.display()));
        assert_eq!(steps, 400, "{}", file.display());
    }
    let registered: BTreeSet<String> =
        palaestra_envs::minigrid::ENTRIES.iter().map(|entry| entry.id.to_owned()).collect();
    assert_eq!(ids, registered, "every environment has records that come with the project");
}

fn records() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/minigrid");
    let files = folder.read_dir().unwrap().map(|entry| entry.unwrap().path());
    files.filter(|file| file.extension().is_some_and(|extension| extension == "gz")).collect()
}

/// The number of steps that agree with the record, or the first difference.
fn replay(file: &Path, ids: &mut BTreeSet<String>) -> Result<u64, String> {
    let lines = BufReader::new(GzDecoder::new(File::open(file).unwrap())).lines();
    let mut lines = lines.map(|line| serde_json::from_str::<Json>(&line.unwrap()).unwrap());
    let header = lines.next().unwrap();
    let id = header["env_id"].as_str().unwrap();
    ids.insert(id.to_owned());
    let mut env = palaestra_envs::make(id, header["kwargs"].as_object().unwrap()).unwrap();
    let mut steps = 0;
    for line in lines {
        match line["type"].as_str().unwrap() {
            "reset" => {
                env.reset(line["seed"].as_u64(), &Kwargs::new()).unwrap();
                same(&line, "obs", &line["obs"], &observation(&env))?;
            }
            "step" => {
                let action = from_json(&env.spec().action_spaces[0], &line["action"]).unwrap();
                let outcome = env.step(&[action]).unwrap().clone();
                same(&line, "obs", &line["obs"], &observation(&env))?;
                // A reward that is whole is an integer in the reference.
                same(&line, "reward", &line["reward"].as_f64().into(), &outcome.rewards[0].into())?;
                same(&line, "terminated", &line["terminated"], &outcome.terminated[0].into())?;
                same(&line, "truncated", &line["truncated"], &outcome.truncated[0].into())?;
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

fn same(line: &Json, field: &str, recorded: &Json, played: &Json) -> Result<(), String> {
    if recorded == played {
        return Ok(());
    }
    Err(format!("{} at t = {}: expected {field} {recorded}, found {played}", line["type"], line["t"]))
}
