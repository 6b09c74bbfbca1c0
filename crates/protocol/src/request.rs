//! From the page to the Worker.
//!
//! ```text
//! operation u8 │ flags u8 │ 0 u16 │ id u32 │ payload
//! ```
use crate::wire::{self, ProtocolError};

/// How many actions one request for many steps may have, each agent's counted: they and the rewards have to fit beside the
/// environment into the 64 MiB that the Worker's memory may have.
pub const MOST_ACTIONS: usize = 500_000;

/// What a request asks for.
///
/// An environment that a program drives takes all of them up to [`Reset`](Self::Reset); from [`Play`](Self::Play) on it is a
/// game's, and takes [`Reset`](Self::Reset), [`Grant`](Self::Grant), [`Key`](Self::Key), [`Act`](Self::Act),
/// [`Rewind`](Self::Rewind), [`Hash`](Self::Hash) and [`Close`](Self::Close). From [`Join`](Self::Join) on it is a [match](crate::together)'s, and takes
/// [`Start`](Self::Start), [`Key`](Self::Key), [`Act`](Self::Act), [`Control`](Self::Control), [`Leave`](Self::Leave),
/// [`Hash`](Self::Hash) and [`Close`](Self::Close), and [`Play`](Self::Play) once more while it has not started or when it is over: for another match.
/// From [`Watch`](Self::Watch) on it follows one, and takes [`Hash`](Self::Hash), [`Leave`](Self::Leave) and [`Close`](Self::Close).
/// From [`Rollout`](Self::Rollout) on it takes that one only, and [`Close`](Self::Close).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Operation {
    /// One step. Payload: the joint action, each agent's action in its space's encoding, one after another.
    Step = 1,
    /// Many steps in one crossing. Payload: joint actions one after another.
    StepMany = 2,
    /// The state's bytes.
    Save = 3,
    /// Back to a saved state. Payload: its bytes.
    Restore = 4,
    /// The state's hash.
    Hash = 5,
    /// Finish: the Worker answers, then closes itself.
    Close = 6,
    /// A new episode. Payload: a [`Reset`](crate::Reset).
    Reset = 7,
    /// From now on the environment is played as a game. Payload: a [`Setup`](crate::Setup).
    Play = 8,
    /// How far a game may go. Payload: a [`Grant`](crate::Grant).
    Grant = 9,
    /// A key of a game went down or came up. Payload: a [`Key`](crate::Key).
    Key = 10,
    /// Back by a number of frames, and forth again with the actions that were played. Payload: the number, u32.
    Rewind = 11,
    /// The game is one of a match. Payload: a [`Join`](crate::together::Join).
    Join = 12,
    /// When the match begins. Payload: a [`Start`](crate::together::Start).
    Start = 13,
    /// What the control socket brings. Payload: a [`Control`](crate::together::Control).
    Control = 14,
    /// This browser leaves the match: the others are told, and what was confirmed is sent. No payload.
    Leave = 15,
    /// From now on the environment follows a match that others play. Payload: a [`Watch`](crate::together::Watch).
    Watch = 16,
    /// A person's seat of a game acts at the next tick. Payload: an [`Act`](crate::Act).
    Act = 17,
    /// From now on policies play episodes by themselves. Payload: a [`RolloutSetup`](crate::RolloutSetup), or nothing: they go on for a
    /// moment, and the reply says which episodes are over.
    Rollout = 18,
}

impl Operation {
    /// Every operation.
    pub const ALL: [Operation; 18] = [
        Operation::Step,
        Operation::StepMany,
        Operation::Save,
        Operation::Restore,
        Operation::Hash,
        Operation::Close,
        Operation::Reset,
        Operation::Play,
        Operation::Grant,
        Operation::Key,
        Operation::Rewind,
        Operation::Join,
        Operation::Start,
        Operation::Control,
        Operation::Leave,
        Operation::Watch,
        Operation::Act,
        Operation::Rollout,
    ];

