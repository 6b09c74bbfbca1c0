//! Models with the graphs that Stable-Baselines3, CleanRL and RLlib export, and every operator by itself, beside onnxruntime's
//! outputs. `make_models.py` made them and says how.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
mod common;

use std::fs::{read, read_dir, read_to_string};
use std::path::PathBuf;

use common::{Case, base64, folder};
use palaestra_onnx::Model;

/// The models' files, without their endings.
fn models() -> Vec<PathBuf> {
    let files = read_dir(folder().join("models")).unwrap().map(|entry| entry.unwrap().path());
    let mut models: Vec<_> = files.filter(|path| path.extension().unwrap() == "onnx").collect();
    models.sort();
    models
}

#[test]
fn models_of_the_three_libraries_agree_with_onnxruntime() {
    let models = models();
    assert!(models.len() >= 14, "{models:?}");
    for path in models {
        let mut model =
            Model::load(&read(&path).unwrap()).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let case: Case = serde_json::from_str(&read_to_string(path.with_extension("json")).unwrap()).unwrap();
        case.check(&mut model, &path.display().to_string());
    }
}

#[test]
fn every_operator_agrees_with_onnxruntime() {
    let cases: Vec<Case> = serde_json::from_str(&read_to_string(folder().join("operators.json")).unwrap()).unwrap();
    assert!(cases.len() > 150, "{}", cases.len());
    let mut failures = Vec::new();
    for case in cases {
        match Model::load(&base64(&case.model)) {
            Ok(mut model) => case.check(&mut model, &case.name),
            Err(error) => failures.push(format!("{}: {error}", case.name)),
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn a_second_run_gives_the_same_bits() {
    for path in models() {
        let case: Case = serde_json::from_str(&read_to_string(path.with_extension("json")).unwrap()).unwrap();
        let [mut once, mut again] = [0, 1].map(|_| Model::load(&read(&path).unwrap()).unwrap());
        for run in &case.runs {
            run.give(&mut once);
            run.give(&mut again);
            once.run();
            again.run();
            again.run();
            for index in 0..once.outputs().len() {
                let bits = |model: &Model| format!("{:?}", model.output(index).unwrap());
                assert_eq!(bits(&once), bits(&again), "{}", path.display());
            }
        }
    }
}
