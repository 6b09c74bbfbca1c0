//! What becomes of a match, as the Worker tells its page.
//!
//! ```text
//! Told     2 │ 4 │ kind u8 │ seat u8 │ first u32 │ second u32 │ mine u64 │ theirs u64 │ rest
//!
//! kind                      seat          first        second      mine    theirs   rest
//!  1 socket open            own           epoch        frames                       connected u8
//!  2 socket lost                          close code   wait in ms                   text
//!  3 socket refused                       close code                                text
//!  4 peer                   seat          state
//!  5 validated              seats         attempt                                   a path each, as in vitals
//!  6 stalled                by, as bits
//!  7 left                   seat          frame        reason
//!  8 desync                 seat          frame                    hash    hash
//!  9 differs                by, as bits   frame
//! 10 resynced               wrong, bits   epoch        frame
//! 11 joined                               episode      frame
//! 12 record cut                           from frame   to frame
//! 13 ended                                reason       frames
//! 14 released
//! ```
//! What a kind does not name is 0, or empty. Frames are counted as in the play socket: *frames* is how many, *frame* the number of
//! one, from 0.
use super::vitals::{SeatPath, put_paths, read_paths};
use crate::event::{EVENT, EVENT_NUMBER, TOLD};
use crate::server::PeerState;
use crate::wire::{self, ProtocolError};

/// Something became of the match.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Told<'a> {
    /// The play socket is open, and the server has said who this is.
    SocketOpen {
        /// This browser's seat.
        seat: u8,
        /// The epoch of the match's packets.
        epoch: u32,
        /// What this seat confirmed is on disk through so many frames.
        frames: u32,
        /// Bit n for seat n whose play socket is open.
        connected: u8,
    },
    /// The play socket broke. It is opened again by itself.
    SocketLost {
        /// The close code; 1006 where there was none.
        code: u16,
        /// Milliseconds until it is tried again.
        retry_ms: u32,
        /// The reason that came with it.
        text: &'a str,
    },
    /// The play socket was refused, or did not come back within the grace. It is not tried again by itself.
    SocketRefused {
        /// The close code; 1006 where there was none, 4408 where the grace is over.
        code: u16,
        /// Why.
        text: &'a str,
    },
    /// Another person's browser is reached, or not.
    Peer {
        /// Its seat.
        seat: u8,
        /// How it is connected.
        state: PeerState,
    },
    /// The handshake with everybody is done.
    Validated {
        /// Of which attempt.
        attempt: u32,
        /// How many seats there are.
        seats: u8,
        /// The way to each.
        paths: [SeatPath; 8],
    },
    /// The game waits for others; for nobody: it goes on.
    Stalled {
        /// Bit n for seat n.
        by: u8,
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
    /// Two browsers have played the same actions to different states.
    Desync {
        /// The other's seat.
        seat: u8,
        /// The first frame at which it shows.
        frame: u32,
        /// The hash of the history here.
        mine: u64,
        /// The hash of the history there.
        theirs: u64,
    },
    /// The server found whose states are wrong.
    Differs {
        /// Bit n for seat n.
        seats: u8,
        /// The first frame that differs.
        frame: u32,
    },
    /// The match goes on from a state that all agree on.
    Resynced {
        /// The epoch that begins.
        epoch: u32,
        /// The frame that it goes on from.
        frame: u32,
        /// Bit n for seat n which had been wrong, as far as is known.
        wrong: u8,
    },
    /// This browser has come back and has the state: its steps begin with this frame.
    Joined {
        /// The episode that is played, from 0.
        episode: u32,
        /// The first frame that it plays.
        frame: u32,
    },
    /// The server did not take confirmed frames for so long that this browser keeps them no more: the server's copy of this
    /// seat's history ends before them. The page's record has them.
    RecordCut {
        /// The first such frame.
        from: u32,
        /// The first that is kept.
        to: u32,
    },
    /// The match is over here.
    Ended {
        /// Why.
        reason: EndReason,
        /// How many frames were confirmed.
        frames: u32,
    },
    /// After the end: nobody needs this browser any more. The others have heard all of it, or are not heard themselves, and what
    /// it confirmed is on the server's disk.
    Released,
}

