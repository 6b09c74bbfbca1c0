//! An injected network: what is done to packets, for tests and demonstrations.
use crate::wire::{self, ProtocolError};

/// What is done to every packet that this browser sends. What goes to the server (confirmed frames, reports) is left alone.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct NetworkSetup {
    /// Milliseconds that each packet is held back.
    pub delay_ms: f32,
    /// Milliseconds more, at most, each packet another number.
    pub jitter_ms: f32,
    /// The share of packets that is lost, 0 to 1.
    pub loss: f32,
    /// The share of packets that is sent twice, 0 to 1.
    pub duplicate: f32,
    /// The share of packets that may overtake those before, 0 to 1. The others keep their order.
    pub reorder: f32,
    /// Of the generator that decides.
    pub seed: u64,
}

impl NetworkSetup {
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        for share in [self.delay_ms, self.jitter_ms, self.loss, self.duplicate, self.reorder] {
            out.extend_from_slice(&share.to_le_bytes());
        }
        out.extend_from_slice(&self.seed.to_le_bytes());
    }

    pub(super) fn read(rest: &mut &[u8]) -> Result<Self, ProtocolError> {
        Ok(Self {
            delay_ms: wire::f32(rest)?,
            jitter_ms: wire::f32(rest)?,
            loss: wire::f32(rest)?,
            duplicate: wire::f32(rest)?,
            reorder: wire::f32(rest)?,
            seed: wire::u64(rest)?,
        })
    }
}
