//! What scenarios are put together from.
use palaestra_math::glibc::exp;

use crate::scenario::Scenario;
use crate::world::World;

/// A scenario, the world before its first reset, and the agents' names.
pub(super) type Parts = (Box<dyn Scenario>, World, Vec<String>);

/// Names such as `agent_0`.
pub(super) fn names<'a>(name: &'a str, count: usize) -> impl Iterator<Item = String> + 'a {
    (0..count).map(move |number| format!("{name}_{number}"))
}

/// How far beyond the edge of the world, whose middle is 0, somebody counts as being.
pub(super) fn beyond_the_edge(x: f64) -> f64 {
    if x < 0.9 {
        0.0
    } else if x < 1.0 {
        (x - 0.9) * 10.0
    } else {
        exp(2.0 * x - 2.0).min(10.0)
    }
}
