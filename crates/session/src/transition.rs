//! One change of state, and the refusal of one.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Action, Event, Reason, State};

/// A session went from one state to another. It borrows nothing, so that its actions can be carried out while the
/// session, or the registry that owns it, is free.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[must_use = "its actions are for the caller to carry out"]
pub struct Transition {
    /// The state that was left.
    pub from: State,
    /// The state that was entered.
    pub to: State,
    /// Why the session ended: there when `to` is [`State::Ended`], and only then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// When, in milliseconds on the caller's clock: finite, and never before the transition that went before.
    pub at: f64,
}

impl Transition {
    /// What is to be done, in order: what hangs on leaving `from`, then what hangs on entering `to`.
    pub fn actions(&self) -> impl Iterator<Item = Action> + use<> {
        let (left, entered) = (self.from.rule().on_exit, self.to.rule().on_entry);
        left.iter().chain(entered).copied()
    }
}

/// An event that the table does not allow in the state the session is in. The session is unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IllegalTransition {
    /// The state the session was in, and still is.
    pub from: State,
    /// The event that came.
    pub event: Event,
}

impl IllegalTransition {
    /// The events that would have been legal.
    pub fn legal(&self) -> impl Iterator<Item = Event> + use<> {
        let rule = self.from.rule();
        let onwards = rule.next.map(|(event, _)| event);
        onwards.into_iter().chain(rule.ends.iter().copied().map(Event::End))
    }
}

impl fmt::Display for IllegalTransition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "in state {}: expected ", self.from)?;
        let mut separator = "";
        for event in self.legal() {
            write!(f, "{separator}{event}")?;
            separator = ", ";
        }
        if separator.is_empty() {
            f.write_str("nothing more")?;
        }
        write!(f, ", got {}", self.event)
    }
}

impl std::error::Error for IllegalTransition {}
