//! Where a game stands in its match: what the Worker was told of it, and what is awaited before the end.
use palaestra_protocol::Failure;
use palaestra_protocol::together::Start;
use palaestra_session::Reason;

use super::matched::Matched;
use super::patience::Patience;

/// A game's match, from the waitroom to the end.
#[derive(Debug, Default)]
pub(super) struct Together {
    pub(super) matched: Option<Box<Matched>>,
    /// The Worker has been told of this match.
    pub(super) joined: bool,
    /// How many times it was told so and has not answered: until then it speaks of the match before.
    pub(super) joining: u32,
    /// The server has been told that everything is there.
    pub(super) ready: bool,
    /// What came before the Worker was told of the match: the latest word of each kind.
    pub(super) early: Early,
    /// The match is over here. The end waits until this browser is needed no more: by the others, who may not have heard its last
    /// actions yet, and by the server, who stores them.
    pub(super) ending: Option<Ending>,
    /// How long the Worker has been silent.
    pub(super) silence: Option<Patience>,
    pub(super) stalls: Stalls,
    /// The server knows that the session has ended: it said so.
    pub(super) left: bool,
}

/// What came before the Worker was told of the match.
#[derive(Debug, Default)]
pub(super) struct Early {
    pub(super) validate: Option<(u32, bool)>,
    /// The start, and when it came.
    pub(super) start: Option<(f64, Start)>,
}

/// An end that waits for a moment.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ending {
    pub(super) reason: Reason,
    pub(super) failure: Option<Failure>,
}

/// The stretches in which a game waited for others.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Stalls {
    pub(super) count: u32,
    pub(super) ms: f64,
    since: Option<f64>,
}

impl Stalls {
    /// The game waits for somebody, or for nobody any more.
    pub(super) fn look(&mut self, now: f64, waits: bool) {
        match (self.since, waits) {
            (None, true) => {
                self.since = Some(now);
                self.count = self.count.saturating_add(1);
            }
            (Some(since), false) => {
                self.ms += now - since;
                self.since = None;
            }
            _ => {}
        }
    }
}

impl Together {
    /// Another match is waited for.
    pub(super) fn requeue(&mut self) {
        *self = Self { joining: self.joining, ..Self::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stalls_are_counted_and_summed() {
        let mut stalls = Stalls::default();
        for (now, waits) in
            [(1.0, false), (10.0, true), (15.0, true), (30.0, false), (31.0, false), (40.0, true), (41.0, false)]
        {
            stalls.look(now, waits);
        }
        assert_eq!((stalls.count, stalls.ms), (2, 21.0));
    }
}
