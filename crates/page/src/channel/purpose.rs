//! What a Worker is for, which says what it loads.

use wasm_bindgen::JsValue;

/// The part of every family's module that answers a program's requests, that with an expert, where there is one, and that which plays
/// episodes by itself.
const PROGRAM: &str = "program";
pub(super) const EXPERT: &str = "expert";
const ROLLOUT: &str = "rollout";

/// What a Worker is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A game.
    Game {
        /// Experts may have seats in it.
        experts: bool,
    },
    /// Episodes that policies play by themselves.
    Rollout {
        /// Experts may be among them.
        experts: bool,
    },
    /// A program's requests.
    Program {
        /// They go through shared memory where the page may have some.
        share: bool,
    },
}

impl Purpose {
    /// What the Worker is told of it.
    pub(super) fn game(self) -> JsValue {
        match self {
            Purpose::Program { .. } => JsValue::FALSE,
            Purpose::Game { .. } => JsValue::TRUE,
            Purpose::Rollout { .. } => ROLLOUT.into(),
        }
    }

    /// The parts of its family's module that it needs, where the environment has them: by their names.
    pub(crate) fn parts(self) -> &'static [&'static str] {
        match self {
            Purpose::Game { experts: false } => &[],
            Purpose::Game { experts: true } => &[EXPERT],
            Purpose::Rollout { experts: false } => &[ROLLOUT],
            Purpose::Rollout { experts: true } => &[EXPERT, ROLLOUT],
            Purpose::Program { .. } => &[PROGRAM],
        }
    }
}
