//! A state to go on from, as bytes:
//!
//! ```text
//! form u8 │ match u32 │ epoch │ frame │ episode │ flags u8 │ done u8 │ until of each who is done
//! partial u64 │ chain u64 │ state
//! ```
//! Whoever takes it over checks that the state's hash is the one in the chain. A state right after a reset is not written: every peer
//! can make it. Neither is one that whoever wrote this does not know whole: each peer goes on from its own of the frames that all agree on.
use crate::chain;
use crate::seats::{MOST_SEATS, NEVER, SeatSet};
use crate::wire::{Reader, put_varint};
use crate::world::World;

/// No match lasts so long: at 240 frames a second a hundred days.
const MOST_FRAMES: u32 = u32::MAX / 2;

const FORM: u8 = 1;
const FRESH: u8 = 1;
const OVER: u8 = 2;
const OWN: u8 = 4;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Checkpoint<'a> {
    pub(crate) match_id: u32,
    pub(crate) epoch: u32,
    /// How many frames have been played.
    pub(crate) frame: u32,
    pub(crate) episode: u32,
    /// The episode begins here: there is no state.
    pub(crate) fresh: bool,
    /// The episode is over, and the next has not begun.
    pub(crate) over: bool,
    /// There is no state: each peer takes its own.
    pub(crate) own: bool,
    /// Who has left, and the first frame without each.
    pub(crate) done: SeatSet,
    pub(crate) until: [u32; MOST_SEATS],
    /// The chain, without and with the state.
    pub(crate) partial: u64,
    pub(crate) chain: u64,
    pub(crate) state: &'a [u8],
}

impl<'a> Checkpoint<'a> {
    /// Appends all but the state, which is to follow.
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        out.push(FORM);
        out.extend_from_slice(&self.match_id.to_le_bytes());
        for number in [self.epoch, self.frame, self.episode] {
            put_varint(out, number.into());
        }
        let flag = |set: bool, flag: u8| if set { flag } else { 0 };
        out.push(flag(self.fresh, FRESH) | flag(self.over, OVER) | flag(self.own, OWN));
        out.push(self.done.bits());
        for seat in self.done.iter() {
            put_varint(out, self.until.get(usize::from(seat)).copied().unwrap_or(NEVER).into());
        }
        out.extend_from_slice(&self.partial.to_le_bytes());
        out.extend_from_slice(&self.chain.to_le_bytes());
        out.extend_from_slice(self.state);
    }

    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        if reader.u8()? != FORM {
            return None;
        }
        let match_id = reader.u32()?;
        let (epoch, frame, episode) = (reader.varint32()?, reader.varint32()?, reader.varint32()?);
        // Each episode before has had a frame.
        if frame > MOST_FRAMES || episode > frame {
            return None;
        }
        let (flags, done) = (reader.u8()?, SeatSet::from_bits(reader.u8()?));
        let mut until = [NEVER; MOST_SEATS];
        for seat in done.iter() {
            *until.get_mut(usize::from(seat))? = reader.varint32()?;
        }
        let (partial, chain) = (reader.u64()?, reader.u64()?);
        let (fresh, over, own) = (flags & FRESH != 0, flags & OVER != 0, flags & OWN != 0);
        let state = reader.rest();
        Some(Self { match_id, epoch, frame, episode, fresh, over, own, done, until, partial, chain, state })
    }

    /// Puts the world into this state. False where it is none, or not the one of the chain; the world may have changed then.
    pub(crate) fn load<W: World>(&self, world: &mut W, seed: u64) -> bool {
        if self.fresh {
            world.reset(self.episode, chain::episode_seed(seed, self.episode));
            return true;
        }
        world.load(self.state) && chain::with_state(self.partial, world.hash()) == self.chain
    }
}
