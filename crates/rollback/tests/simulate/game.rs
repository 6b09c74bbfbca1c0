//! One match as it is played: peers, paths and the server in one thread, one event after another.
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use palaestra_rollback::{Authority, EndReason, Event, LeaveReason, Output, Peer};

use crate::network::Paths;
use crate::plan::{Plan, What};
use crate::random::Random;
use crate::seen::Seen;
use crate::server::{FromServer, Server, ToServer};
use crate::world::{Chaos, Rules, mix};

/// Milliseconds of a match, at most.
const MOST_MS: f64 = 90_000.0;
/// Between two signs of life for the server, and between two looks of its own.
const ALIVE: f64 = 100.0;
/// From a peer to the server, and back.
const TO_SERVER: f64 = 15.0;
/// No packet is longer.
const LONGEST_PACKET: usize = 7_500;

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

pub(crate) struct Place {
    pub(crate) peer: Option<Peer>,
    pub(crate) world: Chaos,
    pub(crate) incarnation: u32,
    pub(crate) ended: Option<(EndReason, u32)>,
    paused: f64,
    hidden: f64,
    relayed: Vec<bool>,
    next: Option<u32>,
    reconnecting: Vec<bool>,
    /// Until when nothing goes to the server and comes from it, and when the latest that does arrives.
    cut: f64,
    up: f64,
    down: f64,
    /// Whether it has lost its memory, for ever or for a while.
    pub(crate) crashed: bool,
    /// Whether its state was changed behind its back, and who has left.
    corrupted: bool,
    left: u8,
}

pub(crate) struct Game<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) places: Vec<Place>,
    pub(crate) truth: BTreeMap<u32, (u64, Vec<u8>)>,
    pub(crate) complaints: Vec<String>,
    pub(crate) seen: Seen,
    pub(crate) trace: u64,
    server: Server,
    server_down: f64,
    paths: Paths,
    random: Random,
    now: f64,
    queue: BinaryHeap<Reverse<(u64, u64)>>,
    happenings: BTreeMap<u64, (u8, u32, Happening)>,
    count: u64,
}

pub(crate) static LOG: std::sync::OnceLock<()> = std::sync::OnceLock::new();
/// Nobody in particular.
const SERVER: u8 = 255;

impl<'a> Game<'a> {
    pub(crate) fn new(plan: &'a Plan) -> Self {
        let options = plan.options(0, 1);
        let places = (0..plan.people).map(|_| Place {
            peer: None,
            world: Chaos::new(Rules { snapshots: 1, ..plan.rules }),
            incarnation: 0,
            ended: None,
            paused: 0.0,
            hidden: 0.0,
            relayed: vec![plan.relayed && plan.authority == Authority::Server; plan.people.into()],
            next: None,
            reconnecting: vec![false; plan.people.into()],
            cut: 0.0,
            up: 0.0,
            down: 0.0,
            crashed: false,
            corrupted: false,
            left: 0,
        });
        let mut game = Self {
            places: places.collect(),
            truth: BTreeMap::new(),
            complaints: Vec::new(),
            seen: Seen { matches: 1, lockstep: u64::from(plan.window == 0), ..Seen::default() },
            trace: 0,
            server: Server::new(&options, plan.rules, plan.people, plan.server_gives),
            server_down: 0.0,
            paths: Paths::new(plan.network, plan.people),
            random: Random::new(plan.seed ^ 0x5eed),
            now: 0.0,
            queue: BinaryHeap::new(),
            happenings: BTreeMap::new(),
            count: 0,
            plan,
        };
        for seat in 0..plan.people {
            game.happens(plan.starts[usize::from(seat)], seat, 0, Happening::Back);
        }
        for at in 0..plan.faults.len() {
            game.happens(plan.faults[at].at, SERVER, 0, Happening::Fault(at));
        }
        if plan.authority == Authority::Server {
            game.happens(ALIVE, SERVER, 0, Happening::ServerLooks);
        }
        game
    }

