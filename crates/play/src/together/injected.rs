//! A network that is worse than the real one, for tests and demonstrations: packets come late, twice, out of order or not at all. It
//! is seeded: the same packets at the same times meet the same fate.
use palaestra_env::SeededRng;
use palaestra_protocol::together::NetworkSetup;

use super::outbox::Outbox;
use super::paths::Paths;

/// Packets under way. More than that are lost: no delay may fill the memory.
const MOST_UNDER_WAY: usize = 4_096;
/// The longest a packet is held back.
const MOST_DELAY_MS: f64 = 10_000.0;

struct Letter {
    at: f64,
    to: u8,
    packet: Vec<u8>,
}

/// What is done to packets on their way out.
pub(super) struct Injected {
    setup: NetworkSetup,
    rng: SeededRng,
    /// In the order in which they leave.
    letters: Vec<Letter>,
    /// When the latest one leaves that keeps the order, for each seat.
    last: [f64; 8],
}

impl Injected {
    pub(super) fn new(setup: NetworkSetup) -> Self {
        let rng = SeededRng::new(setup.seed);
        Self { setup, rng, letters: Vec::new(), last: [f64::NEG_INFINITY; 8] }
    }

    /// Whether what is sent arrives, once and in order.
    pub(super) fn reliable(&self) -> bool {
        let NetworkSetup { loss, duplicate, reorder, .. } = self.setup;
        loss <= 0.0 && duplicate <= 0.0 && reorder <= 0.0
    }

    /// Takes a packet that leaves now.
    pub(super) fn send(&mut self, now: f64, to: u8, packet: &[u8]) {
        // Every packet takes the same draws, so that one packet's fate does not depend on another's.
        let [lost, twice, overtakes, late, later] = std::array::from_fn(|_| self.rng.random());
        let chance = |share: f32, draw: f64| draw < f64::from(share);
        if chance(self.setup.loss, lost) {
            return;
        }
        let free = chance(self.setup.reorder, overtakes);
        let first = self.leaves(now, to, late, free);
        self.put(first, to, packet);
        if chance(self.setup.duplicate, twice) {
            let second = self.leaves(now, to, later, free);
            self.put(second, to, packet);
        }
    }

    fn leaves(&mut self, now: f64, to: u8, draw: f64, free: bool) -> f64 {
        let held = f64::from(self.setup.delay_ms) + f64::from(self.setup.jitter_ms) * draw;
        let at = now + if held.is_finite() { held.clamp(0.0, MOST_DELAY_MS) } else { 0.0 };
        match self.last.get_mut(usize::from(to)) {
            Some(last) if !free => {
                *last = last.max(at);
                *last
            }
            _ => at,
        }
    }

    fn put(&mut self, at: f64, to: u8, packet: &[u8]) {
        if self.letters.len() < MOST_UNDER_WAY {
            let place = self.letters.partition_point(|letter| letter.at <= at);
            self.letters.insert(place, Letter { at, to, packet: packet.to_vec() });
        }
    }

    /// When the next one leaves.
    pub(super) fn due(&self) -> Option<f64> {
        self.letters.first().map(|letter| letter.at)
    }

    /// Gives those that leave now.
    pub(super) fn advance(&mut self, now: f64, mut send: impl FnMut(u8, &[u8])) {
        let count = self.letters.partition_point(|letter| letter.at <= now);
        self.letters.drain(..count).for_each(|letter| send(letter.to, &letter.packet));
    }
}

/// Sends a packet by its way: at once, or as the injected network has it.
pub(super) fn send(
    (injected, paths, out): (&mut Option<Injected>, &Paths, &mut Outbox),
    now: f64,
    to: u8,
    packet: &[u8],
) {
    match injected {
        Some(injected) => injected.send(now, to, packet),
        None => out.packet(paths, to, packet),
    }
}

#[cfg(test)]
#[path = "injected_tests.rs"]
mod tests;
