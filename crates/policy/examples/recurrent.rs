//! Prints the model that plays in matches of tests: `cargo run -p palaestra-policy --example recurrent > crates/policy/tests/models/recurrent.onnx`.
use std::io::Write;

#[allow(dead_code, reason = "tests have the manifest")]
#[path = "../tests/table/recurrent.rs"]
mod recurrent;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(&recurrent::recurrent(1))
}
