//! What a seed draws: who plays, by which rules, over which network, and what goes wrong. The faults are data: a failing match is made
//! smaller by leaving entries out.
use palaestra_rollback::{Authority, Dropout, Options, SeatKind};

use crate::random::Random;
use crate::world::{Chaos, Rules};

/// After this many milliseconds nothing new goes wrong, and what heals has healed.
pub(crate) const CALM: f64 = 6_000.0;

#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) people: u8,
    pub(crate) policies: u8,
    pub(crate) rules: Rules,
    pub(crate) fps: f64,
    pub(crate) window: u32,
    /// Of each peer.
    pub(crate) delays: Vec<u32>,
    pub(crate) drifts: Vec<f64>,
    pub(crate) starts: Vec<f64>,
    pub(crate) episodes: Option<u32>,
    pub(crate) most_frames: u32,
    pub(crate) episode_pause: f64,
    pub(crate) dropout: Dropout,
    pub(crate) authority: Authority,
    /// Whether all paths are relayed at first.
    pub(crate) relayed: bool,
    /// Whether the server gives a state to who comes back; the peers do otherwise.
    pub(crate) server_gives: bool,
    pub(crate) network: Network,
    pub(crate) faults: Vec<Fault>,
}

/// How packets fare on direct paths while it is not calm.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Network {
    pub(crate) latency: f64,
    /// The way from a higher seat to a lower one takes longer by this factor.
    pub(crate) asymmetry: f64,
    pub(crate) jitter: f64,
    pub(crate) loss: f64,
    /// Gilbert and Elliott's two states: the chances to enter and to leave the bad one, and the loss in it.
    pub(crate) burst: (f64, f64, f64),
    pub(crate) duplication: f64,
    /// The share of packets that take up to 200 ms longer.
    pub(crate) reordering: f64,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Fault {
    pub(crate) at: f64,
    pub(crate) what: What,
}

/// Times are in milliseconds; infinite ones never heal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum What {
    /// Packets of one direct way are lost.
    Cut {
        from: u8,
        to: u8,
        ms: f64,
    },
    /// A peer and the server do not reach each other.
    CutServer {
        peer: u8,
        ms: f64,
    },
    /// A peer does nothing.
    Pause {
        peer: u8,
        ms: f64,
    },
    /// A peer loses all it knows, and perhaps comes back.
    Crash {
        peer: u8,
        back: f64,
    },
    Leave {
        peer: u8,
    },
    Corrupt {
        peer: u8,
    },
    /// A pair's path changes to the relay, or to a direct one.
    Path {
        a: u8,
        b: u8,
        relayed: bool,
    },
    /// The server does nothing.
    ServerDown {
        ms: f64,
    },
    /// Bytes of nobody's come to a peer.
    Noise {
        from: u8,
        to: u8,
    },
    /// A page is hidden: it gives no actions.
    Hide {
        peer: u8,
        ms: f64,
    },
}

impl What {
    /// Whether somebody may end otherwise than the others for it.
    pub(crate) fn is_grave(&self) -> bool {
        match self {
            Self::Crash { .. } | Self::Leave { .. } => true,
            Self::Cut { ms, .. } | Self::CutServer { ms, .. } | Self::Pause { ms, .. } | Self::ServerDown { ms } => {
                *ms > 500.0
            }
            _ => false,
        }
    }
}

impl Plan {
    pub(crate) fn new(seed: u64) -> Self {
        let mut random = Random::new(seed);
        let random = &mut random;
        let people = 2 + random.below(5) as u8;
        let policies = if random.chance(0.3) { 1 } else { 0 };
        let fps = random.one(&[10.0, 20.0, 30.0, 60.0]);
        let window = random.one(&[0, 2, 4, 8, 8, 8, 12, 40, 150]);
        let rules = Rules {
            episode: random.one(&[20, 60, 200, u64::MAX]),
            floats: random.chance(0.2),
            waits: window == 0 && random.chance(0.4),
            words: random.one(&[2, 4, 300]),
            snapshots: 0,
        };
        let mut delays = vec![0; people.into()];
        if !rules.waits && random.chance(0.5) {
            delays.iter_mut().for_each(|delay| *delay = random.below(5) as u32);
        } else if rules.waits {
            // Where each action is waited for there is none.
            delays.fill((seed % 3) as u32);
        }
        let drifts = (0..people).map(|_| random.between(-0.002, 0.002)).collect();
        let late = random.one(&[0.0, 100.0, 800.0]);
        let starts = (0..people).map(|_| random.between(0.0, late)).collect();
        let mut plan = Self {
            seed,
            people,
            policies,
            rules,
            fps,
            window,
            delays,
            drifts,
            starts,
            episodes: random.chance(0.2).then(|| 1 + random.below(6) as u32),
            most_frames: (fps * random.between(3.0, 8.0)) as u32,
            episode_pause: random.one(&[0.0, 0.0, 300.0]),
            dropout: random.one(&[Dropout::Idle, Dropout::Policy, Dropout::End]),
            authority: random.one(&[Authority::Server, Authority::Peers]),
            relayed: random.chance(0.2),
            server_gives: random.chance(0.5),
            network: network(random),
            faults: Vec::new(),
        };
        if rules.waits && plan.dropout == Dropout::Idle {
            plan.dropout = Dropout::Policy;
        }
        // Where the window is short the ways of the packets say how long a frame takes, and an episode's end takes three of them.
        let way = plan.network.latency * plan.network.asymmetry + plan.network.jitter;
        let frame = way * 2.0 / f64::from(window + 1) + 3.0 * way / rules.episode as f64;
        plan.most_frames = plan.most_frames.min((8_000.0 / frame) as u32);
        if rules.waits {
            plan.most_frames = plan.most_frames.min(60);
        }
        plan.faults = faults(random, &plan);
        plan
    }