    fn happens(&mut self, at: f64, seat: u8, incarnation: u32, what: Happening) {
        if at < MOST_MS {
            self.count += 1;
            self.queue.push(Reverse(((at * 1000.0).ceil() as u64, self.count)));
            self.happenings.insert(self.count, (seat, incarnation, what));
        }
    }

    fn drift(&self, seat: u8) -> f64 {
        1.0 + self.plan.drifts[usize::from(seat)]
    }

    /// Plays until nobody has anything to do.
    pub(crate) fn run(&mut self) {
        while let Some(Reverse((at, number))) = self.queue.pop() {
            self.now = at as f64 / 1000.0;
            let Some((seat, incarnation, what)) = self.happenings.remove(&number) else { continue };
            self.happen(seat, incarnation, what);
            if self.complaints.len() > 3 || self.is_over() {
                break;
            }
        }
    }

    fn is_over(&self) -> bool {
        let begun = self.now > 1_000.0;
        begun
            && self.places.iter().all(|place| place.peer.as_ref().is_none_or(|peer| peer.due().is_none()))
            && !self.comes_back()
    }

    fn comes_back(&self) -> bool {
        self.happenings.values().any(|(_, _, what)| matches!(what, Happening::Back))
    }

    fn happen(&mut self, seat: u8, incarnation: u32, what: Happening) {
        match what {
            Happening::Fault(at) => return self.go_wrong(self.plan.faults[at].what),
            Happening::ServerLooks => {
                self.happens(self.now + ALIVE, SERVER, 0, Happening::ServerLooks);
                if self.now >= self.server_down {
                    self.server.tick(self.now);
                    self.post();
                }
                return;
            }
            Happening::ToServer(message) => {
                if self.now < self.server_down {
                    self.happens(self.server_down, seat, incarnation, Happening::ToServer(message));
                } else {
                    self.server.hear(seat, message, self.now);
                    self.post();
                }
                return;
            }
            Happening::Back => return self.start(seat),
            _ => {}
        }
        let place = &self.places[usize::from(seat)];
        if place.peer.is_none() || (incarnation != place.incarnation && incarnation != 0) {
            return;
        }
        if place.paused > self.now {
            return self.happens(place.paused, seat, incarnation, what);
        }
        match what {
            Happening::Tick => {
                let hidden = place.hidden > self.now;
                let number = mix((self.now / 150.0) as u64 ^ (u64::from(seat) << 40) ^ self.plan.seed);
                let action = Chaos::action(&self.plan.rules, number);
                let waits = self.plan.rules.waits && number.is_multiple_of(3);
                let action = (!hidden && !waits).then_some(action.as_slice());
                self.tell(seat, Event::Tick { action });
                self.wake(seat);
            }
            Happening::Alive => {
                self.happens(self.now + ALIVE, seat, incarnation, Happening::Alive);
                self.tell_server(seat, ToServer::Alive);
            }
            Happening::Packet { from, bytes } => self.tell(seat, Event::Packet { from, bytes: &bytes }),
            Happening::Told(told) => self.told(seat, told),
            _ => {}
        }
    }

    fn told(&mut self, seat: u8, told: FromServer) {
        match told {
            FromServer::Leaving { seat: leaver } => self.tell(seat, Event::Leaving { seat: leaver }),
            FromServer::Pronounced { seat: leaver, until, inputs } => {
                self.tell(seat, Event::Pronounced { seat: leaver, until, inputs: &inputs });
            }
            FromServer::Checkpoint { bytes } => self.tell(seat, Event::Checkpoint { bytes: &bytes }),
            FromServer::Path { seat: other, relayed } => {
                let path = &mut self.places[usize::from(seat)].relayed[usize::from(other)];
                if *path != relayed {
                    *path = relayed;
                    *(if relayed { &mut self.seen.relayed } else { &mut self.seen.direct }) += 1;
                    self.tell(seat, Event::Path { seat: other, reliable: relayed });
                }
            }
            FromServer::Packet { from, bytes } => self.tell(seat, Event::Packet { from, bytes: &bytes }),
        }
    }

