//! How a match is, in numbers.
//!
//! ```text
//! Vitals   2 │ 5 │ input_delay u8 │ seats u8 │ rollbacks u32 │ rolled_back u32 │ deepest u32 │ depth u32 │ predicted u32 │
//!          stalls u32 │ ahead f32 │ seats × (path u8 │ rtt f32)
//! ```
use crate::event::{EVENT, VITALS};
use crate::wire::{self, ProtocolError};

/// The round trip of a seat to which none has been measured, and of whoever is no other person.
pub const NO_PING: f32 = f32::NAN;

/// How packets get to a seat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum PathKind {
    /// They do not: it is this browser's seat or a policy's, or nothing reaches it.
    #[default]
    None = 0,
    /// Through the server.
    Relay = 1,
    /// From browser to browser.
    Direct = 2,
}

/// The way to a seat.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeatPath {
    /// How packets get there.
    pub path: PathKind,
    /// Milliseconds there and back, [`NO_PING`] where it is not known.
    pub rtt_ms: f32,
}

/// Once a second while a match is played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Vitals {
    /// Frames from a key to its step.
    pub input_delay: u8,
    /// How many seats there are; the rest of `paths` means nothing.
    pub seats: u8,
    /// The way to each seat.
    pub paths: [SeatPath; 8],
    /// How many times frames were played again, since the start.
    pub rollbacks: u32,
    /// How many frames were, since the start.
    pub rolled_back: u32,
    /// The most at once, since the start.
    pub deepest: u32,
    /// How many at the latest time.
    pub depth: u32,
    /// Frames that were first played with a guess, since the start.
    pub predicted: u32,
    /// Ticks at which the game waited for others, since the start.
    pub stalls: u32,
    /// By how many frames this browser is ahead of the others.
    pub ahead: f32,
}

impl Default for SeatPath {
    fn default() -> Self {
        Self { path: PathKind::None, rtt_ms: NO_PING }
    }
}

pub(super) fn put_paths(seats: u8, paths: &[SeatPath; 8], out: &mut Vec<u8>) {
    for SeatPath { path, rtt_ms } in paths.iter().take(seats.into()) {
        out.push(*path as u8);
        out.extend_from_slice(&rtt_ms.to_le_bytes());
    }
}

pub(super) fn read_paths(seats: u8, rest: &mut &[u8]) -> Result<[SeatPath; 8], ProtocolError> {
    let mut paths = [SeatPath::default(); 8];
    if usize::from(seats) > paths.len() {
        return Err(ProtocolError::UnknownKind { of: "match of so many seats", found: seats });
    }
    for place in paths.iter_mut().take(seats.into()) {
        let path = match wire::byte(rest)? {
            0 => PathKind::None,
            1 => PathKind::Relay,
            2 => PathKind::Direct,
            found => return Err(ProtocolError::UnknownKind { of: "path", found }),
        };
        *place = SeatPath { path, rtt_ms: wire::f32(rest)? };
    }
    Ok(paths)
}

impl Vitals {
    /// Writes it in place of what is in `out`.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.clear();
        out.extend_from_slice(&[EVENT, VITALS, self.input_delay, self.seats]);
        for count in [self.rollbacks, self.rolled_back, self.deepest, self.depth, self.predicted, self.stalls] {
            out.extend_from_slice(&count.to_le_bytes());
        }
        out.extend_from_slice(&self.ahead.to_le_bytes());
        put_paths(self.seats, &self.paths, out);
    }

    pub(super) fn read(mut bytes: &[u8]) -> Result<Self, ProtocolError> {
        let rest = &mut bytes;
        let (input_delay, seats) = (wire::byte(rest)?, wire::byte(rest)?);
        let mut counts = [0; 6];
        for count in &mut counts {
            *count = wire::u32(rest)?;
        }
        let [rollbacks, rolled_back, deepest, depth, predicted, stalls] = counts;
        let ahead = wire::f32(rest)?;
        let paths = read_paths(seats, rest)?;
        wire::end(rest)?;
        Ok(Self { input_delay, seats, paths, rollbacks, rolled_back, deepest, depth, predicted, stalls, ahead })
    }
}
