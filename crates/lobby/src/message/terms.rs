//! The terms of a match, which a lobby's configuration decides.
use serde::{Deserialize, Serialize};

/// With prediction, or in turns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Every browser goes on with predicted inputs, and back where they were others.
    #[default]
    Rollback,
    /// A frame is played when everybody's input is there.
    Lockstep,
}

/// What happens to a match when somebody goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Dropout {
    /// It waits for the grace, and then ends.
    #[default]
    Pause,
    /// A policy takes the seat, and it goes on.
    Continue,
    /// It ends at once.
    End,
}

/// How browsers may be connected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Transport {
    /// Directly where that works, else by the relay.
    #[default]
    Auto,
    /// By the relay only.
    Relay,
}
