//! What a game of a match hears of the server, and what it tells the page of it.
use palaestra_protocol::Failure;
use palaestra_protocol::server::PeerState;
use palaestra_protocol::together::{DropoutSetup, MatchMode, NetworkSetup, SeatPath, Vitals};
use palaestra_session::Reason;

/// A match that is complete, with all that the Worker has to know of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Matched {
    /// By which packets know it.
    pub number: u32,
    /// This browser's seat.
    pub seat: u8,
    /// How many times this seat has been taken in this match, from 1.
    pub incarnation: u32,
    /// Who plays each agent.
    pub seats: Vec<SeatKind>,
    /// Ticks per second.
    pub fps: f64,
    /// The match's seed.
    pub seed: u64,
    /// The epoch that it begins with.
    pub epoch: u32,
    /// Whether others' actions are guessed or waited for.
    pub mode: MatchMode,
    /// What becomes of a leaver's seat.
    pub dropout: DropoutSetup,
    /// Milliseconds that a lost connection may take to come back.
    pub grace_ms: f64,
    /// What is done to packets on purpose.
    pub network: Option<NetworkSetup>,
    /// The whole address of the play socket.
    pub url: String,
    /// What this side adds to the server's record: the text of a JSON object.
    pub facts: String,
}

/// Who plays an agent of a match.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SeatKind {
    /// A person, here or at another browser.
    Person,
    /// Random actions, the same in every browser.
    Random,
    /// The action that means nothing.
    Idle,
    /// As the policy plays that the Worker was given for it.
    Policy,
    /// As the environment's expert plays.
    Expert {
        /// With what probability an action is the expert's own, and not a random one: 0 to 1.
        skill: f64,
    },
}

impl SeatKind {
    /// As a record's header names it, without an expert's skill, or which policy it is.
    pub fn name(self) -> &'static str {
        match self {
            SeatKind::Person => "human",
            SeatKind::Random => "random",
            SeatKind::Idle => "idle",
            SeatKind::Policy => "policy",
            SeatKind::Expert { .. } => "expert",
        }
    }
}

/// What the control socket brings to a game.
#[derive(Clone, Debug, PartialEq)]
pub enum FromServer {
    /// The match is complete.
    Matched(Box<Matched>),
    /// Shake hands with everybody.
    Validate {
        /// Which attempt this is, from 1.
        attempt: u32,
        /// By the relay only.
        relay: bool,
    },
    /// The match begins, or goes on for somebody who came back.
    Start {
        /// In so many milliseconds.
        in_ms: f64,
        /// Frames from a key to its step.
        input_delay: u8,
    },
    /// The play socket has another address.
    Socket(String),
    /// What counts of a leaver.
    Pronounced {
        /// The leaver's seat.
        seat: u8,
        /// Its inputs count through so many frames.
        frames: u32,
    },
    /// The match came to nothing before it began: there will be another.
    Requeued,
    /// The server has ended the session.
    Ended(Reason),
    /// Something went wrong with the server that ends the session.
    Failed(Failure),
}

/// What the page's client of the server, and the page, are told of a match.
#[derive(Clone, Debug, PartialEq)]
pub enum MatchTold {
    /// The game is loaded and its play socket is open.
    Ready,
    /// The handshake with everybody is done.
    Validated {
        /// Of which attempt.
        attempt: u32,
        /// The way to each other person.
        paths: Vec<(u8, SeatPath)>,
    },
    /// This browser cannot play.
    Failed(String),
    /// The participant's attention is elsewhere, or here again.
    Away(bool),
    /// The match is over, and all of it is confirmed.
    Finished {
        /// Through so many frames.
        frames: u32,
        /// Whether all that was planned has been played; not where somebody left.
        planned: bool,
    },
    /// The session ended here, for this reason, before the server said so.
    Leave(Reason),
    /// Another person's browser is reached, or not.
    Peer {
        /// Its seat.
        seat: u8,
        /// How it is connected.
        state: PeerState,
    },
    /// A seat is its person's no more, from this frame on.
    Left {
        /// The seat.
        seat: u8,
        /// The first frame that is played without the person.
        frame: u32,
    },
    /// The game waits for these seats, or for nobody: it goes on.
    Stalled {
        /// Bit n for seat n.
        by: u8,
    },
    /// This browser's own play socket is open, or lost.
    Connection(bool),
    /// States differed, and the game goes on from one that all agree on.
    Resynced {
        /// From which frame on.
        frame: u32,
    },
    /// How the match is.
    Vitals(Vitals),
}
