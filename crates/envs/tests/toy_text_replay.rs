//! Trajectories recorded from the Python reference, replayed step by step; `tests/golden/toy_text/README.md` says where they
//! come from.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use palaestra_env::json::{from_json, to_json};
use palaestra_env::returns::{Returns, info_space};
use palaestra_env::{Env, Kwargs, ValueWriter};
use serde_json::Value as Json;

#[test]
fn every_recorded_step_has_the_reference_s_observation_reward_flags_and_info() {
    let files = records();
    assert_eq!(files.len(), 35, "the records that come with the project: {files:?}");
    for file in files {
        let steps = replay(&file).unwrap_or_else(|difference| panic!("{}: {difference}", file.display()));
        let expected = if file.display().to_string().contains("rules") { 300 } else { 400 };
        assert_eq!(steps, expected, "{}", file.display());
    }
}

fn records() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/toy_text");
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
                same(&line, "obs", &returned(&env)[0])?;
                same(&line, "info", &returned(&env)[1])?;
            }
            "step" => {
                let action = from_json(&env.spec().action_spaces[0], &line["action"]).unwrap();
                let outcome = env.step(&[action]).unwrap().clone();
                same(&line, "obs", &returned(&env)[0])?;
                same(&line, "info", &returned(&env)[1])?;
                same(&line, "terminated", &outcome.terminated[0].into())?;
                same(&line, "truncated", &outcome.truncated[0].into())?;
                // The reference has integers for some rewards.
                if line["reward"].as_f64() != Some(outcome.rewards[0]) {
                    same(&line, "reward", &outcome.rewards[0].into())?;
                }
                steps += 1;
            }
            _ => assert_eq!(line["steps"].as_u64(), Some(steps)),
        }
    }
    Ok(steps)
}

/// Observation and info.
fn returned(env: &Env) -> [Json; 2] {
    let mut out = ValueWriter::new();
    env.write_returns(&mut out);
    let returns = Returns::read(env.spec(), env.phase(), out.bytes()).unwrap();
    let info = info_space(env.spec(), env.phase());
    [to_json(&env.spec().observation_spaces[0], &returns.observations[0]), to_json(info, &returns.info)]
}

fn same(line: &Json, field: &str, played: &Json) -> Result<(), String> {
    let recorded = &line[field];
    if recorded == played {
        return Ok(());
    }
    Err(format!("{} at t = {}: expected {field} {recorded}, found {played}", line["type"], line["t"]))
}
