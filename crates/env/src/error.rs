//! What can be wrong with what a caller sends. Every message says what was expected and what came.
use std::fmt;

use crate::bytes::Truncated;
use palaestra_text::Shown;

/// A keyword argument of `make`, or an option of `reset`, that cannot be used.
#[derive(Clone, Debug, PartialEq)]
pub enum ArgumentError {
    /// No argument has this name.
    Unknown {
        /// The name given.
        name: String,
        /// The names there are.
        known: Vec<&'static str>,
    },
    /// The value is not of the kind, or not in the range, that the argument takes.
    Invalid {
        /// The argument's name.
        name: String,
        /// What it takes.
        expected: String,
        /// What came.
        found: String,
    },
}

impl fmt::Display for ArgumentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ArgumentError::Unknown { name, known } if known.is_empty() => {
                write!(f, "expected no arguments, found `{}`", Shown(name))
            }
            ArgumentError::Unknown { name, known } => {
                write!(f, "expected an argument among {}, found `{}`", known.join(", "), Shown(name))
            }
            ArgumentError::Invalid { name, expected, found } => {
                write!(f, "argument `{name}`: expected {expected}, found {found}")
            }
        }
    }
}

impl std::error::Error for ArgumentError {}

/// Why there is no environment.
#[derive(Clone, Debug, PartialEq)]
pub enum MakeError {
    /// The registry has no such id.
    UnknownId {
        /// The id asked for.
        id: String,
        /// The id most like it, if one is.
        nearest: Option<&'static str>,
    },
    /// The environment exists but not with these arguments.
    Argument(ArgumentError),
}

impl From<ArgumentError> for MakeError {
    fn from(error: ArgumentError) -> Self {
        MakeError::Argument(error)
    }
}

impl fmt::Display for MakeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MakeError::UnknownId { id, nearest } => {
                write!(f, "expected the id of a registered environment, found `{}`", Shown(id))?;
                nearest.iter().try_for_each(|nearest| write!(f, " (did you mean `{nearest}`?)"))
            }
            MakeError::Argument(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for MakeError {}

/// Why an environment's own `step` refuses. Its state is then unchanged.
#[derive(Clone, Debug, PartialEq)]
pub enum StepError {
    /// The episode is over and the environment allows no further step, as its reference does not.
    EpisodeOver,
    /// The action lies in its space, and cannot be played now.
    Illegal {
        /// Whose action, as an index into the agents.
        agent: usize,
        /// What would do.
        expected: String,
        /// What came.
        found: String,
    },
}

impl fmt::Display for StepError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StepError::EpisodeOver => f.write_str("expected reset() first: the episode is over"),
            StepError::Illegal { agent, expected, found } => {
                write!(f, "action of agent {agent}: expected {expected}, found {found}")
            }
        }
    }
}

impl std::error::Error for StepError {}

/// Why an [`Env`](crate::Env) refuses a call. The environment is then as it was.
#[derive(Clone, Debug, PartialEq)]
pub enum EnvError {
    /// `step` before the first `reset`.
    NotReset,
    /// Not one action an agent.
    ActionCount {
        /// How many agents there are.
        expected: usize,
        /// How many actions came.
        found: usize,
    },
    /// An action outside its space.
    Action {
        /// Whose.
        agent: String,
        /// The space, as it prints.
        expected: String,
        /// The action, as JSON.
        found: String,
    },
    /// The environment's own refusal.
    Step(StepError),
    /// A reset option.
    Option(ArgumentError),
}

impl fmt::Display for EnvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            EnvError::NotReset => f.write_str("expected reset() before the first step()"),
            EnvError::ActionCount { expected, found } => {
                write!(f, "expected {expected} actions, one per agent, found {found}")
            }
            EnvError::Action { agent, expected, found } => {
                write!(f, "action of {agent}: expected a member of {expected}; found {found}")
            }
            EnvError::Step(error) => error.fmt(f),
            EnvError::Option(error) => write!(f, "reset: {error}"),
        }
    }
}

impl std::error::Error for EnvError {}

/// Why saved bytes cannot be restored. The environment is then as it was.
#[derive(Clone, Debug, PartialEq)]
pub enum RestoreError {
    /// They end too early.
    Truncated(Truncated),
    /// They go on after the state's end.
    Trailing {
        /// How many bytes are left over.
        left: usize,
    },
    /// There are more of them than any state has.
    TooLong {
        /// How many a state may have.
        most: usize,
        /// How many came.
        found: usize,
    },
    /// They were saved by another environment, or by the same with other arguments.
    Foreign,
    /// A field holds what no state of this environment can.
    Invalid {
        /// The field.
        field: &'static str,
    },
}

impl From<Truncated> for RestoreError {
    fn from(error: Truncated) -> Self {
        RestoreError::Truncated(error)
    }
}

impl fmt::Display for RestoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RestoreError::Truncated(error) => write!(f, "the saved state ends too early: {error}"),
            RestoreError::Trailing { left } => {
                write!(f, "expected the saved state to end, found {left} more bytes")
            }
            RestoreError::TooLong { most, found } => {
                write!(f, "expected a saved state of at most {most} bytes, found {found}")
            }
            RestoreError::Foreign => {
                f.write_str("expected a state saved by this environment with these arguments, found another's")
            }
            RestoreError::Invalid { field } => {
                write!(f, "expected a state this environment can be in, found an impossible `{field}`")
            }
        }
    }
}

impl std::error::Error for RestoreError {}
