//! A packet: what a peer says to another at a tick. It states how things are and asks for no answer: whatever is lost is said
//! again by the next one.
//!
//! ```text
//! form u8 │ match u32 │ sender u8 │ flags u8 │ epoch │ incarnation, and the receiver's │ sequence
//! sent, echo, held (quarters of a millisecond) │ frame
//! final frames │ chain u64 │ for who waits: earlier frames │ chain u64 │ gone u8 │ done u8 │ inputs held of each seat
//! inputs: first │ count │ runs        relays: count u8 │ (seat u8 │ inputs)…
//! where asked for: offset             piece, if any: whole length │ offset │ length │ bytes
//! ```
//! Numbers without a size are varints.
use super::reader::{Reader, put_varint};
use super::runs::read_runs;
use crate::seats::{MOST_SEATS, SeatSet};

/// The most frames of one seat's inputs in a packet.
pub(crate) const MOST_INPUTS: u32 = 32;

/// Another form of packets has another number.
const FORM: u8 = 1;

/// Why a packet was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum Refusal {
    /// It is no packet, or one of another form.
    Malformed,
    /// It is of another match.
    OtherMatch,
    /// It names another sender than the one it came from, or nobody who has a seat for people.
    OtherSender,
    /// It is of another epoch: the match has been resynchronised since, or its receiver has not been yet.
    OtherEpoch,
    /// It is of a peer before that one started anew.
    OtherIncarnation,
    /// Its sender has left.
    Gone,
    /// One of its actions is outside its seat's space.
    BadAction,
}

impl Refusal {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Malformed,
        Self::OtherMatch,
        Self::OtherSender,
        Self::OtherEpoch,
        Self::OtherIncarnation,
        Self::Gone,
        Self::BadAction,
    ];
}

/// What every packet says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Head {
    pub(crate) match_id: u32,
    pub(crate) sender: u8,
    /// It is leaving.
    pub(crate) bye: bool,
    /// It has no state yet.
    pub(crate) joining: bool,
    /// It found that states differ.
    pub(crate) desync: bool,
    /// Its own states cannot be trusted.
    pub(crate) unfit: bool,
    /// It has confirmed the last frame.
    pub(crate) finished: bool,
    pub(crate) epoch: u32,
    /// The sender's.
    pub(crate) incarnation: u32,
    /// The receiver's, as far as the sender knows.
    pub(crate) known_incarnation: u32,
    pub(crate) sequence: u32,
    /// When it was sent, in quarters of a millisecond of the sender's time.
    pub(crate) sent: u32,
    /// `sent` of the newest packet that came from the receiver, and how long ago it came.
    pub(crate) echo: Option<(u32, u32)>,
    /// The next frame that the sender will show.
    pub(crate) frame: u32,
    /// How many frames are final at the sender, and the hash of their chain.
    pub(crate) finals: u32,
    pub(crate) chain: u64,
    /// The same of fewer frames: those that are final at a receiver that does not get on.
    pub(crate) earlier: Option<(u32, u64)>,
    /// Who does not play any more; and of whom the sender knows the last frame.
    pub(crate) gone: SeatSet,
    pub(crate) done: SeatSet,
    /// Of each seat, how many frames of inputs the sender has.
    pub(crate) held: [u32; MOST_SEATS],
    /// From where on it wants the state of the receiver's epoch.
    pub(crate) wants: Option<u32>,
}

/// A seat's actions at some frames.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Inputs<'a> {
    pub(crate) seat: u8,
    pub(crate) first: u32,
    pub(crate) count: u32,
    pub(crate) runs: &'a [u8],
}

/// A part of a state.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    pub(crate) total: u32,
    pub(crate) offset: u32,
    pub(crate) bytes: &'a [u8],
}

/// A packet as it was read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packet<'a> {
    pub(crate) head: Head,
    pub(crate) inputs: Inputs<'a>,
    relays: [Inputs<'a>; MOST_SEATS],
    relay_count: usize,
    pub(crate) piece: Option<Piece<'a>>,
}

const BYE: u8 = 1;
const JOINING: u8 = 2;
const DESYNC: u8 = 4;
const UNFIT: u8 = 8;
const FINISHED: u8 = 16;
const WANTS: u8 = 32;
const PIECE: u8 = 64;
const EARLIER: u8 = 128;