    /// The next tick is due some time later; a timer is up to a millisecond late.
    fn wake(&mut self, seat: u8) {
        let late = self.random.between(0.0, 1.0);
        let place = &self.places[usize::from(seat)];
        let (Some(due), incarnation) = (place.peer.as_ref().and_then(Peer::due), place.incarnation) else { return };
        let at = (due / self.drift(seat)).max(self.now) + late;
        self.happens(at, seat, incarnation, Happening::Tick);
    }

    /// A peer starts, or starts anew.
    fn start(&mut self, seat: u8) {
        let (plan, now, drift) = (self.plan, self.now, self.drift(seat));
        let place = &mut self.places[usize::from(seat)];
        place.incarnation += 1;
        let options = plan.options(seat, place.incarnation);
        place.world = Chaos::new(Rules { snapshots: options.snapshots(), ..plan.rules });
        let first = place.incarnation == 1;
        let peer = if first { Peer::new(options, now * drift) } else { Peer::join(options, now * drift) };
        place.peer = Some(peer.unwrap());
        place.next = first.then_some(0);
        let incarnation = place.incarnation;
        if !first {
            self.tell_server(seat, ToServer::Hello);
        }
        for other in 0..plan.people {
            if self.places[usize::from(seat)].relayed[usize::from(other)] {
                self.tell(seat, Event::Path { seat: other, reliable: true });
            }
        }
        if plan.authority == Authority::Server {
            self.happens(now, seat, incarnation, Happening::Alive);
        }
        self.wake(seat);
    }

    fn tell_server(&mut self, seat: u8, message: ToServer) {
        if self.plan.authority != Authority::Server {
            return;
        }
        let place = &mut self.places[usize::from(seat)];
        place.up = place.up.max(self.now + TO_SERVER).max(place.cut);
        let (at, incarnation) = (place.up, place.incarnation);
        self.happens(at, seat, incarnation, Happening::ToServer(message));
    }

    fn post(&mut self) {
        for (seat, message) in std::mem::take(&mut self.server.posts) {
            let place = &mut self.places[usize::from(seat)];
            place.down = place.down.max(self.now + TO_SERVER).max(place.cut);
            let (at, incarnation) = (place.down, place.incarnation);
            self.happens(at, seat, incarnation, Happening::Told(message));
        }
    }

    fn go_wrong(&mut self, what: What) {
        let now = self.now;
        match what {
            What::Cut { from, to, ms } => self.paths.cut(from, to, now + ms),
            What::CutServer { peer, ms } => self.places[usize::from(peer)].cut = now + ms,
            What::Pause { peer, ms } => {
                let place = &mut self.places[usize::from(peer)];
                place.paused = place.paused.max(now + ms);
            }
            What::Hide { peer, ms } => self.places[usize::from(peer)].hidden = now + ms,
            What::Crash { peer, back } => {
                let place = &mut self.places[usize::from(peer)];
                if place.ended.is_none() && place.peer.take().is_some() {
                    place.crashed = true;
                    self.happens(now + back, peer, 0, Happening::Back);
                }
            }
            What::Leave { peer } => {
                if self.places[usize::from(peer)].peer.as_ref().is_some_and(|peer| peer.ended().is_none()) {
                    self.tell(peer, Event::Leave);
                    self.tell_server(peer, ToServer::Leave);
                }
            }
            What::Corrupt { peer } => {
                let place = &mut self.places[usize::from(peer)];
                if place.peer.is_some() {
                    place.world.corrupt(self.random.bits());
                    place.corrupted = true;
                }
            }
            What::Path { a, b, relayed } => {
                self.server.posts.push((a, FromServer::Path { seat: b, relayed }));
                self.server.posts.push((b, FromServer::Path { seat: a, relayed }));
                self.post();
            }
            What::ServerDown { ms } => self.server_down = self.server_down.max(now + ms),
            What::Noise { from, to } => {
                for length in 0..40 {
                    let bytes = (0..length).map(|_| self.random.bits() as u8).collect();
                    self.happens(now, to, 0, Happening::Packet { from, bytes });
                }
            }
        }
    }

