//! A match: made complete, in one step.
use std::collections::{BTreeMap, BTreeSet};

use palaestra_protocol::server::PeerState;
use palaestra_session::SessionId;

use crate::event::{MatchFacts, SocketId};
use crate::message::{Code, PartnerState, SeatPath, Transport};

/// A match, from the moment when it is complete.
#[derive(Debug)]
pub(crate) struct Match {
    pub(crate) id: String,
    pub(crate) lobby: usize,
    pub(crate) session: SessionId,
    pub(crate) facts: MatchFacts,
    /// The seats of people.
    pub(crate) seats: Vec<Seat>,
    pub(crate) validation: Validation,
    pub(crate) input_delay: u8,
    /// So many frames are on disk.
    pub(crate) frames: u32,
    /// What survivors, and the server itself, report of a leaver's seat.
    pub(crate) leaving: BTreeMap<u8, Reports>,
    /// What counts of those who went: for whoever was not connected when it was said.
    pub(crate) pronounced: BTreeMap<u8, Inputs>,
    /// The end that follows once everybody has finished, or has had the time to.
    pub(crate) ending: Option<Code>,
    /// The frames on disk when the time to finish began.
    pub(crate) finish_from: u32,
    /// Whether it has ended: what is left of it hears the last batches.
    pub(crate) over: bool,
    /// The play sockets that may still bring some.
    pub(crate) lingering: BTreeSet<SocketId>,
    /// How many control sockets watch it.
    pub(crate) watchers: usize,
}

/// The seat of a person.
#[derive(Debug)]
pub(crate) struct Seat {
    pub(crate) person: Option<u64>,
    pub(crate) participant: String,
    pub(crate) play: Option<SocketId>,
    /// How many tickets were given out for it.
    pub(crate) generation: u32,
    /// So many more may have been, before the program was stopped.
    pub(crate) unstored: u32,
    pub(crate) state: PartnerState,
    pub(crate) ready: bool,
    pub(crate) paths: Option<Vec<SeatPath>>,
    pub(crate) finished: Option<u32>,
    /// Whether it said that this was the planned end.
    pub(crate) planned: bool,
    /// Whether what counts of it is being settled, or is: that is done once.
    pub(crate) settled: bool,
}

/// How far the handshake is.
#[derive(Debug)]
pub(crate) struct Validation {
    /// The number of the attempt that runs; 0: not everybody is ready yet.
    pub(crate) attempt: u32,
    /// Attempts that ran out of time.
    pub(crate) failed: u32,
    /// Whether an attempt is under way: one that a page breaks off by loading again does not count.
    pub(crate) running: bool,
    pub(crate) transport: Transport,
    /// It is over then, whatever happens.
    pub(crate) until: u64,
}

/// What there is of a leaver's inputs.
#[derive(Debug, Default)]
pub(crate) struct Reports {
    /// The survivors who have reported.
    pub(crate) from: BTreeSet<u8>,
    /// Those who were asked at all: bit n for seat n.
    pub(crate) asked: u8,
    /// Those who were lost when their time was over, and are asked once more.
    pub(crate) lost: u8,
    /// So many answers of the server itself are still to come.
    pub(crate) awaited: u32,
    pub(crate) best: Option<Inputs>,
}

/// A leaver's inputs: how many frames, the first one that is there, the inputs from there on.
pub(crate) type Inputs = (u32, u32, Vec<u8>);

/// The number by which packets know their match: the last eight digits of its name.
pub fn number_of(match_id: &str) -> u32 {
    let digits = match_id.get(match_id.len().saturating_sub(8)..).unwrap_or_default();
    u32::from_str_radix(digits, 16).unwrap_or_default()
}

impl Match {
    /// The people who are still in it, by seat.
    pub(crate) fn present(&self) -> Vec<(u8, u64)> {
        (0..).zip(&self.seats).filter_map(|(index, seat)| Some((index, seat.person?))).collect()
    }

    pub(crate) fn seat(&mut self, seat: u8) -> Option<&mut Seat> {
        self.seats.get_mut(usize::from(seat))
    }

    pub(crate) fn gone(&self) -> u8 {
        let bits = (0..8).zip(&self.seats).filter(|(_, seat)| seat.state == PartnerState::Gone);
        bits.fold(0, |bits, (bit, _)| bits | 1 << bit)
    }
}

impl From<PartnerState> for PeerState {
    fn from(state: PartnerState) -> Self {
        match state {
            PartnerState::Connecting => Self::Connecting,
            PartnerState::Connected => Self::Connected,
            PartnerState::Reconnecting => Self::Reconnecting,
            PartnerState::Gone => Self::Gone,
        }
    }
}
