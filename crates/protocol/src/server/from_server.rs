//! What the server sends to a Worker.
use super::confirmed::{ConfirmedReader, ConfirmedWriter};
use crate::wire::{self, ProtocolError};

const WELCOME: u8 = 64;
const RELAY: u8 = 65;
const CONFIRMED: u8 = 66;
const ACKNOWLEDGED: u8 = 67;
const PRONOUNCED: u8 = 68;
const STATE: u8 = 69;
const PING: u8 = 70;
const PONG: u8 = 71;
const PEER: u8 = 72;
const REPORT_WANTED: u8 = 73;
const DIFFERS: u8 = 74;

/// A message from the server to a Worker.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FromServer<'a> {
    /// The first message.
    Welcome {
        /// [`SERVER_PROTOCOL`](super::SERVER_PROTOCOL).
        protocol: u8,
        /// Whose socket this is; [`SPECTATOR`](super::SPECTATOR) for nobody's.
        seat: u8,
        /// How many seats the match has.
        seats: u8,
        /// The epoch of its packets.
        epoch: u32,
        /// What this seat confirmed is on disk through so many frames.
        frames: u32,
        /// Bit n for seat n whose play socket is open.
        connected: u8,
    },
    /// A packet of another seat.
    Relay {
        /// Whose.
        from: u8,
        /// The packet.
        packet: &'a [u8],
    },
    /// Confirmed frames. To write one, see [`ConfirmedWriter`](super::ConfirmedWriter).
    Confirmed(ConfirmedReader<'a>),
    /// What this seat confirmed is on disk through so many frames.
    Acknowledged(u32),
    /// What counts of a seat that was lost.
    Pronounced {
        /// The seat.
        leaver: u8,
        /// Its inputs count through so many frames.
        frames: u32,
        /// The frame of the first input in `inputs`.
        first: u32,
        /// The inputs, as the survivor sent them who held the most.
        inputs: &'a [u8],
    },
    /// A state to go on from.
    State {
        /// What for.
        why: StateWhy,
        /// The epoch of the packets from here on.
        epoch: u32,
        /// It is the state before this frame.
        frame: u32,
        /// Its episode, counted from 1.
        episode: u32,
        /// Whether that episode is over: a reset comes next.
        over: bool,
        /// Its hash.
        hash: u64,
        /// It, as `Env::save` wrote it.
        state: &'a [u8],
    },
    /// Asks for a [`Pong`](super::ToServer::Pong) with the same number.
    Ping(f64),
    /// Answers a [`Ping`](super::ToServer::Ping).
    Pong(f64),
    /// Whether the relay reaches a seat.
    Peer {
        /// Which.
        seat: u8,
        /// How it is connected.
        state: PeerState,
    },
    /// Asks for a [`Report`](super::ToServer::Report) on a seat that was lost.
    ReportWanted {
        /// The seat.
        leaver: u8,
        /// How long the server waits for it, in milliseconds.
        within_ms: u16,
    },
    /// The hashes of some seats were found wrong.
    Differs {
        /// Bit n for seat n.
        seats: u8,
        /// The first frame that differs.
        frame: u32,
    },
}

/// How a seat's play socket is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum PeerState {
    /// It was not open yet.
    Connecting = 0,
    /// It is open.
    Connected = 1,
    /// It was lost, and may come back.
    Reconnecting = 2,
    /// It does not come back.
    Gone = 3,
}

/// What a state is sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum StateWhy {
    /// It was asked for.
    Asked = 1,
    /// The receiver's own was found wrong.
    Resynchronise = 2,
    /// A spectator begins with it.
    Spectator = 3,
}