    /// What a peer is started with.
    pub(crate) fn options(&self, seat: u8, incarnation: u32) -> Options {
        let longest = Chaos::longest(&self.rules);
        let mut seats = vec![SeatKind::Person { longest }; self.people.into()];
        seats.extend(vec![SeatKind::Policy { longest }; self.policies.into()]);
        Options {
            incarnation,
            fps: self.fps,
            delay: self.delays[usize::from(seat)],
            window: self.window,
            episodes: self.episodes,
            most_frames: Some(self.most_frames),
            episode_pause: self.episode_pause,
            dropout: self.dropout,
            authority: self.authority,
            silence: 400.0,
            grace: 4_000.0,
            patience: 20_000.0,
            linger: 2_500.0,
            longest_state: 4096,
            ..Options::new(self.seed as u32, self.seed, seats, seat)
        }
    }

    /// Whether a frame can be forgotten: somebody loses its memory and comes back, while whoever else knew the frame may be cut off from
    /// the server or leave. What those confirmed who did not play to the end is not compared then.
    pub(crate) fn forgets(&self) -> bool {
        let forgets = |fault: &Fault| matches!(fault.what, What::Crash { back, .. } if back.is_finite());
        self.faults.iter().any(forgets)
    }

    /// Whether somebody may end otherwise than the others.
    pub(crate) fn is_grave(&self) -> bool {
        self.faults.iter().any(|fault| fault.what.is_grave())
    }
}

fn network(random: &mut Random) -> Network {
    let mut some = |values: &[f64]| if random.chance(0.5) { random.one(values) } else { 0.0 };
    let loss = some(&[0.01, 0.05, 0.15, 0.3]);
    let burst = some(&[0.002, 0.01, 0.03]);
    let (jitter, duplication) = (some(&[2.0, 10.0, 40.0]), some(&[0.01, 0.1]));
    let reordering = some(&[0.02, 0.2]);
    Network {
        latency: random.one(&[0.5, 10.0, 40.0, 100.0, 180.0]),
        asymmetry: random.one(&[1.0, 1.0, 2.5]),
        jitter,
        loss,
        burst: (burst, random.between(0.05, 0.3), random.between(0.5, 1.0)),
        duplication,
        reordering,
    }
}

/// Which kinds of faults there are is drawn first, then how many of each.
fn faults(random: &mut Random, plan: &Plan) -> Vec<Fault> {
    let mut faults = Vec::new();
    let people = u64::from(plan.people);
    for kind in 0..10 {
        let share = [0.3, 0.2, 0.3, 0.3, 0.2, 0.3, 0.4, 0.15, 0.3, 0.3][kind];
        if !random.chance(share) {
            continue;
        }
        for _ in 0..1 + random.below(3) {
            let (peer, other) = (random.below(people) as u8, random.below(people) as u8);
            let at = random.between(0.0, CALM - 1_000.0);
            let short = random.between(20.0, 500.0);
            let long = random.between(500.0, 6_500.0);
            let ms = if random.chance(0.6) { short } else { long };
            let dead = random.chance(0.15);
            let ms = if dead { f64::INFINITY } else { ms };
            let what = match kind {
                0 if peer != other => What::Cut { from: peer, to: other, ms },
                1 if plan.authority == Authority::Server => What::CutServer { peer, ms },
                2 => What::Pause { peer, ms: if dead { long } else { ms } },
                3 => What::Crash { peer, back: ms },
                4 => What::Leave { peer },
                5 => What::Corrupt { peer },
                6 if peer != other && plan.authority == Authority::Server => {
                    What::Path { a: peer, b: other, relayed: random.chance(0.5) }
                }
                7 if plan.authority == Authority::Server => What::ServerDown { ms: if dead { long } else { ms } },
                8 if peer != other => What::Noise { from: peer, to: other },
                9 => What::Hide { peer, ms: if dead { long } else { ms } },
                _ => continue,
            };
            faults.push(Fault { at, what });
        }
    }
    faults.sort_by(|a, b| a.at.total_cmp(&b.at));
    faults
}
