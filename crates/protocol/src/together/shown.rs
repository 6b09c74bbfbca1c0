//! Pictures and episodes of a match, and how an event is read.
//!
//! ```text
//! Shown    2 │ 2 │ 0 u16 │ frame u32 │ predicted u32 │ times f64 × 7 │ scene
//! Began    2 │ 3 │ flags u8 (2 hash) │ 0 u8 │ episode u32 │ frame u32 │ seed u64 │ returns │ [hash u64] │ scene
//! Told     2 │ 4 │ …                         see `told.rs`
//! Vitals   2 │ 5 │ …                         see `vitals.rs`
//! ```
//! The times are those of a [`Stepped`], in its order; the returns stand behind their length, u32.
use super::told::Told;
use super::vitals::Vitals;
use crate::event::{
    BEGAN, EVENT, EVENT_NUMBER, HASHED, SHOWN, STEPPED, StepTimes, Stepped, TOLD, VITALS, put_times, read_times,
};
use crate::wire::{self, ProtocolError, put_block};

/// Where a picture's scene begins, behind two numbers and seven times.
pub const SHOWN_SCENE: usize = EVENT_NUMBER + 2 * 4 + 7 * 8;
/// Where an episode's first returns are, behind their length.
pub const BEGAN_RETURNS: usize = EVENT_NUMBER + 2 * 4 + 8;

/// What the world looks like after the newest frame, some of whose actions may be guessed. At most one per tick.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown<'a> {
    /// The number of the frame's step in its match, from 1 on, as in [`Stepped`].
    pub frame: u32,
    /// How many of the latest frames were played with actions that are not known yet.
    pub predicted: u32,
    /// When it was played first. A frame that is played again keeps these times.
    pub times: StepTimes,
    /// The scene.
    pub scene: &'a [u8],
}

/// An episode has begun, for good: everybody has reset.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Began<'a> {
    /// Its number in the match, from 0.
    pub episode: u32,
    /// How many steps of the match went before.
    pub frame: u32,
    /// Its seed.
    pub seed: u64,
    /// What the reset returned: see `palaestra_env::returns`.
    pub returns: &'a [u8],
    /// The hash of the state that it led to, if asked for.
    pub hash: Option<u64>,
    /// The scene, empty if not asked for.
    pub scene: &'a [u8],
}

/// Whatever a Worker says unasked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Event<'a> {
    /// A step is final. In a match every step comes once, in order, without gaps and without a scene: that was shown.
    Stepped(Stepped<'a>),
    /// The newest picture of a match.
    Shown(Shown<'a>),
    /// An episode of a match has begun.
    Began(Began<'a>),
    /// Something became of the match.
    Told(Told<'a>),
    /// How the match is.
    Vitals(Vitals),
}

impl<'a> Event<'a> {
    /// Whether a message of the Worker is an event and no reply.
    pub fn is(message: &[u8]) -> bool {
        message.first() == Some(&EVENT)
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`ProtocolError`] for any other bytes.
    pub fn read(bytes: &'a [u8]) -> Result<Self, ProtocolError> {
        let mut rest = bytes;
        let status = wire::byte(&mut rest)?;
        if status != EVENT {
            return Err(ProtocolError::UnknownStatus(status));
        }
        match wire::byte(&mut rest)? {
            STEPPED => Stepped::read(bytes).map(Self::Stepped),
            SHOWN => Shown::read(rest).map(Self::Shown),
            BEGAN => Began::read(rest).map(Self::Began),
            TOLD => Told::read(rest).map(Self::Told),
            VITALS => Vitals::read(rest).map(Self::Vitals),
            found => Err(ProtocolError::UnknownKind { of: "event", found }),
        }
    }
}

impl<'a> Shown<'a> {
    /// Writes it in place of what is in `out`.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.clear();
        out.extend_from_slice(&[EVENT, SHOWN, 0, 0]);
        out.extend_from_slice([self.frame, self.predicted].map(u32::to_le_bytes).as_flattened());
        put_times(&self.times, out);
        out.extend_from_slice(self.scene);
    }

    fn read(mut bytes: &'a [u8]) -> Result<Self, ProtocolError> {
        let rest = &mut bytes;
        wire::take(rest, 2)?;
        let (frame, predicted, times) = (wire::u32(rest)?, wire::u32(rest)?, read_times(rest)?);
        Ok(Self { frame, predicted, times, scene: rest })
    }
}

impl<'a> Began<'a> {
    /// Writes it in place of what is in `out`.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.clear();
        out.extend_from_slice(&[EVENT, BEGAN, if self.hash.is_some() { HASHED } else { 0 }, 0]);
        out.extend_from_slice([self.episode, self.frame].map(u32::to_le_bytes).as_flattened());
        out.extend_from_slice(&self.seed.to_le_bytes());
        put_block(self.returns, out);
        out.extend(self.hash.iter().flat_map(|hash| hash.to_le_bytes()));
        out.extend_from_slice(self.scene);
    }

    fn read(mut bytes: &'a [u8]) -> Result<Self, ProtocolError> {
        let rest = &mut bytes;
        let flags = wire::byte(rest)?;
        wire::byte(rest)?;
        let (episode, frame, seed) = (wire::u32(rest)?, wire::u32(rest)?, wire::u64(rest)?);
        let returns = wire::block(rest)?;
        let hash = if flags & HASHED != 0 { Some(wire::u64(rest)?) } else { None };
        Ok(Self { episode, frame, seed, returns, hash, scene: rest })
    }
}
