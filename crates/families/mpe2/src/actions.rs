//! What an agent can do: where it can go, and what it can say.
use super::world::{Pair, World};

/// Rest, left, right, down, up.
pub(super) const MOVES: usize = 5;
/// Which way each goes.
pub(super) const DIRECTIONS: [Pair; MOVES] = [[0.0, 0.0], [-1.0, 0.0], [1.0, 0.0], [0.0, -1.0], [0.0, 1.0]];

/// How many words an agent can say.
pub(super) fn words(world: &World, agent: usize) -> usize {
    if agent == 0 { world.words } else { 0 }
}
