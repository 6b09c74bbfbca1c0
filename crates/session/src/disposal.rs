//! The end of a session's life: what throwing it away changed, and the report on how it went.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Action, Reason, Transition};

/// What [`Session::dispose`](crate::Session::dispose) changed.
#[derive(Debug, Clone, Copy, PartialEq)]
#[must_use = "its actions are for the caller to carry out"]
pub enum Disposal {
    /// The session is disposed of now.
    Disposed {
        /// Its end, if it was live until this call.
        ended: Option<Transition>,
        /// Its last transition.
        disposed: Transition,
    },
    /// The session was disposed of before: there is nothing to do.
    AlreadyDisposed,
}

impl Disposal {
    /// The transitions that were made, in order: two for a live session, one for an ended one, none for a disposed one.
    pub fn transitions(&self) -> impl Iterator<Item = Transition> + use<> {
        let (ended, disposed) = match *self {
            Self::Disposed { ended, disposed } => (ended, Some(disposed)),
            Self::AlreadyDisposed => (None, None),
        };
        ended.into_iter().chain(disposed)
    }

    /// The actions of these transitions, in order.
    pub fn actions(&self) -> impl Iterator<Item = Action> + use<> {
        self.transitions().flat_map(|transition| transition.actions())
    }
}

/// How the teardown of a session went. The caller fills it in once it has carried everything out, in this order:
///
/// 1. stop the loop ([`Action::StopLoop`]); what was recorded is handed over ([`Action::ExportData`]);
/// 2. reject every pending request with a session-closed error (this and what follows is [`Action::Release`]);
/// 3. ask the Worker to finish, and wait a short bounded time for its word;
/// 4. terminate the Worker, whether it answered or not;
/// 5. null every handler, revoke every object URL, drop every listener and closure;
/// 6. take the session out of the registry ([`Registry::remove`](crate::Registry::remove)) and have it
///    [prove](crate::Registry::prove_released) that it is gone.
///
/// ```
/// use palaestra_session::{DisposalOutcome, DisposalReport, Reason};
///
/// let report = DisposalReport {
///     outcome: DisposalOutcome::Forced,
///     reason: Reason::Error,
///     duration_ms: 251.5,
///     rejected_requests: 3,
/// };
/// assert_eq!(report.to_string(), "disposal forced in 251.5 ms after error, 3 pending requests rejected");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DisposalReport {
    /// Whether the Worker went of its own accord.
    pub outcome: DisposalOutcome,
    /// Why the session had ended: [`Session::ended_reason`](crate::Session::ended_reason).
    pub reason: Reason,
    /// From the call to the last step done, in milliseconds.
    pub duration_ms: f64,
    /// How many requests to the Worker were pending and had to be rejected.
    pub rejected_requests: u32,
}

impl fmt::Display for DisposalReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { outcome, reason, duration_ms, rejected_requests } = self;
        write!(
            f,
            "disposal {outcome} in {duration_ms:.1} ms after {reason}, {rejected_requests} pending requests rejected"
        )
    }
}

/// Whether the Worker went of its own accord.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DisposalOutcome {
    /// It said within the wait that it was finished.
    Graceful,
    /// It did not say so in time, stuck or dead, and was terminated all the same.
    Forced,
    /// There was none yet.
    NeverStarted,
}

impl DisposalOutcome {
    /// Every outcome.
    pub const ALL: [Self; 3] = [Self::Graceful, Self::Forced, Self::NeverStarted];

    /// The name used in reports and messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Graceful => "graceful",
            Self::Forced => "forced",
            Self::NeverStarted => "never_started",
        }
    }
}

impl fmt::Display for DisposalOutcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_reads_back_from_json_with_every_outcome() {
        for outcome in DisposalOutcome::ALL {
            let report = DisposalReport { outcome, reason: Reason::Closed, duration_ms: 12.25, rejected_requests: 1 };
            let json = serde_json::to_string(&report).unwrap();
            assert_eq!(
                json,
                format!(r#"{{"outcome":"{outcome}","reason":"closed","duration_ms":12.25,"rejected_requests":1}}"#)
            );
            assert_eq!(serde_json::from_str::<DisposalReport>(&json).unwrap(), report);
        }
    }

    #[test]
    fn a_report_is_told_in_one_line() {
        let report = DisposalReport {
            outcome: DisposalOutcome::Forced,
            reason: Reason::Closed,
            duration_ms: 12.34,
            rejected_requests: 2,
        };
        assert_eq!(report.to_string(), "disposal forced in 12.3 ms after closed, 2 pending requests rejected");
        assert_eq!(format!("[{:>14}]", DisposalOutcome::NeverStarted), "[ never_started]");
    }
}
