//! Prints `tests/actions.json`: `cargo run -p palaestra-policy --example actions > crates/policy/tests/actions.json`.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a program for its own tests")]
#[path = "../tests/table/mod.rs"]
mod table;

fn main() {
    print!("{}", table::game::games());
}
