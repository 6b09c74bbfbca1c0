//! What a Worker is for, which says what it loads.

use wasm_bindgen::JsValue;

/// The part of every family's module that answers a program's requests, that of what is asked for besides a person's game, that with an
/// expert, where there is one, and that which plays episodes by itself.
const PROGRAM: &str = "program";
const OPTIONS: &str = "options";
pub(super) const EXPERT: &str = "expert";
const ROLLOUT: &str = "rollout";

/// What a Worker is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// A game.
    Game {
        /// Experts may have seats in it.
        experts: bool,
        /// It is given keyword arguments or options of resets, or has seats that are no person's.
        options: bool,
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
            Purpose::Game { experts: false, options: false } => &[],
            Purpose::Game { experts: false, options: true } => &[OPTIONS],
            Purpose::Game { experts: true, .. } => &[OPTIONS, EXPERT],
            Purpose::Rollout { experts: false } => &[OPTIONS, ROLLOUT],
            Purpose::Rollout { experts: true } => &[OPTIONS, EXPERT, ROLLOUT],
            Purpose::Program { .. } => &[OPTIONS, PROGRAM],
        }
    }
}
