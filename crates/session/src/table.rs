//! The one table of what may happen to a session, and of what is to be done when it does.

use crate::{
    Action::{self, CancelTimer, ExportData, Release, StartLoop, StartTimer, StopLoop},
    Event::{self, Dispose, End, Match, Play, Validate, Wait},
    Reason::{
        self, Closed, Complete, Disconnected, Error, Excluded, FocusLost, PartnerLeft, Timeout, ValidationFailed,
    },
    State::{self, Created, Disposed, Ended, Matched, Playing, Validating, Waiting},
    Timer,
};

/// One row of the table: all that holds in one state. Whatever a row does not name is an
/// [`IllegalTransition`](crate::IllegalTransition) in that state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rule {
    /// To be carried out, in this order, when the state is entered.
    pub on_entry: &'static [Action],
    /// The event that takes the session onwards, and where to.
    pub next: Option<(Event, State)>,
    /// The reasons for which the session may end from here, which takes it to [`State::Ended`].
    pub ends: &'static [Reason],
    /// To be carried out, in this order, when the state is left, whichever way.
    pub on_exit: &'static [Action],
}

impl State {
    /// The row of the table for this state.
    pub const fn rule(self) -> Rule {
        match self {
            Created => {
                Rule { on_entry: &[], next: Some((Wait, Waiting)), ends: &[Excluded, Error, Closed], on_exit: &[] }
            }
            Waiting => Rule {
                on_entry: &[StartTimer(Timer::Waiting)],
                next: Some((Match, Matched)),
                ends: &[Timeout, Excluded, Error, Closed],
                on_exit: &[CancelTimer(Timer::Waiting)],
            },
            Matched => Rule {
                on_entry: &[],
                next: Some((Validate, Validating)),
                ends: &[PartnerLeft, Excluded, Error, Closed],
                on_exit: &[],
            },
            Validating => Rule {
                on_entry: &[StartTimer(Timer::Validating)],
                next: Some((Play, Playing)),
                ends: &[Timeout, PartnerLeft, ValidationFailed, Excluded, Error, Closed],
                on_exit: &[CancelTimer(Timer::Validating)],
            },
            Playing => Rule {
                on_entry: &[StartLoop],
                next: None,
                ends: &[Complete, Timeout, PartnerLeft, Disconnected, FocusLost, Excluded, Error, Closed],
                on_exit: &[StopLoop],
            },
            Ended => Rule { on_entry: &[ExportData], next: Some((Dispose, Disposed)), ends: &[], on_exit: &[] },
            Disposed => Rule { on_entry: &[Release], next: None, ends: &[], on_exit: &[] },
        }
    }

    /// Where `event` leads from here; nothing if it is not legal.
    pub fn after(self, event: Event) -> Option<State> {
        let rule = self.rule();
        match event {
            End(reason) => rule.ends.contains(&reason).then_some(Ended),
            _ => rule.next.filter(|(expected, _)| *expected == event).map(|(_, to)| to),
        }
    }
}
