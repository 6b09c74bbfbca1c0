//! What several tests read.
#![allow(dead_code, reason = "each test program uses a part")]
pub(crate) mod writer;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use palaestra_onnx::model::InputMut;
use palaestra_onnx::{Data, Model};
use serde_json::Value;

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests")
}

/// Runs of a model, as `make_models.py` writes them.
#[derive(serde::Deserialize)]
pub(crate) struct Case {
    #[serde(default)]
    pub(crate) name: String,
    /// The file, base64; empty where it is a file of its own.
    #[serde(default)]
    pub(crate) model: String,
    /// Inputs, and the outputs that they get from the run before.
    pub(crate) carried: BTreeMap<String, String>,
    pub(crate) runs: Vec<Run>,
}

#[derive(serde::Deserialize)]
pub(crate) struct Run {
    pub(crate) inputs: BTreeMap<String, Vec<Value>>,
    pub(crate) outputs: BTreeMap<String, Vec<Value>>,
}

impl Run {
    /// Writes the model's inputs.
    pub(crate) fn give(&self, model: &mut Model) {
        for (name, values) in &self.inputs {
            let index = model.inputs().iter().position(|port| port.name == *name).unwrap();
            match model.input_mut(index).unwrap() {
                InputMut::Float(elements) => fill(elements, values, number),
                InputMut::Integer(elements) => fill(elements, values, integer),
            }
        }
    }
}

fn fill<T>(elements: &mut [T], values: &[Value], read: impl Fn(&Value) -> T) {
    assert_eq!(elements.len(), values.len());
    elements.iter_mut().zip(values).for_each(|(element, value)| *element = read(value));
}

fn integer(value: &Value) -> i64 {
    value.as_bool().map_or_else(|| value.as_i64().unwrap(), i64::from)
}

fn number(value: &Value) -> f32 {
    value.as_str().map_or_else(|| value.as_f64().unwrap() as f32, |text| text.parse().unwrap())
}

impl Case {
    /// Plays the runs and holds the outputs against onnxruntime's: within 10⁻⁵ of them, or of one.
    pub(crate) fn check(&self, model: &mut Model, about: &str) {
        for (number_of_run, run) in self.runs.iter().enumerate() {
            run.give(model);
            model.run();
            for (name, expected) in &run.outputs {
                let index = model.outputs().iter().position(|port| port.name == *name).unwrap();
                let at = || format!("{about}, run {number_of_run}, output {name}");
                let found = model.output(index).unwrap();
                assert_eq!(found.len(), expected.len(), "{}: {:?}", at(), model.outputs()[index].shape);
                match found {
                    Data::Float(found) => {
                        for (found, expected) in found.iter().zip(expected.iter().map(number)) {
                            let close = (found - expected).abs() <= 1e-5 * expected.abs().max(1.0);
                            assert!(close || *found == expected, "{}: expected {expected}, found {found}", at());
                        }
                    }
                    Data::Integer(found) => {
                        assert_eq!(*found, expected.iter().map(integer).collect::<Vec<_>>(), "{}", at());
                    }
                }
            }
            for (input, output) in &self.carried {
                let output = model.outputs().iter().position(|port| port.name == *output).unwrap();
                let input = model.inputs().iter().position(|port| port.name == *input).unwrap();
                assert!(model.carry(output, input), "{about}");
            }
        }
    }
}

/// The bytes of base64.
pub(crate) fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0);
    for digit in text.bytes().filter(|byte| *byte != b'=') {
        bits = bits << 6 | DIGITS.iter().position(|known| *known == digit).unwrap() as u32;
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
        }
    }
    bytes
}
