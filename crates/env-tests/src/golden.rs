//! Records of a reference, or of people's games, replayed step by step.
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use palaestra_env::catalog::Family;
use palaestra_env::returns::{Returns, info_space};
use palaestra_env::{Env, Kwargs, Sharing, Value, ValueWriter};
use palaestra_record::members::{action_from_json, to_json};
use serde_json::{Map, Value as Json};

/// What came of replaying a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Replayed {
    /// So many steps agree: all there are.
    Agrees {
        /// How many.
        steps: u64,
    },
    /// The family has no such id.
    Unknown {
        /// The id.
        id: String,
    },
}

/// The records in a folder.
pub fn records(folder: &Path) -> Vec<PathBuf> {
    let entries = folder.read_dir().unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.to_string_lossy().ends_with(".jsonl.gz"));
    files.sort();
    files
}

/// Replays a record to its end.
///
/// # Errors
/// The first difference, or what is wrong with the record itself, in words.
pub fn replay(family: &Family, file: &Path) -> Result<Replayed, String> {
    let lines = BufReader::new(GzDecoder::new(File::open(file).map_err(|error| error.to_string())?)).lines();
    let mut lines = lines.map(|line| {
        let line = line.map_err(|error| format!("not readable: {error}"))?;
        serde_json::from_str::<Json>(&line).map_err(|error| format!("no JSON: {error}"))
    });
    let header = lines.next().ok_or("empty")??;
    let id = header["env_id"].as_str().ok_or("the header has no env_id")?;
    if !family.entries.iter().any(|entry| entry.id == id) {
        return Ok(Replayed::Unknown { id: id.to_owned() });
    }
    let kwargs = header["kwargs"].as_object().ok_or("the header has no kwargs")?;
    let mut env = family.make_env(id, kwargs).map_err(|error| error.to_string())?;
    let (mut steps, mut ended) = (0, false);
    for line in lines {
        let line = line?;
        match line["type"].as_str() {
            Some("reset") => {
                let options = line["options"].as_object().cloned().unwrap_or_else(Kwargs::new);
                env.reset(line["seed"].as_u64(), &options).map_err(|error| format!("reset: {error}"))?;
                compare("reset", &line, &returned(&env)?)?;
            }
            Some("step") => {
                let at = format!("step {}", line["t"]);
                let actions = actions(&env, &line["action"]).map_err(|error| format!("{at}: {error}"))?;
                env.step(&actions).map_err(|error| format!("{at}: {error}"))?;
                compare(&at, &line, &returned(&env)?)?;
                steps += 1;
            }
            Some("end") => {
                ended = true;
                if line["steps"].as_u64() != Some(steps) {
                    return Err(format!("expected {} steps by its last line, found {steps}", line["steps"]));
                }
            }
            _ => return Err(format!("a line of unknown type {}", line["type"])),
        }
    }
    let promised = header["n_steps"].as_u64();
    match (ended || promised.is_some(), promised.unwrap_or(steps) == steps, steps > 0) {
        (true, true, true) => Ok(Replayed::Agrees { steps }),
        _ => Err(format!("expected {} steps by its header, found {steps}", header["n_steps"])),
    }
}

/// A single agent's action alone, unless what it sees is in a list; else a list in agent order, or an object by agent.
fn actions(env: &Env, json: &Json) -> Result<Vec<Value>, String> {
    let spec = env.spec();
    let listed = spec.agents.len() > 1 || spec.observation == Sharing::PerAgent;
    let of = |index: usize, agent: &str| match json {
        Json::Array(list) if listed => list.get(index).cloned().unwrap_or_default(),
        Json::Object(named) => named.get(agent).cloned().unwrap_or_default(),
        alone => alone.clone(),
    };
    let agents = spec.agents.iter().zip(&spec.action_spaces).enumerate();
    agents
        .map(|(index, (agent, space))| action_from_json(spec, space, &of(index, agent)))
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())
}

/// What the environment returned, as a record's line holds it: what agents share once, else in agent order.
fn returned(env: &Env) -> Result<Map<String, Json>, String> {
    let spec = env.spec();
    let mut out = ValueWriter::new();
    env.write_returns(&mut out);
    let returns = Returns::read(spec, env.phase(), out.bytes()).map_err(|error| error.to_string())?;
    let observations = spec.observation_spaces.iter().zip(&returns.observations);
    let observations: Vec<Json> = observations.map(|(space, value)| to_json(space, value)).collect();
    let outcome = &returns.outcome;
    Ok(Map::from_iter([
        ("obs".to_owned(), joined(spec.observation, observations)),
        ("reward".to_owned(), joined(spec.reward, outcome.rewards.iter().map(|reward| (*reward).into()).collect())),
        ("terminated".to_owned(), joined(spec.ended, outcome.terminated.iter().map(|flag| (*flag).into()).collect())),
        ("truncated".to_owned(), joined(spec.ended, outcome.truncated.iter().map(|flag| (*flag).into()).collect())),
        ("info".to_owned(), to_json(info_space(spec, env.phase()), &returns.info)),
    ]))
}

fn joined(sharing: Sharing, each: Vec<Json>) -> Json {
    match sharing {
        Sharing::Shared => each.into_iter().next().unwrap_or_default(),
        Sharing::PerAgent => Json::Array(each),
    }
}

/// Compares what was returned with a record's line, field by field.
///
/// # Errors
/// The first difference, in words.
pub fn compare(at: &str, expected: &Json, found: &Map<String, Json>) -> Result<(), String> {
    for (field, found) in found {
        if let Some(expected) = expected.get(field) {
            same(&mut format!("{at}: {field}"), expected, found)?;
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

/// Replays every record in a folder.
///
/// # Panics
/// With every file that differs, and where there is none.
pub fn every_record_replays(family: Family, folder: &Path) {
    let files = records(folder);
    assert!(!files.is_empty(), "{}: no records", folder.display());
    let (mut steps, mut failures) = (0, Vec::new());
    for file in &files {
        match replay(&family, file) {
            Ok(Replayed::Agrees { steps: of_file }) => steps += of_file,
            Ok(Replayed::Unknown { id }) => failures.push(format!("{}: the family has no `{id}`", file.display())),
            Err(difference) => failures.push(format!("{}: {difference}", file.display())),
        }
    }
    println!("{} records, {steps} steps", files.len());
    assert!(failures.is_empty(), "{} of {} files:\n{}", failures.len(), files.len(), failures.join("\n"));
}
