//! States on their way, in pieces: who wants one says from where on, at every tick, and who has it sends what comes next.

/// How long a state is kept for somebody who wants it, and how long a sender may be silent.
pub(super) const WANTED_MS: f64 = 1_000.0;

/// A state on its way.
#[derive(Default)]
pub(super) struct Transfer {
    /// What this peer passes on, its epoch and its frame.
    pub(super) outgoing: Vec<u8>,
    pub(super) epoch: u32,
    pub(super) frame: u32,
    /// The epoch in which states were found to differ, once a state of it has been kept.
    pub(super) kept: Option<u32>,
    /// What it gets, from whom, and of which epoch.
    pub(super) incoming: Vec<u8>,
    pub(super) from: Option<u8>,
    pub(super) incoming_epoch: u32,
    pub(super) total: u32,
}

impl Transfer {
    /// The state of an epoch, if there is one to pass on.
    pub(super) fn outgoing(&self, epoch: u32) -> Option<&[u8]> {
        (!self.outgoing.is_empty() && self.epoch == epoch).then_some(&self.outgoing)
    }

    /// From where on a state is wanted from a peer.
    pub(super) fn wants(&self, seat: u8) -> Option<u32> {
        (self.from == Some(seat)).then_some(self.incoming.len() as u32)
    }

    pub(super) fn begin(&mut self, from: Option<u8>, epoch: u32) {
        self.from = from;
        self.incoming_epoch = epoch;
        self.incoming.clear();
        self.total = 0;
    }
}