    /// A peer hears of something, and what it wants done is done.
    fn tell(&mut self, seat: u8, event: Event<'_>) {
        let local = self.now * self.drift(seat);
        let at = usize::from(seat);
        let place = &mut self.places[at];
        let Some(peer) = place.peer.as_mut() else { return };
        let mut outputs = Vec::new();
        let now = self.now;
        let mut trace = mix(self.trace ^ u64::from(seat) ^ self.now.to_bits());
        peer.handle(local, event, &mut place.world, &mut |output| {
            trace = mix(trace ^ fold(&output));
            if LOG.get().is_some() && !matches!(output, Output::Send { .. } | Output::Step { .. }) {
                println!("{now:.1} seat {seat}: {output:?}");
            }
            outputs.push(Told::from(&output));
        });
        self.trace = trace;
        let complaints = place.world.complaints.drain(..).map(|complaint| format!("seat {seat}: {complaint}"));
        self.complaints.extend(complaints);
        for output in outputs {
            self.carry_out(seat, output);
        }
    }

    fn carry_out(&mut self, seat: u8, output: Told) {
        let at = usize::from(seat);
        match output {
            Told::Send { to, bytes } => self.send(seat, to, bytes),
            Told::Confirmed { frame, actions, chain } => self.confirmed(seat, frame, actions, chain),
            Told::Step { predicted } => {
                if predicted > self.plan.window {
                    self.complaints.push(format!("seat {seat}: {predicted} frames are predicted"));
                }
            }
            Told::Lost { other, said_so } => {
                if !said_so {
                    self.seen.lost += 1;
                    self.tell_server(seat, ToServer::Lost { seat: other });
                }
            }
            Told::Report { leaver, until, inputs } => {
                self.tell_server(seat, ToServer::Report { seat: leaver, until, inputs });
            }
            Told::Reconnecting { other } => self.places[at].reconnecting[usize::from(other)] = true,
            Told::Back { other } => {
                self.seen.back_in_time += 1;
                self.places[at].reconnecting[usize::from(other)] = false;
            }
            Told::Left { pronounced } => {
                self.places[at].left += 1;
                self.seen.leavers += 1;
                self.seen.pronounced += u64::from(pronounced);
            }
            Told::Desync => {
                self.seen.desyncs += 1;
                let epoch = self.places[at].peer.as_ref().map_or(0, Peer::epoch);
                self.tell_server(seat, ToServer::Desync { epoch });
            }
            Told::Resynced { frame, wrong } => {
                self.seen.named += u64::from(wrong);
                let place = &mut self.places[at];
                if place.next.is_none() {
                    place.next = Some(frame);
                    self.seen.joined += 1;
                } else {
                    self.seen.resyncs += 1;
                }
            }
            Told::EpisodeOver => self.seen.episodes += 1,
            Told::Ended { reason, frames } => {
                if self.places[at].ended.replace((reason, frames)).is_some() {
                    self.complaints.push(format!("seat {seat}: ended twice"));
                }
                self.tell_server(seat, ToServer::Ended { leaves: reason.is_leaving() });
            }
            Told::Other => {}
        }
    }

    fn send(&mut self, from: u8, to: u8, bytes: Vec<u8>) {
        if bytes.len() > LONGEST_PACKET {
            self.complaints.push(format!("seat {from}: a packet of {} bytes", bytes.len()));
        }
        if self.places[usize::from(from)].relayed[usize::from(to)] {
            return self.tell_server(from, ToServer::Relay { to, bytes });
        }
        for at in self.paths.send(from, to, self.now, &mut self.random) {
            // Whoever has started anew meanwhile gets it all the same.
            self.happens(at, to, 0, Happening::Packet { from, bytes: bytes.clone() });
        }
    }

