//! What a peer wants done, in order.
use crate::actions::Actions;
use crate::seats::SeatSet;

/// Why somebody left a match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LeaveReason {
    /// It said so.
    Left,
    /// Nothing was heard of it.
    Silent,
    /// Others said so.
    Told,
    /// The server said so.
    Pronounced,
}

/// Why a match ended here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndReason {
    /// All its episodes, or frames, have been played.
    Complete,
    /// Somebody left, and the match is one that ends then.
    PartnerLeft,
    /// The others go on without this peer, perhaps from a frame before those that it has confirmed, and they have forgotten.
    Dropped,
    /// Without a server: fewer than half of those who played are left here.
    Isolated,
    /// States differ however often they are made the same, or nobody has a state left that all agreed on.
    Desync,
    /// Nobody said how to go on.
    Abandoned,
    /// This peer left.
    Left,
}

impl EndReason {
    /// Whether the others may still play, and have to know that this peer does not.
    pub fn is_leaving(self) -> bool {
        !matches!(self, Self::Complete | Self::PartnerLeft)
    }
}

/// Something to be done or to be told.
#[derive(Clone, Copy, Debug)]
pub enum Output<'a> {
    /// Send this to the peer of a seat. It may get lost.
    Send {
        /// The receiver's seat.
        to: u8,
        /// At most about a kilobyte and a half.
        bytes: &'a [u8],
    },
    /// The world is another: show it.
    Step {
        /// The frame that was played last.
        frame: u32,
        /// How many of the latest frames were played with inputs that are not known yet.
        predicted: u32,
    },
    /// A frame is as it is for good: every peer that still plays has played it with these actions to this state. Each frame
    /// comes once, in order, without gaps; what its step returned is what its latest [`World::step`](crate::World::step)
    /// returned.
    Confirmed {
        /// The frame.
        frame: u32,
        /// Its episode, from 0.
        episode: u32,
        /// Everybody's action.
        actions: Actions<'a>,
        /// [`World::hash`](crate::World::hash) after it.
        hash: u64,
        /// The hash of all frames up to it, actions and states.
        chain: u64,
    },
    /// An episode begins; [`World::reset`](crate::World::reset) has been called.
    EpisodeBegan {
        /// Its number, from 0.
        episode: u32,
        /// Its first frame.
        frame: u32,
        /// Its seed.
        seed: u64,
    },
    /// An episode is over for good.
    EpisodeOver {
        /// Its number, from 0.
        episode: u32,
        /// Its last frame.
        frame: u32,
    },
    /// The game waits for others. The next `Step` of a later frame says that it goes on; one of the same frame is a guess that was put right.
    Stalled {
        /// For whom.
        by: SeatSet,
    },
    /// Nothing has been heard of a peer for a while.
    Reconnecting {
        /// Its seat.
        seat: u8,
    },
    /// It is there again.
    Back {
        /// Its seat.
        seat: u8,
    },
    /// A peer has been silent for longer than the grace period, or has said that it leaves. Its server should decide.
    Lost {
        /// Its seat.
        seat: u8,
        /// Whether it said so.
        said_so: bool,
    },
    /// For the server: what this peer has of a leaver.
    Report {
        /// The leaver's seat.
        seat: u8,
        /// How many frames of its inputs.
        until: u32,
        /// Those that some peer may not have.
        inputs: &'a [u8],
    },
    /// A seat is its person's no more.
    Left {
        /// The seat.
        seat: u8,
        /// The first frame that is played without the person.
        frame: u32,
        /// Why.
        reason: LeaveReason,
    },
    /// Two peers have played the same inputs to different states.
    Desync {
        /// The first frame at which it shows.
        frame: u32,
        /// The other peer's seat.
        seat: u8,
        /// The chain's hash here.
        mine: u64,
        /// The chain's hash there.
        theirs: u64,
    },
    /// This peer goes on from a state that was given or sent to it.
    Resynced {
        /// The epoch that begins.
        epoch: u32,
        /// The frame it goes on from.
        frame: u32,
        /// Who turned out to have been wrong, as far as is known: nobody where this peer only joined.
        wrong: SeatSet,
    },
    /// The match is over here.
    Ended {
        /// Why.
        reason: EndReason,
        /// How many frames were confirmed.
        frames: u32,
    },
}
