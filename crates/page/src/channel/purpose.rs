//! What a Worker is for, which says what it loads.

/// What a Worker is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A game.
    Game {
        /// Experts may have seats in it.
        experts: bool,
    },
    /// A program's requests.
    Program {
        /// They go through shared memory where the page may have some.
        share: bool,
    },
}

impl Purpose {
    /// Whether it is a game, and not a program's.
    pub(super) fn plays(self) -> bool {
        matches!(self, Purpose::Game { .. })
    }
}
