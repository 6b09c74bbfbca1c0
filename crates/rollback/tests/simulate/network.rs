//! Direct paths between peers: what becomes of a packet.
use crate::plan::{CALM, Network};
use crate::random::Random;

/// Milliseconds for which a chance to leave the bad state is meant.
const PACKET: f64 = 33.0;

pub(crate) struct Paths {
    network: Network,
    people: usize,
    /// Of each way: until when it is in the bad state, and until when it is cut.
    bad: Vec<f64>,
    cut: Vec<f64>,
}

impl Paths {
    pub(crate) fn new(network: Network, people: u8) -> Self {
        let people = usize::from(people);
        Self { network, people, bad: vec![0.0; people * people], cut: vec![0.0; people * people] }
    }

    fn way(&self, from: u8, to: u8) -> usize {
        usize::from(from) * self.people + usize::from(to)
    }

    pub(crate) fn cut(&mut self, from: u8, to: u8, until: f64) {
        let way = self.way(from, to);
        self.cut[way] = self.cut[way].max(until);
    }

    /// When a packet arrives that is sent now: never, once or twice.
    pub(crate) fn send(&mut self, from: u8, to: u8, now: f64, random: &mut Random) -> Vec<f64> {
        let way = self.way(from, to);
        if self.cut[way] > now {
            return Vec::new();
        }
        let network = self.network;
        let slower = if from > to { network.asymmetry } else { 1.0 };
        let base = network.latency * slower;
        if now >= CALM {
            return vec![now + base];
        }
        let (enter, leave, loss) = network.burst;
        if self.bad[way] <= now && random.chance(enter) {
            self.bad[way] = now + random.between(0.0, 2.0 * PACKET / leave);
        }
        let loss = if self.bad[way] > now { loss } else { network.loss };
        let copies = if random.chance(network.duplication) { 2 } else { 1 };
        let arrives = (0..copies).filter_map(|_| {
            let late = if random.chance(network.reordering) { random.between(0.0, 200.0) } else { 0.0 };
            let lost = random.chance(loss);
            (!lost).then(|| now + base + random.between(0.0, network.jitter) + late)
        });
        arrives.collect()
    }
}