/// Why a seat is its person's no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum LeaveReason {
    /// The person said so.
    Left = 0,
    /// Nothing was heard of it.
    Silent = 1,
    /// Others said so.
    Told = 2,
    /// The server said so.
    Pronounced = 3,
}

/// Why a match is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum EndReason {
    /// All its episodes, or steps, have been played.
    Complete = 0,
    /// Somebody left, and the match is one that ends then.
    PartnerLeft = 1,
    /// The others go on without this browser.
    Dropped = 2,
    /// Too few are left here.
    Isolated = 3,
    /// States differ however often they are made the same.
    Desync = 4,
    /// Nobody said how to go on.
    Abandoned = 5,
    /// This browser left.
    Left = 6,
}

impl EndReason {
    /// Every reason.
    pub const ALL: [Self; 7] =
        [Self::Complete, Self::PartnerLeft, Self::Dropped, Self::Isolated, Self::Desync, Self::Abandoned, Self::Left];

    /// The name that records and pages show.
    pub fn name(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::PartnerLeft => "partner_left",
            Self::Dropped => "dropped",
            Self::Isolated => "isolated",
            Self::Desync => "desync",
            Self::Abandoned => "abandoned",
            Self::Left => "left",
        }
    }
}

impl LeaveReason {
    /// Every reason.
    pub const ALL: [Self; 4] = [Self::Left, Self::Silent, Self::Told, Self::Pronounced];

    /// The name that records and pages show.
    pub fn name(self) -> &'static str {
        match self {
            Self::Left => "left",
            Self::Silent => "silent",
            Self::Told => "told",
            Self::Pronounced => "pronounced",
        }
    }
}

const SOCKET_OPEN: u8 = 1;
const SOCKET_LOST: u8 = 2;
const SOCKET_REFUSED: u8 = 3;
const PEER: u8 = 4;
const VALIDATED: u8 = 5;
const STALLED: u8 = 6;
const LEFT: u8 = 7;
const DESYNC: u8 = 8;
const DIFFERS: u8 = 9;
const RESYNCED: u8 = 10;
const JOINED: u8 = 11;
const RECORD_CUT: u8 = 12;
const ENDED: u8 = 13;
const RELEASED: u8 = 14;
/// What news there are: their names, and their numbers.
pub const NEWS: [(&str, u8); 14] = [
    ("socket_open", SOCKET_OPEN),
    ("socket_lost", SOCKET_LOST),
    ("socket_refused", SOCKET_REFUSED),
    ("peer", PEER),
    ("validated", VALIDATED),
    ("stalled", STALLED),
    ("left", LEFT),
    ("desync", DESYNC),
    ("differs", DIFFERS),
    ("resynced", RESYNCED),
    ("joined", JOINED),
    ("record_cut", RECORD_CUT),
    ("ended", ENDED),
    ("released", RELEASED),
];
/// Where news have their second number; the first is where any event has one.
pub const TOLD_SECOND: usize = EVENT_NUMBER + 4;
/// Where their text begins, behind two hashes.
pub const TOLD_TEXT: usize = TOLD_SECOND + 4 + 2 * 8;

