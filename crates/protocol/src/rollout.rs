//! What a page asks of a rollout, and what it hears of it: episodes that policies play by themselves.
//!
//! ```text
//! setup     seed u64 │ episodes u64 │ steps u64 │ longest u32 │ seats u16 │ a seat each │ options: a plain value, or nothing
//! progress  done u8 │ steps u64 │ agents u16 │ an episode each: seed u64 │ hash u64 │ length u32 │ end u8 │ returns f64 each agent
//! ```
//! Without a limit of episodes or of steps that is the greatest u64. A seat is as in a [game's setup](crate::Setup).
use crate::game::{SeatSetup, put_count};
use crate::wire::{self, ProtocolError};

/// What a rollout is made of.
#[derive(Clone, Debug, PartialEq)]
pub struct RolloutSetup {
    /// Of the first episode; each later one has the next.
    pub seed: u64,
    /// How many episodes.
    pub episodes: Option<u64>,
    /// How many steps of all of them together.
    pub steps: Option<u64>,
    /// The most steps of an episode.
    pub longest: u32,
    /// One seat per agent, none of them a person's.
    pub seats: Vec<SeatSetup>,
    /// The options of every reset: a plain object's bytes, or none.
    pub options: Vec<u8>,
}

impl RolloutSetup {
    /// Writes it.
    pub fn write(&self, out: &mut Vec<u8>) {
        let limit = |limit: Option<u64>| limit.unwrap_or(u64::MAX).to_le_bytes();
        out.extend_from_slice(&self.seed.to_le_bytes());
        out.extend_from_slice(&limit(self.episodes));
        out.extend_from_slice(&limit(self.steps));
        out.extend_from_slice(&self.longest.to_le_bytes());
        put_count(self.seats.len(), out);
        self.seats.iter().for_each(|seat| seat.write(out));
        out.extend_from_slice(&self.options);
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`ProtocolError`] for any other bytes.
    pub fn read(mut bytes: &[u8]) -> Result<Self, ProtocolError> {
        let rest = &mut bytes;
        let limit = |rest: &mut &[u8]| Ok(Some(wire::u64(rest)?).filter(|limit| *limit != u64::MAX));
        let (seed, episodes, steps, longest) = (wire::u64(rest)?, limit(rest)?, limit(rest)?, wire::u32(rest)?);
        let seats = (0..wire::u16(rest)?).map(|_| SeatSetup::read(rest)).collect::<Result<_, _>>()?;
        Ok(Self { seed, episodes, steps, longest, seats, options: rest.to_vec() })
    }
}

/// How an episode ends, by number.
pub const EPISODE_ENDS: [&str; 3] = ["terminated", "truncated", "cut"];
/// Where progress has how many steps there were so far.
pub const PROGRESS_STEPS: usize = 1;
/// Where it has how many agents earn.
pub const PROGRESS_AGENTS: usize = PROGRESS_STEPS + 8;
/// Where its episodes begin, each with its seed.
pub const PROGRESS_EPISODES: usize = PROGRESS_AGENTS + 2;
/// Where an episode has the hash of its last state.
pub const EPISODE_HASH: usize = 8;
/// Where it has how many steps it took.
pub const EPISODE_LENGTH: usize = EPISODE_HASH + 8;
/// Where it has how it ended.
pub const EPISODE_END: usize = EPISODE_LENGTH + 4;
/// Where the returns begin: of each agent eight bytes.
pub const EPISODE_RETURNS: usize = EPISODE_END + 1;

/// What came of a rollout since it was last asked.
#[derive(Debug)]
pub struct RolloutProgress<'a> {
    /// Whether nothing is left to play.
    pub done: bool,
    /// Steps so far, of all episodes.
    pub steps: u64,
    /// How many agents earn.
    pub agents: usize,
    /// The episodes that came to their end, as [`RolloutEpisode::write`] writes them.
    pub episodes: &'a [u8],
}

impl RolloutProgress<'_> {
    /// Writes it.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.push(self.done.into());
        out.extend_from_slice(&self.steps.to_le_bytes());
        put_count(self.agents, out);
        out.extend_from_slice(self.episodes);
    }
}

/// An episode that came to its end.
#[derive(Debug)]
pub struct RolloutEpisode<'a> {
    /// Its seed.
    pub seed: u64,
    /// Of the last state.
    pub hash: u64,
    /// Steps.
    pub length: u32,
    /// How it ended: the number of one of [`EPISODE_ENDS`]; it is cut by the rollout.
    pub end: u8,
    /// What each agent earned.
    pub returns: &'a [f64],
}

impl RolloutEpisode<'_> {
    /// Writes it behind others.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.seed.to_le_bytes());
        out.extend_from_slice(&self.hash.to_le_bytes());
        out.extend_from_slice(&self.length.to_le_bytes());
        out.push(self.end);
        self.returns.iter().for_each(|earned| out.extend_from_slice(&earned.to_le_bytes()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setup_reads_back_as_it_was_written_and_cut_it_is_an_error() {
        let seats = vec![SeatSetup::Expert { skill: 0.5 }, SeatSetup::Random, SeatSetup::Policy];
        let setup = RolloutSetup { seed: 7, episodes: Some(3), steps: None, longest: 90, seats, options: vec![] };
        for setup in
            [setup.clone(), RolloutSetup { steps: Some(1), episodes: None, options: vec![8, 0], ..setup.clone() }]
        {
            let mut bytes = Vec::new();
            setup.write(&mut bytes);
            assert_eq!(RolloutSetup::read(&bytes).as_ref(), Ok(&setup));
            let whole = bytes.len() - setup.options.len();
            (0..whole).for_each(|end| assert!(RolloutSetup::read(&bytes[..end]).is_err(), "{end}"));
        }
    }
}
