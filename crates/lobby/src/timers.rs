//! Timers, each with an owner. Setting one again moves it.
use std::collections::{BTreeMap, BTreeSet};

/// Whose timer, and which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum TimerKey {
    /// A socket says who it is.
    Hello(u64),
    /// A socket is asked for a sign of life, or closed where there was none.
    Alive(u64),
    /// A socket whose participant's session is over.
    AfterEnd(u64),
    /// State waiting, of a person.
    Waiting(u64),
    /// "Are you there?" is unanswered.
    There(u64),
    /// A waiting person has no socket.
    Place(u64),
    /// A player has no play socket.
    Grace(u64),
    /// A player looks away.
    Absence(u64),
    /// State validating, of a match: its present part.
    Validating(u64),
    /// A match as a whole.
    Whole(u64),
    /// Nothing new is confirmed in a match.
    Stalled(u64),
    /// Survivors report on a seat.
    Report(u64, u8),
    /// Others confirm the planned end too.
    Finish(u64),
    /// An ended match hears the last batches.
    Linger(u64),
    /// People who wait are told how they stand.
    Tell(usize),
    /// A large pool is gone through.
    Pool(usize),
}

/// All of them, the next one first.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    queue: BTreeSet<(u64, TimerKey)>,
    due: BTreeMap<TimerKey, u64>,
}

impl Timers {
    pub(crate) fn set(&mut self, key: TimerKey, due: u64) {
        self.cancel(key);
        self.due.insert(key, due);
        self.queue.insert((due, key));
    }

    pub(crate) fn set_if_idle(&mut self, key: TimerKey, due: u64) {
        if !self.due.contains_key(&key) {
            self.set(key, due);
        }
    }

    pub(crate) fn cancel(&mut self, key: TimerKey) {
        if let Some(due) = self.due.remove(&key) {
            self.queue.remove(&(due, key));
        }
    }

    pub(crate) fn due(&self, key: TimerKey) -> Option<u64> {
        self.due.get(&key).copied()
    }

    /// Takes the next timer that is due by `now`.
    pub(crate) fn take(&mut self, now: u64) -> Option<TimerKey> {
        let (due, key) = *self.queue.first()?;
        (due <= now).then(|| {
            self.cancel(key);
            key
        })
    }

    pub(crate) fn len(&self) -> usize {
        self.due.len()
    }

    pub(crate) fn next(&self) -> Option<u64> {
        self.queue.first().map(|(due, _)| *due)
    }
}
