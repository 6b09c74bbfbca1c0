//! The model that plays in matches of tests is the one that its program makes.
#![allow(clippy::unwrap_used, clippy::panic, reason = "in a test a failed unwrap is the failure's message")]
#[path = "table/recurrent.rs"]
mod recurrent;

use palaestra_env::Kwargs;
use palaestra_policy::{Manifest, ModelPolicy};

#[test]
fn the_committed_model_is_what_its_program_makes_and_fits_its_seat() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/models/recurrent.onnx");
    let file = std::fs::read(path).unwrap();
    assert_eq!(file, recurrent::recurrent(1), "cargo run -p palaestra-policy --example recurrent");
    let env = palaestra_envs::make("Foraging-8x8-3p-4f-v3", &Kwargs::new()).unwrap();
    let manifest = Manifest::parse(recurrent::MANIFEST).unwrap();
    for agent in 0..3 {
        ModelPolicy::new(env.spec(), agent, &file, &manifest).unwrap_or_else(|error| panic!("{error}"));
    }
}
