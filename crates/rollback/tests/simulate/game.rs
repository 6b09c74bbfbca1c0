//! One match as it is played: peers, paths and the server in one thread, one event after another.
use palaestra_rollback::{Authority, Event, Peer};

use crate::histories::Histories;
use crate::network::Paths;
use crate::place::Place;
use crate::plan::Plan;
use crate::queue::{Due, Happening, Queue};
use crate::random::Random;
use crate::seen::Seen;
use crate::server::{FromServer, Server, ToServer};
use crate::world::{Chaos, mix};

/// Between two signs of life for the server, and between two looks of its own.
const ALIVE: f64 = 100.0;
/// From a peer to the server, and back.
const TO_SERVER: f64 = 15.0;

pub(crate) struct Game<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) places: Vec<Place>,
    /// What was confirmed, by anybody.
    pub(crate) histories: Histories,
    pub(crate) complaints: Vec<String>,
    pub(crate) seen: Seen,
    pub(crate) trace: u64,
    /// Whether what the peers tell is printed.
    pub(crate) aloud: bool,
    pub(crate) server: Server,
    pub(crate) server_down: f64,
    pub(crate) paths: Paths,
    pub(crate) random: Random,
    pub(crate) now: f64,
    pub(crate) queue: Queue,
}

/// Nobody in particular.
const SERVER: u8 = 255;

impl<'a> Game<'a> {
    pub(crate) fn new(plan: &'a Plan) -> Self {
        let options = plan.options(0, 1);
        let mut queue = Queue::default();
        for (seat, start) in (0..plan.people).zip(&plan.starts) {
            queue.add(*start, seat, 0, Happening::Back);
        }
        for (at, fault) in plan.faults.iter().enumerate() {
            queue.add(fault.at, SERVER, 0, Happening::Fault(at));
        }
        if plan.authority == Authority::Server {
            queue.add(ALIVE, SERVER, 0, Happening::ServerLooks);
        }
        Self {
            places: (0..plan.people).map(|_| Place::new(plan)).collect(),
            histories: Histories::default(),
            complaints: Vec::new(),
            seen: Seen { matches: 1, lockstep: u64::from(plan.window == 0), ..Seen::default() },
            trace: 0,
            aloud: false,
            server: Server::new(&options, plan.rules, plan.people, (plan.server_gives, !plan.seed.is_multiple_of(3))),
            server_down: 0.0,
            paths: Paths::new(plan.network, plan.people),
            random: Random::new(plan.seed ^ 0x5eed),
            now: 0.0,
            queue,
            plan,
        }
    }

    pub(crate) fn drift(&self, seat: u8) -> f64 {
        1.0 + self.plan.drifts[usize::from(seat)]
    }

    /// Plays until nobody has anything to do.
    pub(crate) fn run(&mut self) {
        while let Some(Due { at, seat, incarnation, what }) = self.queue.next() {
            self.now = at;
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
            && !self.queue.comes_back()
    }

    fn happen(&mut self, seat: u8, incarnation: u32, what: Happening) {
        match what {
            Happening::Fault(at) => return self.go_wrong(self.plan.faults[at].what),
            Happening::ServerLooks => {
                self.queue.add(self.now + ALIVE, SERVER, 0, Happening::ServerLooks);
                if self.now >= self.server_down {
                    self.server.tick(self.now);
                    self.post();
                }
                return;
            }
            Happening::ToServer(message) => {
                if self.now < self.server_down {
                    self.queue.add(self.server_down, seat, incarnation, Happening::ToServer(message));
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
        if place.peer.is_none() || (incarnation != place.incarnation() && incarnation != 0) {
            return;
        }
        if place.paused > self.now {
            return self.queue.add(place.paused, seat, incarnation, what);
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
                self.queue.add(self.now + ALIVE, seat, incarnation, Happening::Alive);
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
        let (Some(due), incarnation) = (place.peer.as_ref().and_then(Peer::due), place.incarnation()) else { return };
        let at = (due / self.drift(seat)).max(self.now) + late;
        self.queue.add(at, seat, incarnation, Happening::Tick);
    }

    /// A peer starts, or starts anew.
    fn start(&mut self, seat: u8) {
        let (plan, now, local) = (self.plan, self.now, self.now * self.drift(seat));
        let server_had = if plan.server_gives { self.server.frames() } else { 0 };
        let place = &mut self.places[usize::from(seat)];
        place.start(plan, seat, local, server_had);
        let incarnation = place.incarnation();
        let first = incarnation == 1;
        if !first {
            self.tell_server(seat, ToServer::Hello);
        }
        for other in 0..plan.people {
            if self.places[usize::from(seat)].relayed[usize::from(other)] {
                self.tell(seat, Event::Path { seat: other, reliable: true });
            }
        }
        if plan.authority == Authority::Server {
            self.queue.add(now, seat, incarnation, Happening::Alive);
        }
        self.wake(seat);
    }

    pub(crate) fn tell_server(&mut self, seat: u8, message: ToServer) {
        if self.plan.authority != Authority::Server {
            return;
        }
        let place = &mut self.places[usize::from(seat)];
        place.up = place.up.max(self.now + TO_SERVER).max(place.cut);
        let (at, incarnation) = (place.up, place.incarnation());
        self.queue.add(at, seat, incarnation, Happening::ToServer(message));
    }

    pub(crate) fn post(&mut self) {
        for (seat, message) in std::mem::take(&mut self.server.posts) {
            let place = &mut self.places[usize::from(seat)];
            place.down = place.down.max(self.now + TO_SERVER).max(place.cut);
            let (at, incarnation) = (place.down, place.incarnation());
            self.queue.add(at, seat, incarnation, Happening::Told(message));
        }
    }
}