impl<'a> Told<'a> {
    /// Writes it in place of what is in `out`.
    pub fn write(&self, out: &mut Vec<u8>) {
        let mut hashes = [0_u64; 2];
        let mut text = "";
        let (kind, seat, first, second) = match *self {
            Self::SocketOpen { seat, epoch, frames, .. } => (SOCKET_OPEN, seat, epoch, frames),
            Self::SocketLost { code, retry_ms, text: reason } => {
                text = reason;
                (SOCKET_LOST, 0, code.into(), retry_ms)
            }
            Self::SocketRefused { code, text: reason } => {
                text = reason;
                (SOCKET_REFUSED, 0, code.into(), 0)
            }
            Self::Peer { seat, state } => (PEER, seat, state as u32, 0),
            Self::Validated { attempt, seats, .. } => (VALIDATED, seats, attempt, 0),
            Self::Stalled { by } => (STALLED, by, 0, 0),
            Self::Left { seat, frame, reason } => (LEFT, seat, frame, reason as u32),
            Self::Desync { seat, frame, mine, theirs } => {
                hashes = [mine, theirs];
                (DESYNC, seat, frame, 0)
            }
            Self::Differs { seats, frame } => (DIFFERS, seats, frame, 0),
            Self::Resynced { epoch, frame, wrong } => (RESYNCED, wrong, epoch, frame),
            Self::Joined { episode, frame } => (JOINED, 0, episode, frame),
            Self::RecordCut { from, to } => (RECORD_CUT, 0, from, to),
            Self::Ended { reason, frames } => (ENDED, 0, reason as u32, frames),
            Self::Released => (RELEASED, 0, 0, 0),
        };
        out.clear();
        out.extend_from_slice(&[EVENT, TOLD, kind, seat]);
        out.extend_from_slice([first, second].map(u32::to_le_bytes).as_flattened());
        out.extend_from_slice(hashes.map(u64::to_le_bytes).as_flattened());
        match self {
            Self::SocketOpen { connected, .. } => out.push(*connected),
            Self::Validated { seats, paths, .. } => put_paths(*seats, paths, out),
            _ => out.extend_from_slice(text.as_bytes()),
        }
    }

    pub(super) fn read(mut bytes: &'a [u8]) -> Result<Self, ProtocolError> {
        let rest = &mut bytes;
        let [kind, seat] = wire::array(rest)?;
        let (first, second) = (wire::u32(rest)?, wire::u32(rest)?);
        let (mine, theirs) = (wire::u64(rest)?, wire::u64(rest)?);
        let told = match kind {
            SOCKET_OPEN => Self::SocketOpen { seat, epoch: first, frames: second, connected: wire::byte(rest)? },
            SOCKET_LOST => Self::SocketLost { code: code(first), retry_ms: second, text: text(rest)? },
            SOCKET_REFUSED => Self::SocketRefused { code: code(first), text: text(rest)? },
            PEER => Self::Peer { seat, state: PeerState::from_byte(byte(first))? },
            VALIDATED => Self::Validated { attempt: first, seats: seat, paths: read_paths(seat, rest)? },
            STALLED => Self::Stalled { by: seat },
            LEFT => Self::Left { seat, frame: first, reason: one_of(&LeaveReason::ALL, second, "leave reason")? },
            DESYNC => Self::Desync { seat, frame: first, mine, theirs },
            DIFFERS => Self::Differs { seats: seat, frame: first },
            RESYNCED => Self::Resynced { epoch: first, frame: second, wrong: seat },
            JOINED => Self::Joined { episode: first, frame: second },
            RECORD_CUT => Self::RecordCut { from: first, to: second },
            ENDED => Self::Ended { reason: one_of(&EndReason::ALL, first, "end reason")?, frames: second },
            RELEASED => Self::Released,
            found => return Err(ProtocolError::UnknownKind { of: "news of a match", found }),
        };
        wire::end(rest)?;
        Ok(told)
    }
}

fn byte(number: u32) -> u8 {
    u8::try_from(number).unwrap_or(u8::MAX)
}

/// A close code of a WebSocket is 1000 to 4999.
fn code(number: u32) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}

/// The member of a list whose number is its place.
fn one_of<T: Copy>(all: &[T], number: u32, of: &'static str) -> Result<T, ProtocolError> {
    all.get(number as usize).copied().ok_or(ProtocolError::UnknownKind { of, found: byte(number) })
}

/// A text that is all the rest.
fn text<'a>(rest: &mut &'a [u8]) -> Result<&'a str, ProtocolError> {
    std::str::from_utf8(std::mem::take(rest)).map_err(|_| ProtocolError::NotUtf8)
}
