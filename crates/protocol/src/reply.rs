//! From the Worker to the page, in answer to a request. What it says unasked is in `event.rs`.
//!
//! ```text
//! status u8 │ operation or error code u8 │ 0 u16 │ id u32 │ received f64 │ began f64 │ ended f64 │ body
//!
//! body of Reset and Step   returns length u32 │ returns │ hash u64 if asked for │ scene
//! body of StepMany         count u32 │ agents u32 │ stride u32 │ blocks u32 │ rewards f64 │ length u32 a block │
//!                          a hash u64 a step if asked for
//! body of Save             the state
//! body of Rollout          see rollout.rs
//! body of Hash, Rewind     u64
//! body of an error         its message
//! ```
//!
//! What many steps return is long, and follows their reply in buffers of its own: so it is copied once. Where every step
//! returns the same few bytes, it is those, the stride says how many, and there are no blocks; otherwise the stride is 0 and they
//! are [rows](crate::RowWriter) in blocks. The rewards start at a multiple of 8 bytes, so that they can be looked at where they are.
use crate::code::ErrorCode;
use crate::request::{Flags, Operation};
use crate::wire::{self, ProtocolError, put_block};

/// A reply's first byte, of one that is no error.
pub const REPLY_OK: u8 = 0;
/// The same, of an error.
pub const REPLY_ERROR: u8 = 1;

/// Where a reply has its operation; an error has its code there.
pub const REPLY_KIND: usize = 1;
/// Where it has the number of its request.
pub const REPLY_NUMBER: usize = 4;
/// Where its body begins.
pub const REPLY_BODY: usize = 32;
/// Where a reply to Reset or Step has what was returned, behind its length.
pub const REPLY_RETURNS: usize = REPLY_BODY + 4;

/// Where a reply to StepMany has how many steps there were.
pub const MANY_COUNT: usize = REPLY_BODY;
/// Where it has how many agents earned.
pub const MANY_AGENTS: usize = MANY_COUNT + 4;
/// Where it has how many bytes each step returned.
pub const MANY_STRIDE: usize = MANY_AGENTS + 4;
/// Where it has how many blocks there are.
pub const MANY_BLOCKS: usize = MANY_STRIDE + 4;
/// Where its rewards begin.
pub const MANY_REWARDS: usize = MANY_BLOCKS + 4;

/// When the Worker received, began and ended the work, in milliseconds of its own `performance.now()`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Stamps {
    /// The message arrived.
    pub received: f64,
    /// `reset` or `step` began.
    pub began: f64,
    /// It ended; what it returned is written afterwards.
    pub ended: f64,
}

/// What a reply carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Body<'a> {
    /// Of Reset and Step.
    Returns {
        /// What `reset` or `step` returned: see `palaestra_env::returns`.
        returns: &'a [u8],
        /// The state's hash, if asked for.
        hash: Option<u64>,
        /// The scene, empty if not asked for.
        scene: &'a [u8],
    },
    /// Of StepMany.
    Many {
        /// How many steps were done: fewer than asked for if an episode ended without `autoreset`.
        count: u32,
        /// How many agents earned.
        agents: u32,
        /// How many bytes each step returned; 0 if what they returned is in blocks.
        stride: u32,
        /// The rewards, f64, little-endian, an agent after another within a step.
        rewards: &'a [[u8; 8]],
        /// How many bytes each block of steps takes, u32, little-endian.
        blocks: &'a [[u8; 4]],
        /// The hash of the state after each step, little-endian; none if not asked for.
        hashes: &'a [[u8; 8]],
    },
    /// Of Save, and of Rollout.
    State(&'a [u8]),
    /// Of Hash, and of Rewind: the hash of the state that it came to.
    Hash(u64),
    /// Of Restore, Play, Grant, Key, Act, Join, Start, Control, Leave, Watch and Close.
    Done,
    /// Instead of any of them.
    Error {
        /// For programs.
        code: ErrorCode,
        /// For people.
        message: &'a str,
    },
}

/// A reply as it is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reply<'a> {
    /// The request's number.
    pub id: u32,
    /// When.
    pub stamps: Stamps,
    /// What.
    pub body: Body<'a>,
}

impl<'a> Reply<'a> {
    /// Reads a reply to a request that was sent with `flags`.
    ///
    /// # Errors
    /// [`ProtocolError`] for any other bytes.
    pub fn read(mut bytes: &'a [u8], flags: Flags) -> Result<Self, ProtocolError> {
        let rest = &mut bytes;
        let status = wire::byte(rest)?;
        let kind = wire::byte(rest)?;
        wire::take(rest, 2)?;
        let id = wire::u32(rest)?;
        let stamps = Stamps { received: wire::f64(rest)?, began: wire::f64(rest)?, ended: wire::f64(rest)? };
        let body = match status {
            REPLY_OK => Self::body(Operation::from_number(kind)?, flags, rest)?,
            REPLY_ERROR => Body::Error {
                code: ErrorCode::from_number(kind).ok_or(ProtocolError::UnknownCode(kind))?,
                message: std::str::from_utf8(rest).map_err(|_| ProtocolError::NotUtf8)?,
            },
            other => return Err(ProtocolError::UnknownStatus(other)),
        };
        Ok(Self { id, stamps, body })
    }

    /// The number of the request that a reply answers, read before anything else of it.
    ///
    /// # Errors
    /// [`ProtocolError::Truncated`].
    pub fn id(mut bytes: &[u8]) -> Result<u32, ProtocolError> {
        wire::take(&mut bytes, 4)?;
        wire::u32(&mut bytes)
    }

