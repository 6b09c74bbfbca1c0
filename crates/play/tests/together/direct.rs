//! Connections from browser to browser: what is sent on them comes sooner, late, out of order or not at all.
use palaestra_env::SeededRng;

use crate::table::Table;

/// The direct connections of a match.
#[derive(Default)]
pub(crate) struct Wires {
    /// Those that are, one way each: from a seat to another.
    open: Vec<(u8, u8)>,
    /// Those that take everything and deliver nothing.
    pub(crate) silent: Vec<(u8, u8)>,
    /// Milliseconds, and as many more at most.
    pub(crate) latency: f64,
    pub(crate) jitter: f64,
    pub(crate) loss: f64,
    /// Packets that came through.
    pub(crate) delivered: u32,
    /// How long each of them is.
    pub(crate) lengths: Vec<usize>,
    /// Connections that a browser has closed: its seat, and the other's.
    pub(crate) parted: Vec<(u8, u8)>,
}

impl Wires {
    /// How long a packet takes; nothing where it is lost.
    pub(crate) fn takes(&mut self, from: u8, to: u8, length: usize, rng: &mut SeededRng) -> Option<f64> {
        let lost = rng.random() < self.loss;
        let late = self.latency + rng.uniform(0.0, self.jitter.max(f64::MIN_POSITIVE));
        let way = (from, to);
        if lost || !self.open.contains(&way) || self.silent.contains(&way) {
            return None;
        }
        self.delivered += 1;
        self.lengths.push(length);
        Some(late)
    }
}

impl Table {
    /// Connects the browsers of two seats.
    pub(crate) fn wire(&mut self, one: u8, other: u8) {
        let now = self.now.get();
        self.wires.open.extend([(one, other), (other, one)]);
        for (seat, to) in [(one, other), (other, one)] {
            if let Some(player) = &mut self.players[usize::from(seat)] {
                player.port.direct_given(now, to);
            }
            self.collect(seat);
        }
    }

    /// Their connection breaks, and both are told.
    pub(crate) fn unwire(&mut self, one: u8, other: u8) {
        let now = self.now.get();
        self.wires.open.retain(|way| *way != (one, other) && *way != (other, one));
        for (seat, to) in [(one, other), (other, one)] {
            if let Some(player) = &mut self.players[usize::from(seat)] {
                player.port.direct_closed(now, to);
            }
            self.collect(seat);
        }
    }
}
