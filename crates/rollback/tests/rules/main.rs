//! The rules of the core, one after another.
#[path = "../simulate/world.rs"]
#[allow(dead_code)]
mod world;

mod clean;
mod table;