    /// The name that messages and generated code use.
    pub fn name(self) -> &'static str {
        match self {
            Operation::Step => "step",
            Operation::StepMany => "step_many",
            Operation::Save => "save",
            Operation::Restore => "restore",
            Operation::Hash => "hash",
            Operation::Close => "close",
            Operation::Reset => "reset",
            Operation::Play => "play",
            Operation::Grant => "grant",
            Operation::Key => "key",
            Operation::Rewind => "rewind",
            Operation::Join => "join",
            Operation::Start => "start",
            Operation::Control => "control",
            Operation::Leave => "leave",
            Operation::Watch => "watch",
            Operation::Act => "act",
            Operation::Rollout => "rollout",
        }
    }

    pub(crate) fn from_number(number: u8) -> Result<Self, ProtocolError> {
        let found = Self::ALL.into_iter().find(|operation| *operation as u8 == number);
        found.ok_or(ProtocolError::UnknownOperation { found: number, last: Self::ALL.len() as u8 })
    }
}

/// How an operation is to be done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// The reply carries the scene.
    pub scene: bool,
    /// `StepMany`: an ended episode is followed by a reset that goes on with the generator, instead of stopping.
    pub autoreset: bool,
    /// The reply carries the state's hash.
    pub hash: bool,
}

impl Flags {
    pub(crate) fn bits(self) -> u8 {
        u8::from(self.scene) | u8::from(self.autoreset) << 1 | u8::from(self.hash) << 2
    }

    pub(crate) fn from_bits(bits: u8) -> Self {
        Self { scene: bits & 1 != 0, autoreset: bits & 2 != 0, hash: bits & 4 != 0 }
    }
}

/// A request as it is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Request<'a> {
    /// What it asks for.
    pub operation: Operation,
    /// How.
    pub flags: Flags,
    /// Its number; the reply has the same.
    pub id: u32,
    /// What the operation needs.
    pub payload: &'a [u8],
}

/// Where a request has its number.
pub const REQUEST_NUMBER: usize = 4;
/// Where its payload begins.
pub const REQUEST_PAYLOAD: usize = REQUEST_NUMBER + 4;

/// The numbers of requests that a page's script makes are from here on; those of its module are below, and never 0.
pub const SCRIPT_REQUESTS: u32 = 1 << 31;

impl<'a> Request<'a> {
    /// Reads a request.
    ///
    /// # Errors
    /// [`ProtocolError`] for any other bytes.
    pub fn read(mut bytes: &'a [u8]) -> Result<Self, ProtocolError> {
        let rest = &mut bytes;
        let operation = Operation::from_number(wire::byte(rest)?)?;
        let flags = Flags::from_bits(wire::byte(rest)?);
        wire::take(rest, 2)?;
        let id = wire::u32(rest)?;
        Ok(Self { operation, flags, id, payload: rest })
    }
}

/// Writes requests into one buffer, used again and again.
#[derive(Clone, Debug, Default)]
pub struct RequestWriter {
    bytes: Vec<u8>,
}

impl RequestWriter {
    /// An empty writer.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes a request and gives its bytes.
    pub fn write(&mut self, operation: Operation, flags: Flags, id: u32, payload: &[u8]) -> &[u8] {
        self.bytes.clear();
        self.bytes.extend_from_slice(&[operation as u8, flags.bits(), 0, 0]);
        self.bytes.extend_from_slice(&id.to_le_bytes());
        self.bytes.extend_from_slice(payload);
        &self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_reads_back_as_it_was_written() {
        let mut writer = RequestWriter::new();
        for operation in Operation::ALL {
            for bits in 0..8 {
                let flags = Flags::from_bits(bits);
                let bytes = writer.write(operation, flags, 0xdead_beef, &[1, 2, 3]);
                let request = Request { operation, flags, id: 0xdead_beef, payload: &[1, 2, 3] };
                assert_eq!(Request::read(bytes), Ok(request));
                assert_eq!(bytes.get(REQUEST_PAYLOAD..), Some(&[1, 2, 3][..]));
            }
        }
    }

    #[test]
    fn bytes_that_are_no_request_are_errors() {
        assert_eq!(Request::read(&[]), Err(ProtocolError::Truncated { needed: 1, left: 0 }));
        assert_eq!(Request::read(&[99; 8]), Err(ProtocolError::UnknownOperation { found: 99, last: 18 }));
        assert!(Request::read(&[1, 0, 0, 0, 1, 0, 0]).is_err());
    }
}