    fn confirmed(&mut self, seat: u8, frame: u32, actions: Vec<u8>, chain: u64) {
        self.seen.frames += 1;
        let place = &mut self.places[usize::from(seat)];
        if place.next != Some(frame) {
            self.complaints.push(format!("seat {seat}: confirms {frame}, expected {:?}", place.next));
        }
        place.next = Some(frame + 1);
        let known = self.truth.entry(frame).or_insert_with(|| (chain, actions.clone()));
        if *known != (chain, actions.clone()) {
            self.complaints.push(format!("seat {seat}: frame {frame} is another than others confirmed"));
        }
        self.tell_server(seat, ToServer::Confirmed { frame, actions, chain });
    }

    pub(crate) fn server_complaints(&self) -> &[String] {
        &self.server.complaints
    }

    /// Whether somebody whose state was changed may have played alone: nobody is there then who could notice.
    pub(crate) fn is_unwitnessed(&self) -> bool {
        self.places.iter().any(|place| place.corrupted && place.left + 1 >= self.plan.people)
    }
}

/// What is done about an output, without its borrows.
enum Told {
    Send { to: u8, bytes: Vec<u8> },
    Step { predicted: u32 },
    Confirmed { frame: u32, actions: Vec<u8>, chain: u64 },
    Lost { other: u8, said_so: bool },
    Report { leaver: u8, until: u32, inputs: Vec<u8> },
    Reconnecting { other: u8 },
    Back { other: u8 },
    Left { pronounced: bool },
    Desync,
    Resynced { frame: u32, wrong: bool },
    EpisodeOver,
    Ended { reason: EndReason, frames: u32 },
    Other,
}

impl Told {
    fn from(output: &Output<'_>) -> Self {
        match *output {
            Output::Send { to, bytes } => Self::Send { to, bytes: bytes.to_vec() },
            Output::Step { predicted, .. } => Self::Step { predicted },
            Output::Confirmed { frame, actions, chain, .. } => {
                let mut bytes = Vec::new();
                actions.write(&mut bytes);
                Self::Confirmed { frame, actions: bytes, chain }
            }
            Output::Lost { seat: other, said_so } => Self::Lost { other, said_so },
            Output::Report { seat: leaver, until, inputs } => Self::Report { leaver, until, inputs: inputs.to_vec() },
            Output::Reconnecting { seat: other } => Self::Reconnecting { other },
            Output::Back { seat: other } => Self::Back { other },
            Output::Left { reason, .. } => Self::Left { pronounced: reason == LeaveReason::Pronounced },
            Output::Desync { .. } => Self::Desync,
            Output::Resynced { frame, wrong, .. } => Self::Resynced { frame, wrong: !wrong.is_empty() },
            Output::EpisodeOver { .. } => Self::EpisodeOver,
            Output::Ended { reason, frames } => Self::Ended { reason, frames },
            Output::EpisodeBegan { .. } | Output::Stalled { .. } => Self::Other,
        }
    }
}

/// A number for what an output is.
fn fold(output: &Output<'_>) -> u64 {
    match *output {
        Output::Send { to, bytes } => {
            bytes.iter().fold(u64::from(to), |all, byte| all.rotate_left(5) ^ u64::from(*byte))
        }
        Output::Step { frame, predicted } => mix(u64::from(frame) << 32 | u64::from(predicted)),
        Output::Confirmed { frame, chain, hash, .. } => mix(chain ^ hash ^ u64::from(frame)),
        Output::Ended { reason, frames } => mix(reason as u64 + 1) ^ u64::from(frames),
        Output::Stalled { by } => mix(u64::from(by.bits()) << 8),
        _ => 1,
    }
}
