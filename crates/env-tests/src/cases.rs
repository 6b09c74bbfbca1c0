//! Every environment of a family, with its defaults and with each of its arguments changed.
use std::fmt;

use palaestra_env::catalog::{Argument, ArgumentKind, Family};
use palaestra_env::{Env, Kwargs};
use serde_json::{Value as Json, json};

/// An environment and its arguments.
#[derive(Clone, Debug)]
pub struct Case {
    /// Whose environment it is.
    pub family: Family,
    /// Its id.
    pub id: &'static str,
    /// Its arguments.
    pub kwargs: Kwargs,
}

impl Case {
    /// Makes it.
    pub fn make(&self) -> Env {
        self.family.make_env(self.id, &self.kwargs).unwrap_or_else(|error| panic!("{self}: {error}"))
    }
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "make(\"{}\", {})", self.id, Json::Object(self.kwargs.clone()))
    }
}

/// Every environment as `make` gives it without arguments.
pub fn plain(family: Family) -> Vec<Case> {
    family.entries.iter().map(|entry| Case { family, id: entry.id, kwargs: Kwargs::new() }).collect()
}

/// Those, and each again with one argument changed: a bool flipped, a choice made otherwise, a number a little larger or
/// smaller, and `null` for what is a text or an object.
pub fn varied(family: Family) -> Vec<Case> {
    let mut cases = plain(family);
    for entry in family.entries {
        for argument in entry.arguments {
            let taken: Vec<Case> = values(argument)
                .into_iter()
                .map(|value| Kwargs::from_iter([(argument.name.to_owned(), value)]))
                .filter(|kwargs| family.make_env(entry.id, kwargs).is_ok())
                .map(|kwargs| Case { family, id: entry.id, kwargs })
                .take(3)
                .collect();
            assert!(taken.len() >= at_least(argument), "{}: `{}` takes only {taken:?}", entry.id, argument.name);
            cases.extend(taken);
        }
    }
    cases
}

fn values(argument: &Argument) -> Vec<Json> {
    match argument.kind {
        ArgumentKind::Bool { default } => vec![json!(!default)],
        // Two apart as well: some are odd numbers. What does not go with the other arguments' defaults is refused by `make`.
        ArgumentKind::Integer { min, max, default } => {
            let mut values = vec![min, default - 2, default - 1, default + 1, default + 2];
            values.retain(|value| (min..=max).contains(value) && *value != default);
            values.dedup();
            values.into_iter().map(Json::from).collect()
        }
        ArgumentKind::Number { default } => vec![json!(default / 2.0), json!(default + 0.03)],
        ArgumentKind::Choice { choices, default } => {
            choices.iter().filter(|choice| **choice != default).map(|choice| json!(choice)).collect()
        }
        ArgumentKind::Text | ArgumentKind::Object => vec![Json::Null],
    }
}

/// How many of the values the environment has to take, lest a case is lost without notice.
fn at_least(argument: &Argument) -> usize {
    match argument.kind {
        ArgumentKind::Bool { .. } | ArgumentKind::Integer { .. } | ArgumentKind::Number { .. } => 1,
        ArgumentKind::Choice { choices, .. } => choices.len() - 1,
        ArgumentKind::Text | ArgumentKind::Object => 1,
    }
}
