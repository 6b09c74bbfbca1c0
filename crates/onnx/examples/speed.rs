//! Prints how long a decision of each model of the tests takes: `cargo run --release -p palaestra-onnx --example speed`.
#![allow(clippy::unwrap_used, reason = "a program for people, who read the message")]
use std::path::Path;
use std::time::Instant;

use palaestra_onnx::Model;

fn main() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/models");
    let given: Vec<_> = std::env::args().skip(1).map(std::path::PathBuf::from).collect();
    let mut files: Vec<_> = match given.is_empty() {
        true => std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect(),
        false => given,
    };
    files.retain(|path| path.extension().is_some_and(|extension| extension == "onnx"));
    files.sort();
    for path in files {
        let mut model = Model::load(&std::fs::read(&path).unwrap()).unwrap();
        let rounds = (100_000_000 / model.operations().max(1000)).clamp(10, 20_000);
        (0..rounds / 10).for_each(|_| model.run());
        let began = Instant::now();
        (0..rounds).for_each(|_| model.run());
        let each = began.elapsed().as_secs_f64() * 1e6 / rounds as f64;
        println!(
            "{:32} {:>10} operations {each:>8.1} µs",
            path.file_stem().unwrap().to_string_lossy(),
            model.operations()
        );
    }
}
