//! Whether everybody can be reached, before a match begins. Each browser says hello to every other one again and again, and in each
//! hello how it heard the other's last one: whoever hears an own hello come back knows that both ways are open, and how long
//! they take. A hello states how things are and asks for no answer, so a lost one costs nothing.
//!
//! ```text
//! hello   72 │ match u32 │ sender u8 │ incarnation u32 │ world u64 │ sent f64 │ echo f64 │ held f64
//! ```
//! `world` is the hash of the state after the match's first reset: with another one, the other browser plays something else.
//! `echo` is `sent` of the newest hello of the receiver's, NaN if none came, and `held` how many milliseconds ago it came.
use palaestra_protocol::together::{NO_PING, SeatPath};
use palaestra_rollback::SeatSet;

/// A hello's first byte. The core's packets have another.
const HELLO: u8 = 72;
const LENGTH: usize = 1 + 4 + 1 + 4 + 8 + 3 * 8;
/// How often it is said.
const INTERVAL_MS: f64 = 100.0;

/// Who this is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Own {
    pub(super) number: u32,
    pub(super) seat: u8,
    pub(super) incarnation: u32,
    pub(super) world: u64,
}

#[derive(Clone, Copy)]
struct Other {
    /// `sent` of its newest hello, and when that came.
    heard: Option<(f64, f64)>,
    rtt: Option<f64>,
}

/// What a hello came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Heard {
    /// Nothing new.
    Nothing,
    /// Everybody has been reached. It is heard again until that is [done](Handshake::done).
    Everybody,
    /// Its sender plays something else: the hash of its world.
    OtherWorld(u64),
}

/// One browser's part in the handshake.
pub(super) struct Handshake {
    own: Own,
    people: SeatSet,
    others: [Other; 8],
    /// The attempt that is under way, and since when.
    attempt: Option<(u32, f64)>,
    done: bool,
    differs: bool,
    next: f64,
}

impl Handshake {
    /// With the people at other browsers.
    pub(super) fn new(own: Own, people: SeatSet) -> Self {
        let others = [Other { heard: None, rtt: None }; 8];
        Self { own, people, others, attempt: None, done: false, differs: false, next: 0.0 }
    }

    /// From the beginning.
    pub(super) fn begin(&mut self, now: f64, attempt: u32) {
        self.attempt = Some((attempt, now));
        (self.done, self.differs, self.next) = (false, false, now);
        self.others.iter_mut().for_each(|other| other.rtt = None);
    }

    /// The match has begun, or will not.
    pub(super) fn end(&mut self) {
        self.attempt = None;
    }

    pub(super) fn attempt(&self) -> u32 {
        self.attempt.map_or(0, |(attempt, _)| attempt)
    }

    pub(super) fn due(&self) -> Option<f64> {
        self.attempt.map(|_| self.next)
    }

    /// Says hello to everybody, if it is time.
    pub(super) fn advance(&mut self, now: f64, mut send: impl FnMut(u8, &[u8])) {
        if self.due().is_none_or(|due| due > now) {
            return;
        }
        self.next = now + INTERVAL_MS;
        for seat in self.people.iter() {
            let Some(other) = self.others.get(usize::from(seat)) else { continue };
            let (echo, held) = other.heard.map_or((f64::NAN, 0.0), |(sent, came)| (sent, now - came));
            let mut hello = Vec::with_capacity(LENGTH);
            hello.push(HELLO);
            hello.extend_from_slice(&self.own.number.to_le_bytes());
            hello.push(self.own.seat);
            hello.extend_from_slice(&self.own.incarnation.to_le_bytes());
            hello.extend_from_slice(&self.own.world.to_le_bytes());
            [now, echo, held].iter().for_each(|time| hello.extend_from_slice(&time.to_le_bytes()));
            send(seat, &hello);
        }
    }

    /// Whether a packet is a hello.
    pub(super) fn is(packet: &[u8]) -> bool {
        packet.first() == Some(&HELLO) && packet.len() == LENGTH
    }

    /// Hears a hello; one that is not meant, or says what cannot be, changes nothing.
    pub(super) fn hear(&mut self, now: f64, from: u8, packet: &[u8]) -> Heard {
        let Some((number, sender, world, [sent, echo, held])) = read(packet) else { return Heard::Nothing };
        if number != self.own.number || sender != from || !self.people.contains(from) || !sent.is_finite() {
            return Heard::Nothing;
        }
        if world != self.own.world {
            let told = std::mem::replace(&mut self.differs, true);
            return if told { Heard::Nothing } else { Heard::OtherWorld(world) };
        }
        let Some(other) = self.others.get_mut(usize::from(from)) else { return Heard::Nothing };
        // Also where it restarted its clock: the newest that came is the one to echo.
        other.heard = Some((sent, now));
        let rtt = now - echo - held;
        // An echo of an earlier attempt says nothing of this one's path; one of the future is nobody's.
        let valid = self.attempt.is_some_and(|(_, since)| echo >= since && echo <= now) && held >= 0.0 && rtt >= 0.0;
        if valid {
            other.rtt = Some(other.rtt.map_or(rtt, |least| least.min(rtt)));
        }
        let everybody = self.people.iter().all(|seat| self.rtt(seat).is_some());
        if everybody && !self.done { Heard::Everybody } else { Heard::Nothing }
    }

    /// That everybody has been reached is known.
    pub(super) fn done(&mut self) {
        self.done = true;
    }

    /// For how long the attempt has been under way.
    pub(super) fn lasts(&self, now: f64) -> f64 {
        self.attempt.map_or(0.0, |(_, since)| now - since)
    }

    /// Another path leads to a seat: its round trip is another.
    pub(super) fn path_changed(&mut self, seat: u8) {
        self.others.get_mut(usize::from(seat)).filter(|_| !self.done).into_iter().for_each(|other| other.rtt = None);
    }

    fn rtt(&self, seat: u8) -> Option<f64> {
        self.others.get(usize::from(seat)).and_then(|other| other.rtt)
    }

    /// The round trips that were measured, along the paths there are.
    pub(super) fn paths(&self, mut paths: [SeatPath; 8]) -> [SeatPath; 8] {
        for (seat, path) in (0..).zip(&mut paths) {
            path.rtt_ms = self.rtt(seat).map_or(NO_PING, |rtt| rtt as f32);
        }
        paths
    }
}

fn read(packet: &[u8]) -> Option<(u32, u8, u64, [f64; 3])> {
    let (number, rest) = packet.get(1..)?.split_first_chunk::<4>()?;
    let (sender, rest) = rest.split_first()?;
    let (_incarnation, rest) = rest.split_first_chunk::<4>()?;
    let (world, rest) = rest.split_first_chunk::<8>()?;
    let (times, []) = rest.as_chunks::<8>() else { return None };
    let times: [[u8; 8]; 3] = times.try_into().ok()?;
    Some((u32::from_le_bytes(*number), *sender, u64::from_le_bytes(*world), times.map(f64::from_le_bytes)))
}

#[cfg(test)]
#[path = "handshake_tests.rs"]
mod tests;
