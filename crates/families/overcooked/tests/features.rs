//! The observation "features" against overcooked-ai's own, number by number.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use flate2::read::GzDecoder;
use palaestra_env::{Env, Kwargs, Value, ValueReader, ValueWriter};
use palaestra_overcooked::FAMILY;
use serde_json::Value as Json;

/// Of each agent.
const FEATURES: usize = 96;
/// The ways to the nearest soup on a counter and to the nearest free counter, to which the reference's planner knows no way.
const ALWAYS_ZERO: [usize; 8] = [14, 15, 20, 21, 60, 61, 66, 67];
const FIXTURE: &str = "tests/golden/features.changes.gz";

#[test]
fn both_agents_features_are_the_references_in_all_six_kitchens() {
    let file = File::open(Path::new(env!("CARGO_MANIFEST_DIR")).join(FIXTURE)).unwrap();
    let mut game: Option<(Env, Vec<Vec<f64>>)> = None;
    let (mut kitchens, mut steps, mut lit) = (0, 0, [false; FEATURES]);
    for line in BufReader::new(GzDecoder::new(file)).lines() {
        let line: Json = serde_json::from_str(&line.unwrap()).unwrap();
        if line["type"] == "header" {
            let id = line["env_id"].as_str().unwrap();
            let mut env = FAMILY.make_env(id, line["kwargs"].as_object().unwrap()).unwrap();
            env.reset(None, &Kwargs::new()).unwrap();
            game = Some((env, vec![vec![0.0; FEATURES]; 2]));
            kitchens += 1;
            continue;
        }
        let (env, expected) = game.as_mut().unwrap();
        if let Some(actions) = line["action"].as_array() {
            let actions: Vec<Value> = actions.iter().map(|action| Value::Discrete(action.as_i64().unwrap())).collect();
            env.step(&actions).unwrap();
            steps += 1;
        }
        for change in line["changes"].as_array().unwrap() {
            let [agent, index] = [0, 1].map(|item| change[item].as_u64().unwrap() as usize);
            expected[agent][index] = change[2].as_f64().unwrap();
        }
        let found = observations(env);
        for (agent, (expected, found)) in expected.iter().zip(&found).enumerate() {
            assert_eq!(expected.len(), found.len());
            if let Some(index) = (0..FEATURES).find(|index| expected[*index] != found[*index]) {
                let at = format!("{}, step {}, agent {agent}", env.spec().id, env.elapsed());
                panic!("{at}, feature {index}: expected {}, found {}", expected[index], found[index]);
            }
        }
        for found in &found {
            found.iter().zip(&mut lit).for_each(|(value, lit)| *lit |= *value != 0.0);
        }
    }
    assert_eq!((kitchens, steps), (6, 1800));
    let dark: Vec<usize> = (0..FEATURES).filter(|index| !lit[*index]).collect();
    assert_eq!(dark, ALWAYS_ZERO, "the games reach every feature that is not always 0");
}

fn observations(env: &Env) -> Vec<Vec<f64>> {
    let mut out = ValueWriter::new();
    env.observe(&mut out);
    let mut reader = ValueReader::new(out.bytes());
    let spaces = env.spec().observation_spaces.iter();
    let observations = spaces.map(|space| match reader.read(space).unwrap() {
        Value::Tensor(palaestra_env::Tensor::F64(values)) => values,
        other => panic!("expected float64s, found {other:?}"),
    });
    let observations = observations.collect();
    reader.finish().unwrap();
    observations
}
