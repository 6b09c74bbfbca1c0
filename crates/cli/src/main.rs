//! The `palaestra` command.
fn main() {}
