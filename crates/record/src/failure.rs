//! Everything that can keep a record from verifying.
use std::fmt;

use palaestra_env::MakeError;
use palaestra_text::Shown;
use palaestra_text::json::shorten;
use serde_json::Value as Json;

use crate::compare::ulps;
use crate::members::NotAMember;
use crate::player::Refusal;
use crate::read::ReadError;

/// The first thing wrong with a record.
#[derive(Clone, Debug, PartialEq)]
pub enum Failure {
    /// The file is no record.
    Malformed(ReadError),
    /// There is no such environment, or it does not take these arguments.
    Make(MakeError),
    /// The environment does not allow what the record says was done.
    Refused {
        /// The line in the file.
        line: u64,
        /// The record's count of steps there.
        t: u64,
        /// The refusal.
        error: Refusal,
    },
    /// An action that is not in its space.
    Action {
        /// The line in the file.
        line: u64,
        /// The record's count of steps there.
        t: u64,
        /// Whose, as an index into the agents.
        agent: usize,
        /// What was expected and found.
        error: NotAMember,
    },
    /// The replay went another way.
    Difference(Box<Difference>),
    /// A step or reset that does not follow the one before it: lines are missing or out of order.
    Order {
        /// The line in the file.
        line: u64,
        /// The `t` that follows.
        expected: u64,
        /// The `t` that stands there.
        found: u64,
    },
    /// Not as many steps as the record says it has.
    Steps {
        /// The field that says so.
        said_by: &'static str,
        /// How many it says.
        expected: u64,
        /// How many there are.
        found: u64,
    },
    /// No end line: nobody can say whether something was cut off.
    NoEnd {
        /// How many steps there are.
        steps: u64,
    },
}

/// Where a replay first differs from the record.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The line in the file.
    pub line: u64,
    /// The record's count of steps there.
    pub t: u64,
    /// The path of the field: `obs.players[0].position[1]`.
    pub field: String,
    /// What the record has there; `None`: nothing.
    pub expected: Option<Json>,
    /// What the replay has there; `None`: nothing.
    pub found: Option<Json>,
}

impl Difference {
    /// What the record has there, for people.
    pub fn expected(&self) -> String {
        shown(self.expected.as_ref())
    }

    /// How many steps from one float to the next lie between two numbers: of float32 where both are float32 numbers. `None`
    /// where both are integers, or one is no finite number.
    pub fn ulps(&self) -> Option<u64> {
        ulps(self.expected.as_ref()?, self.found.as_ref()?)
    }

    /// What the replay has there, for people.
    pub fn found(&self) -> String {
        shown(self.found.as_ref())
    }
}

/// To the last digit: two numbers that differ must not look the same.
fn shown(json: Option<&Json>) -> String {
    json.map_or_else(|| "nothing".to_owned(), |json| shorten(json.to_string()))
}

impl From<ReadError> for Failure {
    fn from(error: ReadError) -> Self {
        Failure::Malformed(error)
    }
}

impl From<MakeError> for Failure {
    fn from(error: MakeError) -> Self {
        Failure::Make(error)
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "t={} {}: expected {}, found {}", self.t, Shown(&self.field), self.expected(), self.found())
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Malformed(error) => write!(f, "malformed: {error}"),
            Failure::Make(MakeError::UnknownId { id, nearest }) => {
                write!(f, "unknown environment `{}`", Shown(id))?;
                nearest.iter().try_for_each(|nearest| write!(f, " (did you mean `{nearest}`?)"))
            }
            Failure::Make(MakeError::Argument(error)) => write!(f, "unsupported kwargs: {error}"),
            Failure::Refused { line, t, error } => write!(f, "line {line}, t={t}: refused: {error}"),
            Failure::Action { line, t, agent, error } => {
                write!(f, "line {line}, t={t}: action of agent {agent}: {error}")
            }
            Failure::Difference(difference) => difference.fmt(f),
            Failure::Order { line, expected, found } => {
                write!(f, "lines missing or out of order: expected t={expected} in line {line}, found t={found}")
            }
            Failure::Steps { said_by, expected, found } if found < expected => {
                write!(f, "truncated record: expected {expected} steps ({said_by}), found {found}")
            }
            Failure::Steps { said_by, expected, found } => {
                write!(f, "too many steps: expected {expected} ({said_by}), found {found}")
            }
            Failure::NoEnd { steps } => {
                write!(f, "truncated record: expected an end line, found the end of the file after {steps} steps")
            }
        }
    }
}

impl std::error::Error for Failure {}