    fn body(operation: Operation, flags: Flags, rest: &mut &'a [u8]) -> Result<Body<'a>, ProtocolError> {
        Ok(match operation {
            Operation::Step | Operation::Reset => {
                let returns = wire::block(rest)?;
                let hash = if flags.hash { Some(u64::from_le_bytes(wire::array(rest)?)) } else { None };
                Body::Returns { returns, hash, scene: rest }
            }
            Operation::StepMany => {
                let (count, agents, stride) = (wire::u32(rest)?, wire::u32(rest)?, wire::u32(rest)?);
                let (steps, blocks) = (count as usize, wire::u32(rest)? as usize);
                let rewards = wire::arrays(rest, steps.saturating_mul(agents as usize))?;
                let blocks = wire::arrays(rest, blocks)?;
                let hashes = wire::arrays(rest, if flags.hash { steps } else { 0 })?;
                Body::Many { count, agents, stride, rewards, blocks, hashes }
            }
            Operation::Save | Operation::Rollout => Body::State(rest),
            Operation::Hash | Operation::Rewind => Body::Hash(wire::u64(rest)?),
            Operation::Restore
            | Operation::Close
            | Operation::Play
            | Operation::Grant
            | Operation::Key
            | Operation::Join
            | Operation::Start
            | Operation::Control
            | Operation::Leave
            | Operation::Watch
            | Operation::Act => Body::Done,
        })
    }
}

/// Writes replies into one buffer, used again and again.
#[derive(Clone, Debug, Default)]
pub struct ReplyWriter {
    bytes: Vec<u8>,
}

impl ReplyWriter {
    /// An empty writer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a reply to the request of a number and gives its bytes.
    pub fn write(&mut self, operation: Operation, id: u32, stamps: Stamps, body: Body<'_>) -> &[u8] {
        let (status, kind) = match body {
            Body::Error { code, .. } => (REPLY_ERROR, code as u8),
            _ => (REPLY_OK, operation as u8),
        };
        self.bytes.clear();
        self.bytes.extend_from_slice(&[status, kind, 0, 0]);
        self.bytes.extend_from_slice(&id.to_le_bytes());
        for stamp in [stamps.received, stamps.began, stamps.ended] {
            self.bytes.extend_from_slice(&stamp.to_le_bytes());
        }
        match body {
            Body::Returns { returns, hash, scene } => {
                put_block(returns, &mut self.bytes);
                hash.iter().for_each(|hash| self.bytes.extend_from_slice(&hash.to_le_bytes()));
                self.bytes.extend_from_slice(scene);
            }
            Body::Many { count, agents, stride, rewards, blocks, hashes } => {
                let number = u32::try_from(blocks.len()).unwrap_or(u32::MAX);
                [count, agents, stride, number]
                    .iter()
                    .for_each(|word| self.bytes.extend_from_slice(&word.to_le_bytes()));
                self.bytes.extend_from_slice(rewards.as_flattened());
                self.bytes.extend_from_slice(blocks.as_flattened());
                self.bytes.extend_from_slice(hashes.as_flattened());
            }
            Body::State(state) => self.bytes.extend_from_slice(state),
            Body::Hash(hash) => self.bytes.extend_from_slice(&hash.to_le_bytes()),
            Body::Done => {}
            Body::Error { message, .. } => self.bytes.extend_from_slice(message.as_bytes()),
        }
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two steps of one agent.
    fn many<'a>(rewards: &'a [[u8; 8]], blocks: &'a [[u8; 4]], hashes: &'a [[u8; 8]]) -> Body<'a> {
        let stride = if blocks.is_empty() { 9 } else { 0 };
        Body::Many { count: 2, agents: 1, stride, rewards, blocks, hashes }
    }

    #[test]
    fn a_reply_reads_back_as_it_was_written() {
        let stamps = Stamps { received: 1.5, began: 2.0, ended: 2.25 };
        let scene = &[9, 9][..];
        let bodies = [
            (Operation::Step, Body::Returns { returns: &[1, 2], hash: Some(7), scene }),
            (Operation::Reset, Body::Returns { returns: &[], hash: None, scene: &[] }),
            (Operation::StepMany, many(&[[1; 8], [2; 8]], &[[3; 4]; 2], &[])),
            (Operation::StepMany, many(&[[1; 8], [2; 8]], &[], &[[7; 8], [8; 8]])),
            (Operation::Save, Body::State(&[5; 40])),
            (Operation::Hash, Body::Hash(u64::MAX)),
            (Operation::Close, Body::Done),
            (Operation::Step, Body::Error { code: ErrorCode::BadAction, message: "expected Discrete(2)" }),
        ];
        let mut writer = ReplyWriter::new();
        for (operation, body) in bodies {
            let hash = matches!(body, Body::Returns { hash: Some(_), .. } | Body::Many { hashes: [_, ..], .. });
            let bytes = writer.write(operation, 12, stamps, body);
            assert_eq!(Reply::id(bytes), Ok(12));
            let reply = Reply::read(bytes, Flags { hash, ..Flags::default() });
            assert_eq!(reply, Ok(Reply { id: 12, stamps, body }));
        }
    }

    #[test]
    fn every_cut_of_a_reply_is_an_error_or_a_shorter_scene() {
        let mut writer = ReplyWriter::new();
        let flags = Flags { hash: true, ..Flags::default() };
        for (operation, body) in [
            (Operation::Step, Body::Returns { returns: &[1, 2, 3], hash: Some(4), scene: &[] }),
            (Operation::StepMany, many(&[[1; 8], [2; 8]], &[[3; 4]; 2], &[[4; 8]; 2])),
        ] {
            let bytes = writer.write(operation, 1, Stamps::default(), body).to_vec();
            for end in 0..bytes.len() {
                assert!(Reply::read(&bytes[..end], flags).is_err(), "{operation:?} {end}");
            }
        }
    }
}