impl<'a> FromServer<'a> {
    /// Reads a message.
    ///
    /// # Errors
    /// [`ProtocolError`] for bytes that are none.
    pub fn read(bytes: &'a [u8]) -> Result<Self, ProtocolError> {
        let mut bytes = bytes;
        let rest = &mut bytes;
        let message = match wire::byte(rest)? {
            WELCOME => {
                let [protocol, seat, seats] = wire::array(rest)?;
                let (epoch, frames) = (wire::u32(rest)?, wire::u32(rest)?);
                Self::Welcome { protocol, seat, seats, epoch, frames, connected: wire::byte(rest)? }
            }
            RELAY => return Ok(Self::Relay { from: wire::byte(rest)?, packet: rest }),
            CONFIRMED => return ConfirmedReader::read(rest).map(Self::Confirmed),
            ACKNOWLEDGED => Self::Acknowledged(wire::u32(rest)?),
            PRONOUNCED => {
                let leaver = wire::byte(rest)?;
                let (frames, first) = (wire::u32(rest)?, wire::u32(rest)?);
                return Ok(Self::Pronounced { leaver, frames, first, inputs: rest });
            }
            STATE => {
                let why = StateWhy::from_byte(wire::byte(rest)?)?;
                let (epoch, frame, episode) = (wire::u32(rest)?, wire::u32(rest)?, wire::u32(rest)?);
                let over = match wire::byte(rest)? {
                    0 => false,
                    1 => true,
                    found => return Err(ProtocolError::UnknownKind { of: "flag", found }),
                };
                let hash = wire::u64(rest)?;
                return Ok(Self::State { why, epoch, frame, episode, over, hash, state: rest });
            }
            PING => Self::Ping(wire::f64(rest)?),
            PONG => Self::Pong(wire::f64(rest)?),
            PEER => Self::Peer { seat: wire::byte(rest)?, state: PeerState::from_byte(wire::byte(rest)?)? },
            REPORT_WANTED => Self::ReportWanted { leaver: wire::byte(rest)?, within_ms: wire::u16(rest)? },
            DIFFERS => Self::Differs { seats: wire::byte(rest)?, frame: wire::u32(rest)? },
            found => return Err(ProtocolError::UnknownKind { of: "message from the server", found }),
        };
        wire::end(rest)?;
        Ok(message)
    }

    /// Writes the message.
    pub fn write(&self) -> Vec<u8> {
        let mut out = Vec::new();
        match *self {
            Self::Welcome { protocol, seat, seats, epoch, frames, connected } => {
                out.extend([WELCOME, protocol, seat, seats]);
                out.extend([epoch, frames].map(u32::to_le_bytes).as_flattened());
                out.push(connected);
            }
            Self::Relay { from, packet } => {
                out.reserve_exact(packet.len() + 2);
                out.extend([RELAY, from]);
                out.extend_from_slice(packet);
            }
            Self::Confirmed(batch) => {
                let mut writer = ConfirmedWriter::from_server(batch.first, batch.action_len());
                // What was read from a batch fits into one.
                let _ = batch.items().flatten().all(|item| writer.put(item));
                return writer.into_message();
            }
            Self::Acknowledged(frames) => {
                out.push(ACKNOWLEDGED);
                out.extend(frames.to_le_bytes());
            }
            Self::Pronounced { leaver, frames, first, inputs } => {
                out.extend([PRONOUNCED, leaver]);
                out.extend([frames, first].map(u32::to_le_bytes).as_flattened());
                out.extend_from_slice(inputs);
            }
            Self::State { why, epoch, frame, episode, over, hash, state } => {
                out.extend([STATE, why as u8]);
                out.extend([epoch, frame, episode].map(u32::to_le_bytes).as_flattened());
                out.push(over.into());
                out.extend(hash.to_le_bytes());
                out.extend_from_slice(state);
            }
            Self::Ping(t) => {
                out.push(PING);
                out.extend(t.to_le_bytes());
            }
            Self::Pong(t) => {
                out.push(PONG);
                out.extend(t.to_le_bytes());
            }
            Self::Peer { seat, state } => out.extend([PEER, seat, state as u8]),
            Self::ReportWanted { leaver, within_ms } => {
                out.extend([REPORT_WANTED, leaver]);
                out.extend(within_ms.to_le_bytes());
            }
            Self::Differs { seats, frame } => {
                out.extend([DIFFERS, seats]);
                out.extend(frame.to_le_bytes());
            }
        }
        out
    }
}

impl PeerState {
    pub(crate) fn from_byte(found: u8) -> Result<Self, ProtocolError> {
        [Self::Connecting, Self::Connected, Self::Reconnecting, Self::Gone]
            .into_iter()
            .find(|state| *state as u8 == found)
            .ok_or(ProtocolError::UnknownKind { of: "peer's state", found })
    }
}

impl StateWhy {
    fn from_byte(found: u8) -> Result<Self, ProtocolError> {
        [Self::Asked, Self::Resynchronise, Self::Spectator]
            .into_iter()
            .find(|why| *why as u8 == found)
            .ok_or(ProtocolError::UnknownKind { of: "state", found })
    }
}

impl ConfirmedWriter {
    /// A batch that the server sends.
    pub fn from_server(first: u32, action_len: u16) -> Self {
        Self::new(CONFIRMED, first, action_len)
    }
}
