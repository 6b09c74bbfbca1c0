//! What a peer knows of another.
use crate::pace::Offsets;
use crate::seats::{MOST_SEATS, SeatSet};
use crate::wire::Head;

/// Claims about frames that are not final here yet. When there is no room the newest is left out: the next packet has another.
const MOST_CLAIMS: usize = 32;

/// How long a reliable path may be without progress before what went along it is sent again.
const RESEND_MS: f64 = 500.0;

/// That so many frames had such a chain, with the last frames of these leavers known.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claim {
    pub(crate) frames: u32,
    pub(crate) chain: u64,
    pub(crate) done: SeatSet,
}

/// Two histories of the same inputs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Difference {
    /// How many frames they have.
    pub(crate) frames: u32,
    pub(crate) seat: u8,
    pub(crate) mine: u64,
    pub(crate) theirs: u64,
}

pub(crate) struct Link {
    /// Its, and this peer's as far as it knows.
    pub(crate) incarnation: u32,
    pub(crate) known_incarnation: u32,
    /// What it said last, the newest of each.
    pub(crate) epoch: u32,
    pub(crate) frame: u32,
    /// How many frames are final there, and whether that was so in the packet before.
    finals: u32,
    waits: bool,
    pub(crate) held: [u32; MOST_SEATS],
    pub(crate) gone: SeatSet,
    pub(crate) joining: bool,
    pub(crate) desync: bool,
    pub(crate) unfit: bool,
    pub(crate) finished: bool,
    /// It has said something, ever.
    pub(crate) met: bool,
    /// Its newest packet: sequence, its time, and this peer's when it came.
    sequence: u32,
    sent: u32,
    pub(crate) came: f64,
    /// When this peer sent what it has echoed last: both ways were open then.
    pub(crate) answered: f64,
    pub(crate) ping: Option<f64>,
    offsets: Offsets,
    pub(crate) claims: Vec<Claim>,
    /// How many frames it has played as this peer has.
    pub(crate) agreed: u32,
    pub(crate) reliable: bool,
    /// On a reliable path: up to where inputs have been sent, and when it last said that it has got more.
    sent_until: u32,
    progressed: f64,
    pub(crate) reconnecting: bool,
    pub(crate) lost: bool,
    /// From where on it wants this peer's state, and when it said so; up to where that has been sent.
    pub(crate) wants: Option<u32>,
    pub(crate) wanted: f64,
    pub(crate) pieces_until: u32,
    pub(crate) pieces_sent: f64,
    /// Where it has gone: when it was last told.
    pub(crate) told: f64,
    next_sequence: u32,
}

impl Link {
    pub(crate) fn new(now: f64) -> Self {
        Self {
            incarnation: 0,
            known_incarnation: 0,
            epoch: 0,
            frame: 0,
            finals: 0,
            waits: false,
            held: [0; MOST_SEATS],
            gone: SeatSet::NONE,
            joining: false,
            desync: false,
            unfit: false,
            finished: false,
            met: false,
            sequence: 0,
            sent: 0,
            came: now,
            answered: now,
            ping: None,
            offsets: Offsets::default(),
            claims: Vec::with_capacity(MOST_CLAIMS),
            agreed: 0,
            reliable: false,
            sent_until: 0,
            progressed: now,
            reconnecting: false,
            lost: false,
            wants: None,
            wanted: now,
            pieces_until: 0,
            pieces_sent: now,
            told: f64::NEG_INFINITY,
            next_sequence: 0,
        }
    }

    pub(crate) fn next_sequence(&mut self) -> u32 {
        self.next_sequence = self.next_sequence.wrapping_add(1);
        self.next_sequence
    }

    /// It has started anew: nothing that it said before holds any more, but for the frames that it agreed on.
    pub(crate) fn start_anew(&mut self, incarnation: u32) {
        self.incarnation = incarnation;
        self.known_incarnation = 0;
        self.held = [0; MOST_SEATS];
        self.gone = SeatSet::NONE;
        (self.sequence, self.sent, self.frame, self.epoch) = (0, 0, 0, 0);
        (self.sent_until, self.finished, self.met) = (0, false, false);
        self.claims.clear();
        self.offsets.clear();
    }

