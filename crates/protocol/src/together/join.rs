//! What a page says to a game of a match.
//!
//! ```text
//! Join     number u32 │ seat u8 │ incarnation u32 │ seed u64 │ epoch u32 │ mode u8 │ dropout u8 │ [skill f64] │
//!          episodes u32 │ steps u32 │ pause f64 │ grace f64 │ flags u8 (1 resume, 2 network) │ [network] │ url │ facts │ options
//! network  delay f32 │ jitter f32 │ loss f32 │ duplicate f32 │ reorder f32 │ seed u64
//! Start    in_ms f64 │ input_delay u8
//! Control  1 │ attempt u32 │ relay u8                  validate
//!          2 │ url                                     another address of the play socket
//!          3 │ seat u8 │ frames u32                    pronounced
//! ```
//! Texts stand behind their lengths, u32; the options are the rest: a plain value's bytes, or nothing. No limit is 4294967295.
use super::network::NetworkSetup;
use crate::wire::{self, ProtocolError, put_block};

/// What a game becomes a part of: a match of several browsers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Join<'a> {
    /// By which packets know their match.
    pub number: u32,
    /// This browser's seat: that of the one person in the [`Setup`](crate::Setup).
    pub seat: u8,
    /// How many times this seat has been taken in this match, from 1.
    pub incarnation: u32,
    /// The match's seed, from which every episode's comes.
    pub seed: u64,
    /// The epoch that its packets begin with.
    pub epoch: u32,
    /// Whether others' actions are guessed or waited for.
    pub mode: MatchMode,
    /// What becomes of a leaver's seat.
    pub dropout: DropoutSetup,
    /// The match ends after so many episodes.
    pub episodes: Option<u32>,
    /// It ends after so many steps.
    pub steps: Option<u32>,
    /// Milliseconds between an episode's end, as all agree on it, and the next.
    pub pause_ms: f64,
    /// Milliseconds that a lost connection may take to come back.
    pub grace_ms: f64,
    /// This browser has been in the match before, and lost what it knew: it asks for the state.
    pub resume: bool,
    /// What is done to packets on purpose.
    pub network: Option<NetworkSetup>,
    /// The whole address of the play socket, ticket included: `ws:` or `wss:`.
    pub url: &'a str,
    /// What this side adds to the record's header: the text of a JSON object, or nothing.
    pub facts: &'a str,
    /// The options of every reset: a plain object's bytes, or none. Every browser of a match has the same.
    pub options: &'a [u8],
}

/// How a match deals with actions that have not arrived yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum MatchMode {
    /// They are guessed, and played again if that was wrong.
    Rollback = 0,
    /// They are waited for: for turn-taking games.
    Lockstep = 1,
}

/// What becomes of a match when somebody leaves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DropoutSetup {
    /// It waits for the grace, and ends then with the leaver's last frame.
    Pause,
    /// It ends with the leaver's last frame.
    End,
    /// It goes on, and the seat plays its first idle action.
    Idle,
    /// It goes on, and the seat plays at random.
    Random,
    /// It goes on, and the seat plays as the policy that the Worker was given for it when it was started.
    Policy,
    /// It goes on, and the seat plays as the environment's expert.
    Expert {
        /// With what probability an action is the expert's own, and not a random one: 0 to 1.
        skill: f64,
    },
}

impl DropoutSetup {
    fn write(self, out: &mut Vec<u8>) {
        out.push(match self {
            Self::Pause => 0,
            Self::End => 1,
            Self::Idle => 2,
            Self::Random => 3,
            Self::Expert { .. } => 4,
            Self::Policy => 5,
        });
        if let Self::Expert { skill } = self {
            out.extend_from_slice(&skill.to_le_bytes());
        }
    }

    fn read(rest: &mut &[u8]) -> Result<Self, ProtocolError> {
        Ok(match wire::byte(rest)? {
            0 => Self::Pause,
            1 => Self::End,
            2 => Self::Idle,
            3 => Self::Random,
            4 => Self::Expert { skill: wire::f64(rest)? },
            5 => Self::Policy,
            found => return Err(ProtocolError::UnknownKind { of: "dropout", found }),
        })
    }
}

/// The first frame's time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Start {
    /// It is due so many milliseconds after this message arrived.
    pub in_ms: f64,
    /// Frames from a key to its step, 0 to 30.
    pub input_delay: u8,
}

/// What the control socket brings, and the Worker does not hear on the play socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control<'a> {
    /// Shake hands with everybody, from the beginning.
    Validate {
        /// Which attempt this is, from 1.
        attempt: u32,
        /// By the relay only.
        relay: bool,
    },
    /// The play socket has another address, with a new ticket.
    Socket {
        /// Whole, as in [`Join::url`].
        url: &'a str,
    },
    /// What counts of a leaver. The play socket says it with the leaver's inputs; this one is for when that socket is lost.
    Pronounced {
        /// The leaver's seat.
        seat: u8,
        /// Its inputs count through so many frames.
        frames: u32,
    },
}