impl Head {
    /// Appends the packet up to its inputs. `seats` is how many there are.
    pub(crate) fn write(&self, seats: usize, piece: bool, out: &mut Vec<u8>) {
        out.push(FORM);
        out.extend_from_slice(&self.match_id.to_le_bytes());
        out.push(self.sender);
        let flag = |set: bool, bit: u8| if set { bit } else { 0 };
        out.push(
            flag(self.bye, BYE)
                | flag(self.joining, JOINING)
                | flag(self.desync, DESYNC)
                | flag(self.unfit, UNFIT)
                | flag(self.finished, FINISHED)
                | flag(self.wants.is_some(), WANTS)
                | flag(piece, PIECE)
                | flag(self.earlier.is_some(), EARLIER),
        );
        let (echo, held) = self.echo.map_or((0, 0), |(echo, held)| (u64::from(echo) + 1, held));
        for number in [self.epoch, self.incarnation, self.known_incarnation, self.sequence, self.sent] {
            put_varint(out, number.into());
        }
        put_varint(out, echo);
        for number in [held, self.frame, self.finals] {
            put_varint(out, number.into());
        }
        out.extend_from_slice(&self.chain.to_le_bytes());
        if let Some((frames, chain)) = self.earlier {
            put_varint(out, frames.into());
            out.extend_from_slice(&chain.to_le_bytes());
        }
        out.push(self.gone.bits());
        out.push(self.done.bits());
        for held in self.held.iter().take(seats) {
            // Near the final frames, mostly: one byte. Below them only for those who are gone.
            let ahead = i64::from(*held) - i64::from(self.finals);
            put_varint(out, ((ahead << 1) ^ (ahead >> 63)) as u64);
        }
        if let Some(offset) = self.wants {
            put_varint(out, offset.into());
        }
    }

    fn read(reader: &mut Reader<'_>, seats: usize) -> Option<(Self, bool)> {
        if reader.u8()? != FORM {
            return None;
        }
        let (match_id, sender, flags) = (reader.u32()?, reader.u8()?, reader.u8()?);
        let has = |bit: u8| flags & bit != 0;
        let mut head = Self {
            match_id,
            sender,
            bye: has(BYE),
            joining: has(JOINING),
            desync: has(DESYNC),
            unfit: has(UNFIT),
            finished: has(FINISHED),
            ..Self::default()
        };
        head.epoch = reader.varint32()?;
        head.incarnation = reader.varint32()?;
        head.known_incarnation = reader.varint32()?;
        head.sequence = reader.varint32()?;
        head.sent = reader.varint32()?;
        let (echo, held) = (reader.varint()?, reader.varint32()?);
        head.echo = match echo.checked_sub(1) {
            Some(echo) => Some((u32::try_from(echo).ok()?, held)),
            None => None,
        };
        head.frame = reader.varint32()?;
        head.finals = reader.varint32()?;
        head.chain = reader.u64()?;
        if has(EARLIER) {
            head.earlier = Some((reader.varint32()?, reader.u64()?));
        }
        head.gone = SeatSet::from_bits(reader.u8()?);
        head.done = SeatSet::from_bits(reader.u8()?);
        for held in head.held.iter_mut().take(seats) {
            let number = reader.varint()?;
            let ahead = (number >> 1) as i64 ^ -((number & 1) as i64);
            *held = i64::from(head.finals).checked_add(ahead).and_then(|held| u32::try_from(held).ok())?;
        }
        if has(WANTS) {
            head.wants = Some(reader.varint32()?);
        }
        Some((head, has(PIECE)))
    }
}

impl<'a> Inputs<'a> {
    fn read(reader: &mut Reader<'a>, seat: u8) -> Option<Self> {
        let (first, count) = (reader.varint32()?, reader.varint32()?);
        if count > MOST_INPUTS || first.checked_add(count).is_none() {
            return None;
        }
        let runs = reader.rest();
        read_runs(reader, count, |_, _| {})?;
        let length = runs.len() - reader.rest().len();
        Some(Self { seat, first, count, runs: runs.get(..length)? })
    }

    /// Gives every action to `take`, with its frame.
    pub(crate) fn each(&self, mut take: impl FnMut(u32, &'a [u8])) {
        let mut reader = Reader::new(self.runs);
        let _ = read_runs(&mut reader, self.count, |place, action| take(self.first + place, action));
    }
}

impl<'a> Packet<'a> {
    /// Reads a packet of a match of so many seats.
    pub(crate) fn read(bytes: &'a [u8], seats: usize) -> Option<Self> {
        let mut reader = Reader::new(bytes);
        let (head, has_piece) = Head::read(&mut reader, seats)?;
        let inputs = Inputs::read(&mut reader, head.sender)?;
        let relay_count = usize::from(reader.u8()?);
        let mut relays = [Inputs::default(); MOST_SEATS];
        for relay in relays.get_mut(..relay_count)? {
            let seat = reader.u8()?;
            *relay = Inputs::read(&mut reader, seat)?;
        }
        let mut piece = None;
        if has_piece {
            let (total, offset, length) = (reader.varint32()?, reader.varint32()?, reader.varint32()?);
            piece = Some(Piece { total, offset, bytes: reader.bytes(length as usize)? });
        }
        reader.is_empty().then_some(Self { head, inputs, relays, relay_count, piece })
    }

    /// Inputs of others than the sender.
    pub(crate) fn relays(&self) -> &[Inputs<'a>] {
        self.relays.get(..self.relay_count).unwrap_or(&[])
    }
}
