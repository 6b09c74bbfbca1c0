//! Requests to the Worker.
use palaestra_protocol::Operation;

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
}
