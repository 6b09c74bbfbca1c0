//! Requests to the Worker.
use palaestra_protocol::{Key, Motion, Operation};

use super::output::Output;

/// Makes requests; knows how long the Worker may take and how its clock stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct ToWorker {
    deadline: f64,
    /// What to add to a time of the Worker's clock to have it on the page's.
    pub(super) clock_offset: f64,
}

impl ToWorker {
    /// Every request counts as lost after `deadline` milliseconds.
    pub(super) fn new(deadline: f64) -> Self {
        Self { deadline, clock_offset: 0.0 }
    }

    /// Asks the Worker for something; `write` writes what that needs.
    pub(super) fn ask(&self, operation: Operation, write: impl FnOnce(&mut Vec<u8>), out: &mut Vec<Output>) {
        let mut payload = Vec::new();
        write(&mut payload);
        out.push(Output::Request { operation, payload, deadline: self.deadline });
    }

    /// A key has moved.
    pub(super) fn key(&self, key: Key, out: &mut Vec<Output>) {
        self.ask(Operation::Key, |payload| key.write(payload), out);
    }

    /// The page will not hear of keys that come up now.
    pub(super) fn let_go_of_keys(&self, now: f64, out: &mut Vec<Output>) {
        self.key(Key { motion: Motion::AllUp, code: 0, at: now, sent: now }, out);
    }
}
