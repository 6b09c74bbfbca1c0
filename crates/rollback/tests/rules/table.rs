//! Some peers around a table: what one sends the others get after a while, unless a test says otherwise.
use palaestra_rollback::{Actions, EndReason, Event, Options, Output, Peer, SeatKind};

use crate::world::{Chaos, Rules, mix};

pub(crate) const RULES: Rules = Rules { episode: 150, floats: false, waits: false, words: 4, snapshots: 0 };

/// What a peer told.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Confirmed {
    pub(crate) frame: u32,
    pub(crate) episode: u32,
    pub(crate) actions: Vec<Vec<u8>>,
    pub(crate) hash: u64,
    pub(crate) chain: u64,
}

pub(crate) struct Player {
    pub(crate) peer: Peer,
    pub(crate) world: Chaos,
    pub(crate) confirmed: Vec<Confirmed>,
    pub(crate) told: Vec<String>,
    pub(crate) reports: Vec<(u8, u32, Vec<u8>)>,
    pub(crate) ended: Option<EndReason>,
    pub(crate) steps: Vec<(u32, u32)>,
    /// Whether its page gives it actions.
    pub(crate) acts: bool,
}

pub(crate) struct Letter {
    pub(crate) at: f64,
    pub(crate) from: u8,
    pub(crate) to: u8,
    pub(crate) bytes: Vec<u8>,
}

pub(crate) struct Table {
    pub(crate) players: Vec<Player>,
    pub(crate) letters: Vec<Letter>,
    pub(crate) now: f64,
    pub(crate) latency: f64,
    /// Which letters are lost.
    pub(crate) lost: Box<dyn Fn(f64, u8, u8) -> bool>,
    pub(crate) rules: Rules,
}

/// Options of seat `seat` of `people` people and a number of policies.
pub(crate) fn options(people: u8, policies: u8, seat: u8) -> Options {
    let longest = Chaos::longest(&RULES);
    let mut seats = vec![SeatKind::Person { longest }; people.into()];
    seats.extend(vec![SeatKind::Policy { longest }; policies.into()]);
    Options::new(7, 11, seats, seat)
}

pub(crate) fn player(options: Options, rules: Rules, now: f64, joins: bool) -> Player {
    let world = Chaos::new(Rules { snapshots: options.snapshots(), ..rules });
    let peer = if joins { Peer::join(options, now) } else { Peer::new(options, now) }.unwrap();
    Player {
        peer,
        world,
        confirmed: Vec::new(),
        told: Vec::new(),
        reports: Vec::new(),
        ended: None,
        steps: Vec::new(),
        acts: true,
    }
}

impl Table {
    pub(crate) fn new(people: u8, change: impl Fn(&mut Options)) -> Self {
        Self::with(people, 0, RULES, change)
    }

    pub(crate) fn with(people: u8, policies: u8, rules: Rules, change: impl Fn(&mut Options)) -> Self {
        let players = (0..people).map(|seat| {
            let mut options = options(people, policies, seat);
            change(&mut options);
            player(options, rules, 0.0, false)
        });
        let lost = Box::new(|_, _, _| false);
        Self { players: players.collect(), letters: Vec::new(), now: 0.0, latency: 40.0, lost, rules }
    }

    /// A peer hears of something.
    pub(crate) fn tell(&mut self, seat: u8, event: Event<'_>) {
        let (now, latency) = (self.now, self.latency);
        let player = &mut self.players[usize::from(seat)];
        let mut sent = Vec::new();
        let Player { peer, world, confirmed, told, reports, ended, steps, .. } = player;
        peer.handle(now, event, world, &mut |output| match output {
            Output::Send { to, bytes } => sent.push((to, bytes.to_vec())),
            Output::Confirmed { frame, episode, actions, hash, chain } => {
                confirmed.push(Confirmed { frame, episode, actions: copy(actions), hash, chain });
            }
            Output::Step { frame, predicted } => steps.push((frame, predicted)),
            Output::Report { seat, until, inputs } => reports.push((seat, until, inputs.to_vec())),
            Output::Ended { reason, .. } => {
                assert_eq!(ended.replace(reason), None, "a match ends once");
                told.push(format!("{output:?}"));
            }
            _ => told.push(format!("{output:?}")),
        });
        for (to, bytes) in sent {
            if !(self.lost)(now, seat, to) {
                self.letters.push(Letter { at: now + latency, from: seat, to, bytes });
            }
        }
    }

    pub(crate) fn tick(&mut self, seat: u8) {
        let player = &self.players[usize::from(seat)];
        let number = mix((self.now / 120.0) as u64 ^ (u64::from(seat) << 40));
        let action = Chaos::action(&self.rules, number);
        let action = player.acts.then_some(action.as_slice());
        self.tell(seat, Event::Tick { action });
    }

    /// Plays for so many milliseconds.
    pub(crate) fn run(&mut self, ms: f64) {
        let until = self.now + ms;
        while self.now < until {
            self.now += 1.0;
            let (due, rest) = core::mem::take(&mut self.letters).into_iter().partition(|letter| letter.at <= self.now);
            self.letters = rest;
            let due: Vec<Letter> = due;
            for Letter { from, to, bytes, .. } in due {
                self.tell(to, Event::Packet { from, bytes: &bytes });
            }
            for seat in 0..self.players.len() as u8 {
                while self.players[usize::from(seat)].peer.due().is_some_and(|due| due <= self.now) {
                    self.tick(seat);
                }
            }
        }
    }

    /// All have confirmed the same frames, as far as both have any, without gaps.
    pub(crate) fn check(&self) {
        let mut truth = std::collections::BTreeMap::new();
        for player in &self.players {
            assert_eq!(player.world.complaints, Vec::<String>::new());
            for confirmed in &player.confirmed {
                assert_eq!(truth.entry(confirmed.frame).or_insert(confirmed), &confirmed);
            }
            let mut frames = player.confirmed.iter().map(|confirmed| confirmed.frame);
            let first = frames.next().unwrap_or(0);
            assert!(frames.eq(first + 1..first + player.confirmed.len() as u32), "a gap, or a frame twice");
        }
    }
}

pub(crate) fn copy(actions: Actions<'_>) -> Vec<Vec<u8>> {
    actions.iter().map(<[u8]>::to_vec).collect()
}
