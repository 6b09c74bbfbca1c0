//! What a peer counts.
use crate::seats::MOST_SEATS;
use crate::wire::Refusal;

/// Counters since the start, and what is measured now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stats {
    /// Frames that were first played with at least one input that was not known.
    pub predicted: u64,
    /// Frames that were confirmed.
    pub confirmed: u64,
    /// Times that frames were played again, and how many in all, and how many at once at most.
    pub rollbacks: u64,
    /// Frames that were played again.
    pub rolled_back: u64,
    /// The most frames that were played again at once.
    pub deepest: u32,
    /// Ticks without a step, for others.
    pub stalls: u64,
    /// Local actions that were none of the seat's space; idle was played.
    pub bad_local_actions: u64,
    /// Times that states differed.
    pub desyncs: u64,
    /// States that were taken over.
    pub resyncs: u64,
    /// Packets sent, and taken.
    pub sent: u64,
    /// Packets that were taken.
    pub received: u64,
    /// Packets that were not taken, by [`Refusal`]: `refused[Refusal::Gone as usize]`.
    pub refused: [u64; Refusal::ALL.len()],
    /// Round trip times, in milliseconds, by seat; 0 while unknown.
    pub ping: [f32; MOST_SEATS],
    /// By how many frames this peer is ahead of the others.
    pub ahead: f32,
}
