//! What a question comes to.
/// How good what was found is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// As it should be.
    Good,
    /// Allowed, and seldom meant.
    Doubtful,
    /// Against the contract.
    Bad,
}

/// The answer to one question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How good it is.
    pub grade: Grade,
    /// What was looked at, in a word or two.
    pub about: &'static str,
    /// What was found, in one line.
    pub text: String,
}

/// What a question comes to: what is good, or doubtful, in words; else what is bad.
pub(super) type Answer = Result<(Grade, String), String>;

pub(super) fn good(text: impl Into<String>) -> Answer {
    Ok((Grade::Good, text.into()))
}

pub(super) fn doubtful(text: impl Into<String>) -> Answer {
    Ok((Grade::Doubtful, text.into()))
}
