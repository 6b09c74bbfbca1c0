//! The seven states of a session.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Where a session is in its life. The order of the variants is the order of that life: every transition leads to a
/// greater state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The participant is here and nothing has been asked of anybody yet.
    Created,
    /// In the waitroom, until there are enough participants.
    Waiting,
    /// The group is complete; its members are being told.
    Matched,
    /// Everybody's browser, connection and environment are being checked.
    Validating,
    /// The game loop runs.
    Playing,
    /// Over, for a [`Reason`](crate::Reason); the data are being handed over.
    Ended,
    /// Final: no event is legal any more and everything is to be released.
    Disposed,
}

impl State {
    /// Every state, in the order of a session's life.
    pub const ALL: [Self; 7] =
        [Self::Created, Self::Waiting, Self::Matched, Self::Validating, Self::Playing, Self::Ended, Self::Disposed];

    /// The name used in records and messages.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Waiting => "waiting",
            Self::Matched => "matched",
            Self::Validating => "validating",
            Self::Playing => "playing",
            Self::Ended => "ended",
            Self::Disposed => "disposed",
        }
    }

    /// Whether the session has still to end: any state before [`State::Ended`].
    pub fn is_live(self) -> bool {
        self < Self::Ended
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_the_same_name_in_messages_and_in_records() {
        for state in State::ALL {
            let json = serde_json::to_string(&state).unwrap();
            assert_eq!(json, format!("\"{state}\""));
            assert_eq!(serde_json::from_str::<State>(&json).unwrap(), state);
        }
    }

    #[test]
    fn all_lists_the_states_in_the_order_of_life_without_repeats() {
        assert!(State::ALL.is_sorted_by(|earlier, later| earlier < later));
    }

    #[test]
    fn a_session_is_live_until_it_has_ended() {
        let live: Vec<_> = State::ALL.into_iter().filter(|s| s.is_live()).collect();
        assert_eq!(live, State::ALL[..5]);
    }
}
