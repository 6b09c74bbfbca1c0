//! The requests under way, and how long each has waited.
use palaestra_protocol::Flags;

use super::answer::Done;

pub(super) struct Request {
    pub(super) id: u32,
    pub(super) flags: Flags,
    pub(super) done: Done,
    /// Milliseconds it may still wait.
    left: f64,
}

/// The requests under way, oldest first.
#[derive(Default)]
pub(super) struct Pending {
    requests: Vec<Request>,
    last_id: u32,
}

impl Pending {
    /// Takes a request in and gives its number, which is never 0.
    pub(super) fn add(&mut self, flags: Flags, deadline_ms: f64, done: Done) -> u32 {
        self.last_id = self.last_id.wrapping_add(1).max(1);
        let id = self.last_id;
        self.requests.push(Request { id, flags, done, left: deadline_ms });
        id
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

    /// Counts waited milliseconds; says whether one has waited for too long.
    pub(super) fn wait(&mut self, elapsed_ms: f64) -> bool {
        self.requests.iter_mut().for_each(|request| request.left -= elapsed_ms);
        self.requests.iter().any(|request| request.left <= 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_unique_and_never_0_and_each_request_leaves_once() {
        let mut pending = Pending { last_id: u32::MAX - 1, ..Pending::default() };
        let ids: Vec<u32> = (0..3).map(|_| pending.add(Flags::default(), 100.0, Box::new(|_| ()))).collect();
        assert_eq!(ids, [u32::MAX, 1, 2]);
        assert!(pending.take(1).is_some());
        assert!(pending.take(1).is_none());
        assert_eq!(pending.take_all().len(), 2);
        assert!(pending.take_all().is_empty());
    }

    #[test]
    fn a_request_is_late_when_it_has_waited_its_time_and_not_before() {
        let mut pending = Pending::default();
        pending.add(Flags::default(), 100.0, Box::new(|_| ()));
        assert!(!pending.wait(60.0));
        assert!(pending.wait(60.0));
    }
}
