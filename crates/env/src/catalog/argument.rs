//! The keyword arguments of an environment, for a form.
use serde::Serialize;

/// A keyword argument of `make`, for a form.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Argument {
    /// Its name.
    pub name: &'static str,
    /// What it takes.
    #[serde(flatten)]
    pub kind: ArgumentKind,
    /// What it does, for people.
    pub summary: &'static str,
}

/// What an argument takes, and its default.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[allow(missing_docs, reason = "each name says all there is to say")]
pub enum ArgumentKind {
    Bool {
        default: bool,
    },
    Integer {
        min: i64,
        max: i64,
        default: i64,
    },
    Number {
        default: f64,
    },
    Choice {
        choices: &'static [&'static str],
        default: &'static str,
    },
    /// Text of several lines, such as a grid; empty for none.
    Text,
    /// A JSON object; not for a form.
    Object,
}
