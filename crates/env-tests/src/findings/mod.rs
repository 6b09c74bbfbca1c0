//! What Gymnasium's `check_env` looks at, and more, told of one environment in words: a finding per question, good or bad.
mod caught;
mod cost;
mod ends;
mod finding;
mod keys;
mod questions;
mod seeds;
mod spaces;

#[cfg(test)]
mod tests;

pub use finding::{Finding, Grade};
pub use questions::{inspect, questions};
