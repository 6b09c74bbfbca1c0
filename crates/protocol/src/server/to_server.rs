//! What a Worker sends to the server.
use super::confirmed::{ConfirmedReader, ConfirmedWriter};
use crate::wire::{self, ProtocolError};

const RELAY: u8 = 1;
const CONFIRMED: u8 = 2;
const FACTS: u8 = 3;
const REPORT: u8 = 4;
const ASK_STATE: u8 = 5;
const PING: u8 = 6;
const PONG: u8 = 7;
const DESYNC: u8 = 8;

/// A message from a Worker to the server.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ToServer<'a> {
    /// A packet for another seat.
    Relay {
        /// Which; [`EVERYBODY`](super::EVERYBODY) for every other one.
        to: u8,
        /// The packet, which the server does not read.
        packet: &'a [u8],
    },
    /// Confirmed frames. To write one, see [`ConfirmedWriter`](super::ConfirmedWriter).
    Confirmed(ConfirmedReader<'a>),
    /// What this side adds to the record's header: the text of a JSON object.
    Facts(&'a str),
    /// What this side holds of the inputs of a seat that was lost.
    Report {
        /// The seat.
        leaver: u8,
        /// Its inputs are held through so many frames.
        frames: u32,
        /// The frame of the first input in `inputs`.
        first: u32,
        /// The inputs, in the peers' own form.
        inputs: &'a [u8],
    },
    /// Asks for a state to go on from.
    AskState,
    /// The peers' states differ, and nobody confirms anything until all go on from a state of the server, under the next epoch. What
    /// this side has confirmed has been sent before.
    Desync {
        /// The epoch in which they differ.
        epoch: u32,
    },
    /// Asks for a [`Pong`](super::FromServer::Pong) with the same number.
    Ping(f64),
    /// Answers a [`Ping`](super::FromServer::Ping).
    Pong(f64),
}

impl<'a> ToServer<'a> {
    /// Reads a message.
    ///
    /// # Errors
    /// [`ProtocolError`] for bytes that are none.
    pub fn read(bytes: &'a [u8]) -> Result<Self, ProtocolError> {
        let mut rest = bytes;
        let message = match wire::byte(&mut rest)? {
            RELAY => return Ok(Self::Relay { to: wire::byte(&mut rest)?, packet: rest }),
            CONFIRMED => return ConfirmedReader::read(rest).map(Self::Confirmed),
            FACTS => return std::str::from_utf8(rest).map(Self::Facts).map_err(|_| ProtocolError::NotUtf8),
            REPORT => {
                let leaver = wire::byte(&mut rest)?;
                let (frames, first) = (wire::u32(&mut rest)?, wire::u32(&mut rest)?);
                return Ok(Self::Report { leaver, frames, first, inputs: rest });
            }
            ASK_STATE => Self::AskState,
            DESYNC => Self::Desync { epoch: wire::u32(&mut rest)? },
            PING => Self::Ping(wire::f64(&mut rest)?),
            PONG => Self::Pong(wire::f64(&mut rest)?),
            found => return Err(ProtocolError::UnknownKind { of: "message to the server", found }),
        };
        wire::end(rest)?;
        Ok(message)
    }

    /// Writes the message.
    pub fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write_into(&mut out);
        out
    }

    /// Writes the message in place of what is in `out`.
    pub fn write_into(&self, out: &mut Vec<u8>) {
        out.clear();
        match *self {
            Self::Relay { to, packet } => {
                out.extend([RELAY, to]);
                out.extend_from_slice(packet);
            }
            Self::Confirmed(batch) => {
                let mut writer = ConfirmedWriter::to_server(batch.first, batch.action_len());
                // What was read from a batch fits into one.
                let _ = batch.items().flatten().all(|item| writer.put(item));
                *out = writer.into_message();
            }
            Self::Facts(json) => {
                out.push(FACTS);
                out.extend_from_slice(json.as_bytes());
            }
            Self::Report { leaver, frames, first, inputs } => {
                out.extend([REPORT, leaver]);
                out.extend([frames, first].map(u32::to_le_bytes).as_flattened());
                out.extend_from_slice(inputs);
            }
            Self::AskState => out.push(ASK_STATE),
            Self::Desync { epoch } => {
                out.push(DESYNC);
                out.extend_from_slice(&epoch.to_le_bytes());
            }
            Self::Ping(t) => {
                out.push(PING);
                out.extend(t.to_le_bytes());
            }
            Self::Pong(t) => {
                out.push(PONG);
                out.extend(t.to_le_bytes());
            }
        }
    }
}

impl ConfirmedWriter {
    /// A batch that a Worker sends, beginning with the frame `first`, whose joint actions have `action_len` bytes as a rule: a step
    /// whose action has another length is two bytes longer.
    pub fn to_server(first: u32, action_len: u16) -> Self {
        Self::new(CONFIRMED, first, action_len)
    }
}
