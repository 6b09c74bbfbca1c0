//! What is to happen, in order of time.
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use crate::server::{FromServer, ToServer};

/// Milliseconds of a match, at most.
const MOST_MS: f64 = 90_000.0;

pub(crate) enum Happening {
    Tick,
    Alive,
    Packet { from: u8, bytes: Vec<u8> },
    Told(FromServer),
    Back,
    ToServer(ToServer),
    ServerLooks,
    Fault(usize),
}

/// What happens to whom: to a peer of one incarnation, or of any (0).
pub(crate) struct Due {
    pub(crate) at: f64,
    pub(crate) seat: u8,
    pub(crate) incarnation: u32,
    pub(crate) what: Happening,
}

#[derive(Default)]
pub(crate) struct Queue {
    order: BinaryHeap<Reverse<(u64, u64)>>,
    happenings: BTreeMap<u64, (u8, u32, Happening)>,
    count: u64,
}

impl Queue {
    pub(crate) fn add(&mut self, at: f64, seat: u8, incarnation: u32, what: Happening) {
        if at < MOST_MS {
            self.count += 1;
            self.order.push(Reverse(((at * 1000.0).ceil() as u64, self.count)));
            self.happenings.insert(self.count, (seat, incarnation, what));
        }
    }

    pub(crate) fn next(&mut self) -> Option<Due> {
        let Reverse((at, number)) = self.order.pop()?;
        let (seat, incarnation, what) = self.happenings.remove(&number)?;
        Some(Due { at: at as f64 / 1000.0, seat, incarnation, what })
    }

    /// Whether somebody who lost its memory is still to come back.
    pub(crate) fn comes_back(&self) -> bool {
        self.happenings.values().any(|(_, _, what)| matches!(what, Happening::Back))
    }
}
