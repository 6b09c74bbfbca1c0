//! Requests under way: numbered, each answered once or given up.
use std::collections::BTreeMap;

use palaestra_protocol::{Flags, Grant, Operation, RequestWriter};

pub(crate) struct Requests {
    pub(crate) flags: Flags,
    sent: u32,
    pending: BTreeMap<u32, Pending>,
}

struct Pending {
    operation: Operation,
    /// It lets the game go on.
    grants: bool,
}

impl Requests {
    pub(crate) fn new(flags: Flags) -> Self {
        Self { flags, sent: 0, pending: BTreeMap::new() }
    }

    /// Gives a request's number and message.
    pub(crate) fn send(&mut self, operation: Operation, payload: &[u8]) -> (u32, Vec<u8>) {
        let grants = operation == Operation::Grant && Grant::read(payload).is_ok_and(|grant| grant.until.is_some());
        let unanswered = self.pending.values().filter(|pending| pending.operation == Operation::Grant).count();
        let granted = self.pending.values().filter(|pending| pending.grants).count();
        assert!(!(grants && granted > 0), "a grant is sent while another is not answered");
        let waits = operation != Operation::Grant || unanswered < 2;
        assert!(waits, "a grant, or a word to stand still, is sent while {unanswered} are not answered");
        self.sent += 1;
        self.pending.insert(self.sent, Pending { operation, grants });
        (self.sent, RequestWriter::new().write(operation, self.flags, self.sent, payload).to_vec())
    }

    /// The request of a number is answered, or given up.
    pub(crate) fn take(&mut self, id: u32) -> Option<Operation> {
        self.pending.remove(&id).map(|pending| pending.operation)
    }

    /// All are given up; gives how many.
    pub(crate) fn reject(&mut self) -> u32 {
        std::mem::take(&mut self.pending).len() as u32
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.pending.is_empty()
    }
}
