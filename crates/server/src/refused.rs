//! Batches of confirmed frames that are not taken.
use palaestra_lobby::message::Code;

/// So far beyond what is there nobody can be who plays in it, in frames.
pub(crate) const MOST_AHEAD: u32 = 3_000;

/// A batch that is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It begins a little after what is there: whoever joined from another's state may be ahead of what that one has sent. It is to
    /// be sent again.
    Early,
    /// It begins far after what is there.
    Gap {
        /// What is there.
        expected: u32,
    },
    /// More frames than a match has.
    TooMany,
    /// More frames than can have been played of a match that is so old.
    TooFast,
}

impl Refused {
    /// What its socket is closed with.
    pub(crate) fn code(self) -> Code {
        match self {
            Self::TooFast => Code::TooFast,
            Self::Early | Self::Gap { .. } | Self::TooMany => Code::Malformed,
        }
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Early => f.write_str("confirmed: expected the frames before these first"),
            Self::Gap { expected } => {
                write!(f, "confirmed: expected frames from {expected} on or before, found later ones")
            }
            Self::TooFast => f.write_str("confirmed: expected frames that can have been played by now, found more"),
            Self::TooMany => f.write_str("confirmed: expected less than 2^32 frames, found more"),
        }
    }
}
