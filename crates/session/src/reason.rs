//! Why a session ended.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Why a session ended. Which reasons are possible depends on the state: see [`State::rule`](crate::State::rule).
///
/// The names are part of the record format and never change.
/// ```
/// use palaestra_session::Reason;
///
/// assert_eq!("focus_lost".parse(), Ok(Reason::FocusLost));
/// assert_eq!(Reason::FocusLost.to_string(), "focus_lost");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Played to the end that the experiment had planned.
    Complete,
    /// No partner was found, validation did not finish, or the game took longer than it may.
    Timeout,
    /// Another member of the group went away.
    PartnerLeft,
    /// A browser, connection or environment did not pass its check.
    ValidationFailed,
    /// The connection to the group was lost during play and did not come back.
    Disconnected,
    /// The participant looked away from the page for longer than the experiment allows.
    FocusLost,
    /// The participant does not meet the experiment's conditions.
    Excluded,
    /// Something broke: the Worker, the environment, the server.
    Error,
    /// The page asked: it was closed, navigated away or disposed of the session itself.
    Closed,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 9] = [
        Self::Complete,
        Self::Timeout,
        Self::PartnerLeft,
        Self::ValidationFailed,
        Self::Disconnected,
        Self::FocusLost,
        Self::Excluded,
        Self::Error,
        Self::Closed,
    ];

    /// The name used in records and messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Timeout => "timeout",
            Self::PartnerLeft => "partner_left",
            Self::ValidationFailed => "validation_failed",
            Self::Disconnected => "disconnected",
            Self::FocusLost => "focus_lost",
            Self::Excluded => "excluded",
            Self::Error => "error",
            Self::Closed => "closed",
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Reason {
    type Err = UnknownReason;

    fn from_str(name: &str) -> Result<Self, UnknownReason> {
        Self::ALL.into_iter().find(|reason| reason.as_str() == name).ok_or_else(|| UnknownReason { got: name.into() })
    }
}

/// A text that names no [`Reason`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownReason {
    /// The text that came.
    pub got: String,
}

impl fmt::Display for UnknownReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = Reason::ALL.map(Reason::as_str).join(", ");
        write!(f, "expected a reason ({known}), got {:?}", self.got)
    }
}

impl std::error::Error for UnknownReason {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_reads_back_from_its_name_as_text_and_as_json() {
        for reason in Reason::ALL {
            assert_eq!(reason.to_string().parse(), Ok(reason));
            let json = serde_json::to_string(&reason).unwrap();
            assert_eq!(json, format!("\"{reason}\""));
            assert_eq!(serde_json::from_str::<Reason>(&json).unwrap(), reason);
        }
    }

    #[test]
    fn an_unknown_reason_is_told_which_ones_are_known() {
        let refused = "Complete ".parse::<Reason>().unwrap_err();
        assert_eq!(
            refused.to_string(),
            "expected a reason (complete, timeout, partner_left, validation_failed, disconnected, \
             focus_lost, excluded, error, closed), got \"Complete \""
        );
    }
}
