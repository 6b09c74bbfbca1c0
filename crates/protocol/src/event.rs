//! From the Worker to the page, unasked: what a game has played. What a match tells beyond that is in `together/`.
//!
//! ```text
//! 2 │ 1 │ flags u8 (1 confirmed, 2 hash) │ 0 u8 │ frame u32 │ pressed f64 │ queued f64 │ called f64 │ received f64 │ due f64 │
//! began f64 │ ended f64 │ slowed f64 │ actions │ returns │ [hash u64] │ scene
//! ```
//! Actions and returns stand behind their lengths, u32.
use crate::wire::{self, ProtocolError, put_block};

/// An event's first byte, where a reply has its status.
pub const EVENT: u8 = 2;
// Its second byte, the kind of the event.
pub(crate) const STEPPED: u8 = 1;
pub(crate) const SHOWN: u8 = 2;
pub(crate) const BEGAN: u8 = 3;
pub(crate) const TOLD: u8 = 4;
pub(crate) const VITALS: u8 = 5;
/// The kinds of events: their names, and their second bytes.
pub const EVENT_KINDS: [(&str, u8); 5] =
    [("stepped", STEPPED), ("shown", SHOWN), ("began", BEGAN), ("told", TOLD), ("vitals", VITALS)];

// The flags of a step.
const CONFIRMED: u8 = 1;
/// The flag of an event that has a hash.
pub const HASHED: u8 = 2;

/// Where an event has its kind.
pub const EVENT_KIND: usize = 1;
/// Where it has its flags; of news, which.
pub const EVENT_FLAGS: usize = 2;
/// Where it has its number: a step's, an episode's, or the first of news.
pub const EVENT_NUMBER: usize = 4;
/// Where a step's times begin, which seven times follow and by how much the game has been slower.
const STEPPED_TIMES: usize = EVENT_NUMBER + 4;
/// Where a step has its actions, behind their length, and behind them the returns.
pub const STEPPED_ACTIONS: usize = STEPPED_TIMES + 8 * 8;

/// When a step's input and the step itself passed their stations. NaN: it did not.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepTimes {
    /// A key went down that this step is the first to see. Page's clock.
    pub pressed: f64,
    /// The page sent that key. Page's clock.
    pub queued: f64,
    /// The page sent the last message that arrived before the step: a key or a grant. Page's clock.
    pub called: f64,
    /// That message arrived. Worker's clock, as are the rest.
    pub received: f64,
    /// The tick was due.
    pub due: f64,
    /// The step began.
    pub began: f64,
    /// It ended.
    pub ended: f64,
}

/// A step that a game has played.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stepped<'a> {
    /// The number of the step in its game, from 1 on.
    pub frame: u32,
    /// Whether it is final. A game with a remote seat may play a frame before it knows every action.
    pub confirmed: bool,
    /// When.
    pub times: StepTimes,
    /// Milliseconds by which the game has been slower than its pace so far.
    pub slowed: f64,
    /// The joint action: each agent's in its space's encoding.
    pub actions: &'a [u8],
    /// What the step returned: see `palaestra_env::returns`.
    pub returns: &'a [u8],
    /// The hash of the state that it led to, if asked for.
    pub hash: Option<u64>,
    /// The scene, empty if not asked for.
    pub scene: &'a [u8],
}

impl<'a> Stepped<'a> {
    /// Whether a message of the Worker is an event and no reply.
    pub fn is(message: &[u8]) -> bool {
        message.first() == Some(&EVENT)
    }

    /// Writes it in place of what is in `out`.
    pub fn write(&self, out: &mut Vec<u8>) {
        let flags = if self.confirmed { CONFIRMED } else { 0 } | if self.hash.is_some() { HASHED } else { 0 };
        out.clear();
        out.extend_from_slice(&[EVENT, STEPPED, flags, 0]);
        out.extend_from_slice(&self.frame.to_le_bytes());
        put_times(&self.times, out);
        out.extend_from_slice(&self.slowed.to_le_bytes());
        put_block(self.actions, out);
        put_block(self.returns, out);
        out.extend(self.hash.iter().flat_map(|hash| hash.to_le_bytes()));
        out.extend_from_slice(self.scene);
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`ProtocolError`] for any other bytes.
    pub fn read(mut bytes: &'a [u8]) -> Result<Self, ProtocolError> {
        let rest = &mut bytes;
        let status = wire::byte(rest)?;
        if status != EVENT {
            return Err(ProtocolError::UnknownStatus(status));
        }
        match wire::byte(rest)? {
            STEPPED => {}
            found => return Err(ProtocolError::UnknownKind { of: "event", found }),
        }
        let flags = wire::byte(rest)?;
        wire::byte(rest)?;
        let frame = wire::u32(rest)?;
        let (times, slowed) = (read_times(rest)?, wire::f64(rest)?);
        let (actions, returns) = (wire::block(rest)?, wire::block(rest)?);
        let hash = if flags & HASHED != 0 { Some(wire::u64(rest)?) } else { None };
        Ok(Self { frame, confirmed: flags & CONFIRMED != 0, times, slowed, actions, returns, hash, scene: rest })
    }
}

pub(crate) fn put_times(times: &StepTimes, out: &mut Vec<u8>) {
    let StepTimes { pressed, queued, called, received, due, began, ended } = times;
    for time in [pressed, queued, called, received, due, began, ended] {
        out.extend_from_slice(&time.to_le_bytes());
    }
}

pub(crate) fn read_times(rest: &mut &[u8]) -> Result<StepTimes, ProtocolError> {
    let mut times = [0.0; 7];
    for time in &mut times {
        *time = wire::f64(rest)?;
    }
    let [pressed, queued, called, received, due, began, ended] = times;
    Ok(StepTimes { pressed, queued, called, received, due, began, ended })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_reads_back_as_it_was_written_and_every_cut_is_an_error_or_a_shorter_scene() {
        let times =
            StepTimes { pressed: 1.0, queued: 2.0, called: 3.0, received: 4.0, due: 5.0, began: 6.0, ended: 7.0 };
        for (hash, confirmed) in [(Some(u64::MAX), true), (None, false)] {
            let step = Stepped {
                frame: 70_000,
                confirmed,
                times,
                slowed: 0.25,
                actions: &[1, 2],
                returns: &[3; 300],
                hash,
                scene: &[9],
            };
            let mut bytes = vec![7];
            step.write(&mut bytes);
            assert!(Stepped::is(&bytes));
            assert_eq!(Stepped::read(&bytes), Ok(step));
            let scene = bytes.len() - 1;
            (0..scene).for_each(|end| assert!(Stepped::read(&bytes[..end]).is_err(), "{end}"));
            assert_eq!(Stepped::read(&bytes[..scene]), Ok(Stepped { scene: &[], ..step }));
        }
        assert!(!Stepped::is(&[0]) && !Stepped::is(&[]));
    }
}
