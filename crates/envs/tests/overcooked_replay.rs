//! Records of the Python reference and of people's games, replayed step by step.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use palaestra_env::json::{from_json, to_json};
use palaestra_env::returns::{Returns, info_space};
use palaestra_env::{Env, Kwargs, Value, ValueWriter};
use serde_json::{Value as Json, json};

#[test]
fn every_record_replays_to_the_last_number() {
    let mut files: Vec<PathBuf> = records(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/golden/overcooked"));
    assert!(files.len() >= 31, "the records that come with the project: {files:?}");
    // Whoever has more of them can name their folder.
    files.extend(std::env::var_os("OVERCOOKED_RECORDS").iter().flat_map(|folder| records(Path::new(folder))));
    let mut steps = 0;
    for file in &files {
        steps += replay(file).unwrap_or_else(|difference| panic!("{}: {difference}", file.display()));
    }
    println!("{} records, {steps} steps", files.len());
}

fn records(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.to_string_lossy().ends_with(".jsonl.gz"));
    files.sort();
    files
}

/// The number of steps that agree with the record, or the first difference.
fn replay(file: &Path) -> Result<u64, String> {
    let mut env = None;
    let mut steps = 0;
    for line in BufReader::new(GzDecoder::new(File::open(file).unwrap())).lines() {
        let line: Json = serde_json::from_str(&line.unwrap()).unwrap();
        match line["type"].as_str().unwrap() {
            "header" => env = Some(make(&line)?),
            "reset" => {
                let env = env.as_mut().unwrap();
                env.reset(line["seed"].as_u64(), &Kwargs::new()).unwrap();
                compare("reset", &line, &played(env))?;
            }
            "step" => {
                let env = env.as_mut().unwrap();
                let spaces = env.spec().action_spaces.iter().zip(line["action"].as_array().unwrap());
                let actions: Vec<Value> = spaces.map(|(space, action)| from_json(space, action).unwrap()).collect();
                env.step(&actions).map_err(|error| error.to_string())?;
                compare(&format!("step {}", line["t"]), &line, &played(env))?;
                steps += 1;
            }
            _ => assert_eq!(line["steps"].as_u64(), Some(steps)),
        }
    }
    Ok(steps)
}

fn make(header: &Json) -> Result<Env, String> {
    let id = header["env_id"].as_str().unwrap();
    palaestra_envs::make(id, header["kwargs"].as_object().unwrap()).map_err(|error| error.to_string())
}

/// What the environment returned, as a record's line holds it.
fn played(env: &Env) -> Json {
    let mut out = ValueWriter::new();
    env.write_returns(&mut out);
    let returns = Returns::read(env.spec(), env.phase(), out.bytes()).unwrap();
    let [observation] = &returns.observations[..] else { panic!("expected one observation for both agents") };
    json!({
        "obs": to_json(&env.spec().observation_spaces[0], observation),
        "info": to_json(info_space(env.spec(), env.phase()), &returns.info),
        "reward": returns.outcome.rewards[0],
        "terminated": returns.outcome.terminated[0],
        "truncated": returns.outcome.truncated[0],
    })
}

fn compare(at: &str, expected: &Json, found: &Json) -> Result<(), String> {
    for field in ["obs", "reward", "terminated", "truncated", "info"] {
        if let Some(expected) = expected.get(field) {
            same(&mut format!("{at}: {field}"), expected, &found[field])?;
        }
    }
    Ok(())
}

/// Numbers are compared by value, and Python's `True` equals its 1.
fn same(path: &mut String, expected: &Json, found: &Json) -> Result<(), String> {
    let number = |json: &Json| json.as_f64().or(json.as_bool().map(|flag| f64::from(u8::from(flag))));
    let equal = match (expected, found) {
        (Json::Array(expected), Json::Array(found)) if expected.len() == found.len() => {
            for (index, (expected, found)) in expected.iter().zip(found).enumerate() {
                within(path, &format!("[{index}]"), expected, found)?;
            }
            true
        }
        (Json::Object(expected), Json::Object(found)) if expected.keys().eq(found.keys()) => {
            for (name, expected) in expected {
                within(path, &format!(".{name}"), expected, &found[name])?;
            }
            true
        }
        _ => expected == found || number(expected).is_some_and(|value| Some(value) == number(found)),
    };
    if equal { Ok(()) } else { Err(format!("{path}: expected {expected}, found {found}")) }
}

fn within(path: &mut String, step: &str, expected: &Json, found: &Json) -> Result<(), String> {
    let length = path.len();
    path.push_str(step);
    same(path, expected, found)?;
    path.truncate(length);
    Ok(())
}

#[test]
fn a_record_with_one_changed_number_is_told_where() {
    let [expected, found] = [2, 3].map(|y| json!({"obs": {"players": [{"position": [1, y]}]}, "info": {}}));
    assert_eq!(compare("step 7", &expected, &expected), Ok(()));
    assert_eq!(
        compare("step 7", &expected, &found).unwrap_err(),
        "step 7: obs.players[0].position[1]: expected 2, found 3"
    );
}
