//! The requests under way, and how long each has waited.
use palaestra_protocol::{ErrorCode, Flags, SCRIPT_REQUESTS};

use super::answer::Done;
use crate::error::PageError;

/// How much waiting one look can count, in milliseconds: after the machine slept, or a hidden page's timers did, the Worker deserves
/// another moment before it is called late.
const MOST_WAITED_MS: f64 = 250.0;

/// A request has waited for too long.
pub(super) fn late() -> PageError {
    PageError::new(ErrorCode::DeadlineExceeded, "expected a reply by the deadline, found none")
}

pub(super) struct Request {
    pub(super) id: u32,
    pub(super) flags: Flags,
    pub(super) done: Done,
    /// Milliseconds it may still wait, which count from the first look on: the time before was in part not its own.
    left: f64,
    looked_at: bool,
}

/// The requests under way, oldest first.
#[derive(Default)]
pub(super) struct Pending {
    requests: Vec<Request>,
    last_id: u32,
}

impl Pending {
    /// Takes a request in and gives its number.
    pub(super) fn add(&mut self, flags: Flags, deadline_ms: f64, done: Done) -> u32 {
        self.last_id = (self.last_id % (SCRIPT_REQUESTS - 1)) + 1;
        self.put(self.last_id, flags, deadline_ms, done);
        self.last_id
    }

    /// Takes the request of a number in.
    pub(super) fn put(&mut self, id: u32, flags: Flags, deadline_ms: f64, done: Done) {
        self.requests.push(Request { id, flags, done, left: deadline_ms, looked_at: false });
    }

    /// Takes the request of a number out.
    pub(super) fn take(&mut self, id: u32) -> Option<Request> {
        let index = self.requests.iter().position(|request| request.id == id)?;
        Some(self.requests.remove(index))
    }

    /// Takes all of them out.
    pub(super) fn take_all(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.requests)
    }

    /// Counts the milliseconds since the last look, or as many as a look can count; says whether one has waited for too long.
    pub(super) fn wait(&mut self, elapsed_ms: f64) -> bool {
        let elapsed_ms = elapsed_ms.clamp(0.0, MOST_WAITED_MS);
        for request in &mut self.requests {
            if std::mem::replace(&mut request.looked_at, true) {
                request.left -= elapsed_ms;
            }
        }
        self.requests.iter().any(|request| request.left <= 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_unique_and_never_0_and_each_request_leaves_once() {
        let mut pending = Pending { last_id: SCRIPT_REQUESTS - 2, ..Pending::default() };
        let ids: Vec<u32> = (0..3).map(|_| pending.add(Flags::default(), 100.0, Box::new(|_| ()))).collect();
        assert_eq!(ids, [SCRIPT_REQUESTS - 1, 1, 2]);
        assert!(pending.take(1).is_some());
        assert!(pending.take(1).is_none());
        assert_eq!(pending.take_all().len(), 2);
        assert!(pending.take_all().is_empty());
    }

    #[test]
    fn a_request_is_late_when_it_has_waited_its_time_and_not_before() {
        let mut pending = Pending::default();
        pending.add(Flags::default(), 100.0, Box::new(|_| ()));
        // The page was busy for most of this: the request was made at its end.
        assert!(!pending.wait(250.0));
        assert!(!pending.wait(60.0));
        assert!(pending.wait(60.0));
    }

    #[test]
    fn each_request_has_a_time_of_its_own_whichever_was_first() {
        let mut pending = Pending::default();
        pending.add(Flags::default(), 1000.0, Box::new(|_| ()));
        assert!(!pending.wait(60.0));
        let second = pending.add(Flags::default(), 100.0, Box::new(|_| ()));
        assert!(!pending.wait(60.0));
        assert!(!pending.wait(60.0));
        assert!(pending.wait(60.0));
        pending.take(second);
        assert!(!pending.wait(60.0), "the first one has waited 240 ms of 1000");
    }

    #[test]
    fn a_machine_that_slept_counts_as_one_look() {
        let mut pending = Pending::default();
        pending.add(Flags::default(), 600.0, Box::new(|_| ()));
        assert!(!pending.wait(60.0));
        assert!(!pending.wait(3_600_000.0));
        assert!(!pending.wait(-3_600_000.0));
        assert!(!pending.wait(300.0));
        assert!(pending.wait(100.0));
    }
}