const RESUME: u8 = 1;
const NETWORK: u8 = 2;
const VALIDATE: u8 = 1;
const SOCKET: u8 = 2;
const PRONOUNCED: u8 = 3;

impl<'a> Join<'a> {
    /// Writes it.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.number.to_le_bytes());
        out.push(self.seat);
        out.extend_from_slice(&self.incarnation.to_le_bytes());
        out.extend_from_slice(&self.seed.to_le_bytes());
        out.extend_from_slice(&self.epoch.to_le_bytes());
        out.push(self.mode as u8);
        self.dropout.write(out);
        for limit in [self.episodes, self.steps] {
            out.extend_from_slice(&limit.unwrap_or(u32::MAX).to_le_bytes());
        }
        for ms in [self.pause_ms, self.grace_ms] {
            out.extend_from_slice(&ms.to_le_bytes());
        }
        out.push(if self.resume { RESUME } else { 0 } | if self.network.is_some() { NETWORK } else { 0 });
        self.network.iter().for_each(|network| network.write(out));
        put_block(self.url.as_bytes(), out);
        put_block(self.facts.as_bytes(), out);
        out.extend_from_slice(self.options);
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`ProtocolError`] for any other bytes.
    pub fn read(mut bytes: &'a [u8]) -> Result<Self, ProtocolError> {
        let rest = &mut bytes;
        let number = wire::u32(rest)?;
        let seat = wire::byte(rest)?;
        let (incarnation, seed, epoch) = (wire::u32(rest)?, wire::u64(rest)?, wire::u32(rest)?);
        let mode = match wire::byte(rest)? {
            0 => MatchMode::Rollback,
            1 => MatchMode::Lockstep,
            found => return Err(ProtocolError::UnknownKind { of: "match", found }),
        };
        let dropout = DropoutSetup::read(rest)?;
        let limit = |rest: &mut &[u8]| Ok(Some(wire::u32(rest)?).filter(|limit| *limit != u32::MAX));
        let (episodes, steps) = (limit(rest)?, limit(rest)?);
        let (pause_ms, grace_ms) = (wire::f64(rest)?, wire::f64(rest)?);
        let flags = wire::byte(rest)?;
        let network = if flags & NETWORK != 0 { Some(NetworkSetup::read(rest)?) } else { None };
        let (url, facts) = (wire::text(rest)?, wire::text(rest)?);
        Ok(Self {
            number,
            seat,
            incarnation,
            seed,
            epoch,
            mode,
            dropout,
            episodes,
            steps,
            pause_ms,
            grace_ms,
            resume: flags & RESUME != 0,
            network,
            url,
            facts,
            options: rest,
        })
    }
}

impl Start {
    /// Writes it.
    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.in_ms.to_le_bytes());
        out.push(self.input_delay);
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`ProtocolError`] for any other bytes.
    pub fn read(mut bytes: &[u8]) -> Result<Self, ProtocolError> {
        let rest = &mut bytes;
        let start = Self { in_ms: wire::f64(rest)?, input_delay: wire::byte(rest)? };
        wire::end(rest)?;
        Ok(start)
    }
}

impl<'a> Control<'a> {
    /// Writes it.
    pub fn write(&self, out: &mut Vec<u8>) {
        match *self {
            Self::Validate { attempt, relay } => {
                out.push(VALIDATE);
                out.extend_from_slice(&attempt.to_le_bytes());
                out.push(relay.into());
            }
            Self::Socket { url } => {
                out.push(SOCKET);
                put_block(url.as_bytes(), out);
            }
            Self::Pronounced { seat, frames } => {
                out.extend_from_slice(&[PRONOUNCED, seat]);
                out.extend_from_slice(&frames.to_le_bytes());
            }
        }
    }

    /// Reads it.
    ///
    /// # Errors
    /// [`ProtocolError`] for any other bytes.
    pub fn read(mut bytes: &'a [u8]) -> Result<Self, ProtocolError> {
        let rest = &mut bytes;
        let control = match wire::byte(rest)? {
            VALIDATE => Self::Validate { attempt: wire::u32(rest)?, relay: wire::byte(rest)? != 0 },
            SOCKET => Self::Socket { url: wire::text(rest)? },
            PRONOUNCED => Self::Pronounced { seat: wire::byte(rest)?, frames: wire::u32(rest)? },
            found => return Err(ProtocolError::UnknownKind { of: "control message", found }),
        };
        wire::end(rest)?;
        Ok(control)
    }
}
