//! The observation "lossless" against overcooked-ai's own encoding, element by element.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use flate2::read::GzDecoder;
use palaestra_env::{Env, Kwargs, Value, ValueReader, ValueWriter};
use palaestra_overcooked::FAMILY;
use serde_json::Value as Json;

const FIXTURE: &str = "tests/golden/lossless.changes.gz";

#[test]
fn both_agents_maps_are_the_references_in_all_six_kitchens() {
    let file = File::open(Path::new(env!("CARGO_MANIFEST_DIR")).join(FIXTURE)).unwrap();
    let mut game: Option<(Env, Vec<Vec<i32>>)> = None;
    let (mut kitchens, mut steps, mut lit) = (0, 0, [false; 26]);
    for line in BufReader::new(GzDecoder::new(file)).lines() {
        let line: Json = serde_json::from_str(&line.unwrap()).unwrap();
        if line["type"] == "header" {
            let id = line["env_id"].as_str().unwrap();
            let mut env = FAMILY.make_env(id, line["kwargs"].as_object().unwrap()).unwrap();
            env.reset(None, &Kwargs::new()).unwrap();
            let blank = vec![0; observations(&env)[0].len()];
            game = Some((env, vec![blank; 2]));
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
            let [agent, index, value] = [0, 1, 2].map(|item| change[item].as_i64().unwrap() as usize);
            expected[agent][index] = value as i32;
        }
        let found = observations(env);
        for (agent, (expected, found)) in expected.iter().zip(&found).enumerate() {
            assert_eq!(expected.len(), found.len());
            if let Some(index) = (0..found.len()).find(|index| expected[*index] != found[*index]) {
                let (cell, layer) = (index / 26, index % 26);
                let at = format!("{}, step {}, agent {agent}, cell {cell}", env.spec().id, env.elapsed());
                panic!("{at}, layer {layer}: expected {}, found {}", expected[index], found[index]);
            }
        }
        for cell in found[0].chunks_exact(26) {
            cell.iter().zip(&mut lit).for_each(|(value, lit)| *lit |= *value > 0);
        }
    }
    assert_eq!((kitchens, steps), (6, 1800));
    assert_eq!(lit, [true; 26], "the games reach every map");
}

fn observations(env: &Env) -> Vec<Vec<i32>> {
    let mut out = ValueWriter::new();
    env.observe(&mut out);
    let mut reader = ValueReader::new(out.bytes());
    let spaces = env.spec().observation_spaces.iter();
    let observations = spaces.map(|space| match reader.read(space).unwrap() {
        Value::Tensor(palaestra_env::Tensor::I32(values)) => values,
        other => panic!("expected int32s, found {other:?}"),
    });
    let observations = observations.collect();
    reader.finish().unwrap();
    observations
}
