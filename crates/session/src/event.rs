//! What can happen to a session.

use std::fmt;

use crate::Reason;

/// What can happen to a session. In which state it may is written in [`State::rule`](crate::State::rule).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// The participant enters the waitroom.
    Wait,
    /// The group is complete. A participant who plays alone is a complete group at once.
    Match,
    /// The group agreed to start checking.
    Validate,
    /// Every check passed: the first frame may run.
    Play,
    /// It is over, for this reason.
    End(Reason),
    /// The session is to be thrown away. [`Session::dispose`](crate::Session::dispose) is the way that always works.
    Dispose,
}

impl Event {
    /// Every event, with every reason for the end.
    pub fn all() -> impl Iterator<Item = Self> {
        [Self::Wait, Self::Match, Self::Validate, Self::Play]
            .into_iter()
            .chain(Reason::ALL.map(Self::End))
            .chain([Self::Dispose])
    }

    /// The reason that the event brings: [`Event::End`]'s, and nothing for the others.
    pub const fn reason(self) -> Option<Reason> {
        match self {
            Self::End(reason) => Some(reason),
            Self::Wait | Self::Match | Self::Validate | Self::Play | Self::Dispose => None,
        }
    }
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Wait => f.write_str("wait"),
            Self::Match => f.write_str("match"),
            Self::Validate => f.write_str("validate"),
            Self::Play => f.write_str("play"),
            Self::End(reason) => write!(f, "end ({reason})"),
            Self::Dispose => f.write_str("dispose"),
        }
    }
}
