//! A record of an environment whose spaces are at the edge of what there is, and its Minari data sets, in a folder: for the tests that read them
//! with the real package (`tests/data`). Arrays without elements and without dimensions, nothing within a Dict or a Tuple, texts.
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use palaestra_env::{
    ArgumentError, BoxSpace, DType, Env, Environment, JointAction, Kwargs, Outcome, RestoreError, Scene, Space, Spec,
    StateReader, StateWriter, StepError, Tensor, Value, ValueWriter,
};
use palaestra_export::{Minari, Sink, export};
use palaestra_record::{Header, Limits, Recorder, write_jsonl};

const ID: &str = "Edges-v0";
const STEPS: i64 = 5;

struct Edges {
    spec: Spec,
    step: i64,
}

fn boxed(shape: &[usize], dtype: DType) -> Space {
    Space::Box(BoxSpace::uniform(-9.0, 9.0, shape, dtype))
}

impl Edges {
    fn env() -> Env {
        let text = Space::Text { min_length: 1, max_length: 9, charset: Some("ab\"\\ü".to_owned()) };
        let seen = Space::dict([
            ("nothing", boxed(&[0], DType::Float32)),
            ("no rows", boxed(&[0, 3], DType::Int32)),
            ("no columns", boxed(&[2, 0], DType::Float64)),
            ("number", boxed(&[], DType::Float32)),
            ("integer", boxed(&[], DType::Int64)),
            ("one", boxed(&[1, 1, 1], DType::Int8)),
            ("empty tuple", Space::tuple([])),
            ("empty dict", Space::dict([])),
            ("nested", Space::tuple([Space::dict([]), boxed(&[0], DType::Uint8), Space::tuple([Space::Bool])])),
            // As a record has one of shape (2, 2): row by row.
            ("choices", Space::MultiDiscrete { nvec: vec![2, 3, 4, 5] }),
            ("bit", Space::MultiBinary { n: 1 }),
            ("none", Space::None),
            ("maybe", Space::optional(boxed(&[0], DType::Float32))),
            ("list", Space::sequence(Space::tuple([]))),
            ("word", text.clone()),
            ("words", Space::text(40)),
        ]);
        let acts = Space::tuple([
            boxed(&[0], DType::Float32),
            boxed(&[], DType::Float32),
            Space::MultiDiscrete { nvec: vec![2, 3] },
            Space::Discrete { n: 2, start: -1 },
            text,
            Space::dict([]),
        ]);
        let mut spec = Spec::single(ID, acts, seen);
        spec.max_episode_steps = Some(3);
        Env::new(Box::new(Self { spec, step: 0 }))
    }

    fn seen(&self) -> Value {
        let none = |tensor: Tensor| Value::Tensor(tensor);
        let small = self.step as f32;
        let odd = self.step % 2;
        Value::Dict(vec![
            none(Tensor::F32(vec![])),
            none(Tensor::I32(vec![])),
            none(Tensor::F64(vec![])),
            Value::Tensor(Tensor::F32(vec![small / 3.0])),
            Value::Tensor(Tensor::I64(vec![self.step - 2])),
            Value::Tensor(Tensor::I8(vec![-1])),
            Value::Tuple(vec![]),
            Value::Dict(vec![]),
            Value::Tuple(vec![
                Value::Dict(vec![]),
                none(Tensor::U8(vec![])),
                Value::Tuple(vec![Value::Bool(odd == 1)]),
            ]),
            Value::MultiDiscrete(vec![odd, 2 * odd, 3 * odd, 4]),
            Value::MultiBinary(vec![u8::from(odd == 1)]),
            Value::None,
            if odd == 1 {
                Value::OneOf(1, Box::new(none(Tensor::F32(vec![]))))
            } else {
                Value::OneOf(0, Box::new(Value::None))
            },
            Value::Sequence((0..odd).map(|_| Value::Tuple(vec![])).collect()),
            Value::Text(if odd == 1 { "a\"ü\\".to_owned() } else { "b".to_owned() }),
            Value::Text(if odd == 1 { String::new() } else { format!("step {} <&>", self.step) }),
        ])
    }
}

impl Environment for Edges {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, _: Option<u64>, _: &Kwargs) -> Result<(), ArgumentError> {
        self.step = 0;
        Ok(())
    }

    fn step(&mut self, _: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        self.step += 1;
        outcome.share(self.step as f64 / 7.0, false, false);
        Ok(())
    }

    fn observe(&self, _: usize, out: &mut ValueWriter) {
        out.value(&self.seen());
    }

    fn draw(&self, _: &mut Scene) {}

    fn save(&self, out: &mut StateWriter) {
        out.i64(self.step);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        self.step = state.i64()?;
        Ok(())
    }
}

/// A game, as its record's text.
fn record() -> Result<Vec<u8>, Box<dyn Error>> {
    let mut env = Edges::env();
    let spec = env.spec().clone();
    let (mut recorder, mut chosen, mut bytes) = (Recorder::new(1), ValueWriter::new(), ValueWriter::new());
    for step in 0..STEPS {
        if step == 0 || env.outcome().over() {
            let seed = (step == 0).then_some(3);
            env.reset(seed, &Kwargs::new())?;
            bytes.clear();
            env.write_returns(&mut bytes);
            recorder.reset(seed, "", bytes.bytes());
        }
        let action = Value::Tuple(vec![
            Value::Tensor(Tensor::F32(vec![])),
            Value::Tensor(Tensor::F32(vec![step as f32 / 3.0])),
            Value::MultiDiscrete(vec![step % 2, step % 3]),
            Value::Discrete(-(step % 2)),
            Value::Text("ab\"".repeat(1 + step as usize % 3)),
            Value::Dict(vec![]),
        ]);
        chosen.clear();
        chosen.value(&action);
        env.step(&[action])?;
        bytes.clear();
        env.write_returns(&mut bytes);
        recorder.step(chosen.bytes(), bytes.bytes(), &[f64::NAN, f64::NAN], Some(env.hash()))?;
    }
    let mut text = Vec::new();
    let header = Header::new(ID, Kwargs::new(), Some(3));
    write_jsonl(&header, &spec, &recorder.record(), &["time", "key_time"], &mut text)?;
    Ok(text)
}

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(env::args_os().nth(1).ok_or("expected a folder, found nothing")?);
    let text = record()?;
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("edges.jsonl"), &text)?;
    let sets = folder.join("datasets");
    let mut sink: Box<dyn Sink> = Box::new(Minari::new(move |path: &str, bytes: &[u8]| {
        let file = sets.join(path);
        fs::create_dir_all(file.parent().unwrap_or(Path::new(".")))?;
        fs::write(file, bytes)
    }));
    let make = |_: &str, _: &Kwargs| Ok(Edges::env());
    export("edges.jsonl", text.as_slice(), make, Limits::default(), sink.as_mut()).1?;
    Ok(sink.finish()?)
}
