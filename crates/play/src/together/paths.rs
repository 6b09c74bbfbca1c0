//! Which way packets take to each seat: through the server, from browser to browser, or for a moment both. Nothing is asked and nothing
//! answered: as long as there is a direct connection each side says again and again whether it hears the other there. Who is heard,
//! and hears so, is sent packets directly; whoever falls silent gets them both ways at once, and after a while through the server
//! alone. So a frame that one way loses comes by the other.
//!
//! ```text
//! probe   80 │ match u32 │ sender u8 │ hears u8
//! ```
use palaestra_protocol::together::{NO_PING, PathKind, SeatPath};
use palaestra_rollback::SeatSet;

/// A probe's first byte. Neither a hello nor the core's packets begin with it.
const PROBE: u8 = 80;
/// How often a probe is sent.
const PROBE_MS: f64 = 100.0;
/// Silence after which packets are sent both ways: well within the frames that a game can be played on guesses.
const SUSPECT_MS: f64 = 250.0;
/// How long the other side may not have said that it hears this one, before the same.
const DOUBT_MS: f64 = 700.0;
/// And before the direct way counts as lost.
const LOST_MS: f64 = 2_000.0;
/// How long packets take both ways at least, before they take the direct one alone.
const BOTH_MS: f64 = 500.0;
/// Packets of one seat within a second; a game sends a few hundred at most.
const MOST_PER_SECOND: u32 = 1_000;
/// The longest packet, as for the server.
const LONGEST: usize = 64 << 10;

/// The way of a seat's packets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Way {
    /// Through the server.
    #[default]
    Relay,
    /// Both ways: the direct one has only just come, or may be lost.
    Both,
    /// From browser to browser.
    Direct,
}

/// A direct connection to a seat, as far as it is known here.
#[derive(Clone, Copy)]
struct Direct {
    /// When anything came, and when the other side last said that it hears this one.
    heard: f64,
    confirmed: f64,
    /// It has said since then that it does not.
    denied: bool,
    /// Packets of the present second, and when that began.
    count: (f64, u32),
}

/// What a packet from a direct connection is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrived {
    /// A word about the connection itself.
    Probe,
    /// Somebody's packet.
    Packet,
    /// Nothing that is taken.
    Refused,
}

/// The ways to all seats.
pub(super) struct Paths {
    number: u32,
    own: u8,
    people: SeatSet,
    /// Nothing goes directly, whatever there is.
    relay_only: bool,
    /// Whom the relay reaches.
    relay: SeatSet,
    /// To whom a direct connection is being made.
    expected: SeatSet,
    direct: [Option<Direct>; 8],
    ways: [(Way, f64); 8],
    next: f64,
}

impl Paths {
    /// With the people at other browsers.
    pub(super) fn new(number: u32, own: u8, people: SeatSet) -> Self {
        Self {
            number,
            own,
            people,
            relay_only: false,
            relay: SeatSet::NONE,
            expected: SeatSet::NONE,
            direct: [None; 8],
            ways: [(Way::Relay, f64::NEG_INFINITY); 8],
            next: f64::INFINITY,
        }
    }

    /// Nothing goes directly any more. Says to whom there was a direct connection.
    pub(super) fn relay_only(&mut self) -> SeatSet {
        self.relay_only = true;
        self.next = f64::INFINITY;
        (0..).zip(&mut self.direct).filter_map(|(seat, direct)| direct.take().map(|_| seat)).collect()
    }

    /// The relay reaches a seat, or not.
    pub(super) fn relay_reaches(&mut self, seat: u8, reaches: bool) {
        let one: SeatSet = [seat].into_iter().collect();
        self.relay = if reaches { self.relay.union(one) } else { self.relay.without(one) };
    }

    /// A direct connection to a seat is being made, or will not come.
    pub(super) fn expect(&mut self, seat: u8, comes: bool) {
        let one: SeatSet = [seat].into_iter().filter(|seat| self.people.contains(*seat)).collect();
        self.expected = if comes { self.expected.union(one) } else { self.expected.without(one) };
    }

    /// There is a connection to a seat, in place of the one before; it may not be open yet. Says whether it is of any use.
    pub(super) fn given(&mut self, now: f64, seat: u8) -> bool {
        let useful = self.people.contains(seat) && !self.relay_only;
        if let Some(place) = self.direct.get_mut(usize::from(seat)).filter(|_| useful) {
            *place =
                Some(Direct { heard: f64::NEG_INFINITY, confirmed: f64::NEG_INFINITY, denied: false, count: (now, 0) });
            self.expect(seat, true);
            self.next = self.next.min(now);
        }
        useful
    }

    /// The connection to a seat is gone.
    pub(super) fn gone(&mut self, seat: u8) {
        self.expect(seat, false);
        self.direct.get_mut(usize::from(seat)).into_iter().for_each(|place| *place = None);
        if self.direct.iter().all(Option::is_none) {
            self.next = f64::INFINITY;
        }
    }

