//! From the page to the Worker.
//!
//! ```text
//! operation u8 │ flags u8 │ serial u16 │ id u32 │ due f64 if flagged │ payload
//! ```
//!
//! A step may be sent before its time, with the moment at which it is to be taken. Until then the page may change its mind:
//! an amendment is the same request once more, with the same id, another payload and the next serial. The reply says which
//! serial was played. An amendment that finds its step taken is answered by nothing, because the step was.
use crate::wire::{self, ProtocolError};

/// What a request asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Operation {
    /// One step, now or when it is due. Payload: the joint action, each agent's action in its space's encoding, one after
    /// another.
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
    /// A reset. It comes as an object, and its reply as a buffer.
    Reset = 7,
}

impl Operation {
    const ALL: [Operation; 7] = [
        Operation::Step,
        Operation::StepMany,
        Operation::Save,
        Operation::Restore,
        Operation::Hash,
        Operation::Close,
        Operation::Reset,
    ];

    pub(crate) fn from_number(number: u8) -> Result<Self, ProtocolError> {
        let found = Self::ALL.into_iter().find(|operation| *operation as u8 == number);
        found.ok_or(ProtocolError::UnknownOperation(number))
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

/// The bit beside those of [`Flags`] that says that a due time follows.
const DUE: u8 = 1 << 7;

impl Flags {
    fn bits(self) -> u8 {
        u8::from(self.scene) | u8::from(self.autoreset) << 1 | u8::from(self.hash) << 2
    }

    fn from_bits(bits: u8) -> Self {
        Self { scene: bits & 1 != 0, autoreset: bits & 2 != 0, hash: bits & 4 != 0 }
    }
}

/// When a step is to be taken, and how often the page has changed its mind about it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Due {
    /// In milliseconds of the Worker's `performance.now()`.
    pub at: f64,
    /// 0 for the request itself, from 1 on for its amendments.
    pub serial: u16,
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
    /// When; nothing: now.
    pub due: Option<Due>,
    /// What the operation needs.
    pub payload: &'a [u8],
}

impl<'a> Request<'a> {
    /// Reads a request.
    ///
    /// # Errors
    /// [`ProtocolError`] for any other bytes.
    pub fn read(mut bytes: &'a [u8]) -> Result<Self, ProtocolError> {
        let rest = &mut bytes;
        let operation = Operation::from_number(wire::byte(rest)?)?;
        let bits = wire::byte(rest)?;
        let serial = wire::u16(rest)?;
        let id = wire::u32(rest)?;
        let due = if bits & DUE != 0 { Some(Due { at: wire::f64(rest)?, serial }) } else { None };
        Ok(Self { operation, flags: Flags::from_bits(bits), id, due, payload: rest })
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

    /// Writes a request that is to be answered at once and gives its bytes.
    pub fn write(&mut self, operation: Operation, flags: Flags, id: u32, payload: &[u8]) -> &[u8] {
        self.bytes.clear();
        self.bytes.extend_from_slice(&[operation as u8, flags.bits(), 0, 0]);
        self.bytes.extend_from_slice(&id.to_le_bytes());
        self.bytes.extend_from_slice(payload);
        &self.bytes
    }

    /// Writes a step that is to be taken at its time, or an amendment of one, and gives its bytes.
    pub fn write_due(&mut self, due: Due, flags: Flags, id: u32, payload: &[u8]) -> &[u8] {
        self.bytes.clear();
        self.bytes.extend_from_slice(&[Operation::Step as u8, flags.bits() | DUE]);
        self.bytes.extend_from_slice(&due.serial.to_le_bytes());
        self.bytes.extend_from_slice(&id.to_le_bytes());
        self.bytes.extend_from_slice(&due.at.to_le_bytes());
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
                let request = Request { operation, flags, id: 0xdead_beef, due: None, payload: &[1, 2, 3] };
                assert_eq!(Request::read(bytes), Ok(request));
            }
        }
    }

    #[test]
    fn a_step_and_its_amendments_say_when_they_are_due() {
        let mut writer = RequestWriter::new();
        for bits in 0..8 {
            for serial in [0, 1, u16::MAX] {
                let (flags, due) = (Flags::from_bits(bits), Due { at: 1234.5, serial });
                let bytes = writer.write_due(due, flags, 7, &[1, 2, 3]);
                let request = Request { operation: Operation::Step, flags, id: 7, due: Some(due), payload: &[1, 2, 3] };
                assert_eq!(Request::read(bytes), Ok(request));
                (0..16).for_each(|end| assert!(Request::read(&bytes[..end]).is_err(), "{end}"));
            }
        }
    }

    #[test]
    fn bytes_that_are_no_request_are_errors() {
        assert_eq!(Request::read(&[]), Err(ProtocolError::Truncated { needed: 1, left: 0 }));
        assert_eq!(Request::read(&[9; 8]), Err(ProtocolError::UnknownOperation(9)));
        assert!(Request::read(&[1, 0, 0, 0, 1, 0, 0]).is_err());
    }
}