    /// Hears the times of a packet that came. `clock` is in milliseconds, as all times of a link.
    pub(crate) fn hear(&mut self, head: &Head, clock: f64) {
        if head.joining {
            self.known_incarnation = self.known_incarnation.max(head.known_incarnation);
        }
        if !self.met || head.sequence > self.sequence {
            self.met = true;
            (self.sequence, self.sent, self.came) = (head.sequence, head.sent, clock);
            (self.epoch, self.frame) = (head.epoch, head.frame);
            self.waits = self.finals == head.finals;
            self.finals = head.finals;
            (self.joining, self.desync, self.unfit) = (head.joining, head.desync, head.unfit);
            self.finished |= head.finished;
            self.wants = head.wants;
            self.wanted = clock;
        }
        let Some((echo, held)) = head.echo else { return };
        let (echo, held) = (f64::from(echo) / 4.0, f64::from(held) / 4.0);
        // A time that has not come yet is nobody's echo.
        if echo <= clock && echo > self.answered {
            self.answered = echo;
            let ping = (clock - echo - held).max(0.0);
            self.ping = Some(self.ping.map_or(ping, |before| before + (ping - before) / 8.0));
        }
    }

    /// Hears what it has of everybody's inputs. It never has less than before.
    pub(crate) fn hear_held(&mut self, head: &Head, own_seat: u8, clock: f64) {
        // Only with what it has: whoever knows that this peer started anew takes nothing more of before.
        self.known_incarnation = self.known_incarnation.max(head.known_incarnation);
        let at = usize::from(own_seat);
        if head.held.get(at) > self.held.get(at) {
            self.progressed = clock;
        }
        for (held, said) in self.held.iter_mut().zip(head.held) {
            *held = said.max(*held);
        }
        self.gone = self.gone.union(head.gone);
    }

    /// By how many frames this peer was ahead of it when a packet came.
    pub(crate) fn measure(&mut self, own_position: f64, interval: f64) {
        let ahead = own_position - (f64::from(self.frame) + self.ping.unwrap_or(0.0) / 2.0 / interval);
        self.offsets.add(ahead as f32);
    }

    pub(crate) fn ahead(&self) -> Option<f32> {
        self.offsets.mean()
    }

    /// The sender's time of its newest packet, and how long ago that came.
    pub(crate) fn echo(&self, clock: f64) -> Option<(u32, u32)> {
        self.met.then(|| (self.sent, quarters(clock - self.came)))
    }

    pub(crate) fn held_of(&self, seat: u8) -> u32 {
        self.held.get(usize::from(seat)).copied().unwrap_or(0)
    }

    /// Where it does not get on: how many frames are final there.
    pub(crate) fn waits_at(&self) -> Option<u32> {
        self.waits.then_some(self.finals)
    }

    /// From which frame on this peer's inputs are to be sent: along a path that loses nothing each goes once.
    pub(crate) fn first_unsent(&mut self, own_seat: u8, clock: f64) -> u32 {
        let acknowledged = self.held_of(own_seat);
        if !self.reliable {
            return acknowledged;
        }
        if clock - self.progressed > RESEND_MS.max(2.0 * self.ping.unwrap_or(0.0)) {
            self.progressed = clock;
            self.sent_until = acknowledged;
        }
        self.sent_until.max(acknowledged)
    }

    pub(crate) fn sent_inputs(&mut self, until: u32) {
        self.sent_until = until;
    }

    /// The path is another: what went along the old one may be lost.
    pub(crate) fn change_path(&mut self, reliable: bool) {
        self.reliable = reliable;
        self.sent_until = 0;
    }

    pub(crate) fn claim(&mut self, claim: Claim) {
        let newer = self.claims.last().is_none_or(|last| last.frames < claim.frames);
        if newer && self.claims.len() < MOST_CLAIMS {
            self.claims.push(claim);
        }
    }
}

/// Milliseconds as packets have them.
pub(crate) fn quarters(ms: f64) -> u32 {
    (ms * 4.0) as u32
}