    /// Whether a direct connection may come yet that has not.
    pub(super) fn pending(&self) -> bool {
        !self.relay_only && self.expected.iter().any(|seat| self.way(seat) == Way::Relay)
    }

    /// A packet came from the connection to a seat.
    pub(super) fn arrived(&mut self, now: f64, seat: u8, packet: &[u8]) -> Arrived {
        let Some(direct) = self.direct.get_mut(usize::from(seat)).and_then(Option::as_mut) else {
            return Arrived::Refused;
        };
        let (since, count) = direct.count;
        direct.count = if now - since < 1_000.0 { (since, count.saturating_add(1)) } else { (now, 1) };
        if direct.count.1 > MOST_PER_SECOND || packet.len() > LONGEST {
            return Arrived::Refused;
        }
        if packet.first() != Some(&PROBE) {
            direct.heard = now;
            return Arrived::Packet;
        }
        let [_, a, b, c, d, sender, hears] = *packet else { return Arrived::Refused };
        if u32::from_le_bytes([a, b, c, d]) != self.number || sender != seat {
            return Arrived::Refused;
        }
        direct.heard = now;
        direct.denied = hears == 0;
        if hears != 0 {
            direct.confirmed = now;
        }
        Arrived::Probe
    }

    /// When [`probe`](Self::probe) and [`look`](Self::look) have something to do.
    pub(super) fn due(&self) -> Option<f64> {
        (self.next < f64::INFINITY).then_some(self.next)
    }

    /// Says to every seat with a direct connection whether it is heard there, if it is time.
    pub(super) fn probe(&mut self, now: f64, mut send: impl FnMut(u8, &[u8])) {
        if self.next > now {
            return;
        }
        self.next = now + PROBE_MS;
        for (seat, direct) in (0..).zip(&self.direct) {
            let Some(direct) = direct else { continue };
            let [a, b, c, d] = self.number.to_le_bytes();
            send(seat, &[PROBE, a, b, c, d, self.own, u8::from(now - direct.heard <= SUSPECT_MS)]);
        }
    }

    /// Chooses the ways anew, and says of which seats the packets go another way now that is reliable, or no more is.
    pub(super) fn look(&mut self, now: f64) -> SeatSet {
        let seats = (0..).zip(self.direct.iter().zip(&mut self.ways));
        let changed = seats.filter_map(|(seat, (direct, (way, since)))| {
            let before = *way;
            let after = direct.as_ref().map_or(Way::Relay, |direct| direct.way(now, before, *since));
            let after = if self.relay_only { Way::Relay } else { after };
            let doubt = after == Way::Both && direct.as_ref().is_some_and(|direct| !direct.sure(now));
            if after != before || doubt {
                (*way, *since) = (after, now);
            }
            ((after == Way::Relay) != (before == Way::Relay)).then_some(seat)
        });
        changed.collect()
    }

    /// Stops choosing: from here on what goes directly goes through the server as well, where nothing is lost.
    pub(super) fn end(&mut self) {
        self.next = f64::INFINITY;
        self.ways.iter_mut().filter(|(way, _)| *way == Way::Direct).for_each(|(way, _)| *way = Way::Both);
    }

    /// The way of one packet. A probe takes the one that it is about.
    pub(super) fn way_of(&self, seat: u8, packet: &[u8]) -> Way {
        if packet.first() == Some(&PROBE) { Way::Direct } else { self.way(seat) }
    }

    /// The way of a seat's packets; of a seat that there is not, through the server.
    pub(super) fn way(&self, seat: u8) -> Way {
        self.ways.get(usize::from(seat)).map_or(Way::Relay, |(way, _)| *way)
    }

    /// The ways, for whoever is to be told of them.
    pub(super) fn seat_paths(&self) -> [SeatPath; 8] {
        let mut paths = [SeatPath::default(); 8];
        for (seat, place) in (0..).zip(&mut paths) {
            let path = match self.way(seat) {
                Way::Both | Way::Direct => PathKind::Direct,
                Way::Relay if self.relay.contains(seat) => PathKind::Relay,
                Way::Relay => PathKind::None,
            };
            *place = SeatPath { path, rtt_ms: NO_PING };
        }
        paths
    }
}

impl Direct {
    fn way(&self, now: f64, before: Way, since: f64) -> Way {
        if now - self.confirmed > LOST_MS {
            return Way::Relay;
        }
        match before {
            Way::Direct if self.sure(now) => Way::Direct,
            Way::Both if self.sure(now) && now - since >= BOTH_MS => Way::Direct,
            _ => Way::Both,
        }
    }

    /// Both sides hear each other, by all that is known.
    fn sure(&self, now: f64) -> bool {
        now - self.heard <= SUSPECT_MS && now - self.confirmed <= DOUBT_MS && !self.denied
    }
}

#[cfg(test)]
#[path = "paths_tests.rs"]
mod tests;
