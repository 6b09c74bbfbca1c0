//! The server's part, as far as a match needs it: it relays, asks for reports and pronounces, takes in what was confirmed, replays it,
//! and gives states.
use palaestra_rollback::{Follower, JointAction, Options, World, write_report};

use crate::world::{Chaos, Rules};

/// Milliseconds without a sign of life after which a peer has left, and between two questions for a report.
const GRACE: f64 = 1_200.0;
const ASK_AGAIN: f64 = 300.0;

#[derive(Clone, Debug)]
pub(crate) enum ToServer {
    Alive,
    /// A peer has started anew.
    Hello,
    Leave,
    /// It does not hear another.
    Lost {
        seat: u8,
    },
    Report {
        seat: u8,
        until: u32,
        inputs: Vec<u8>,
    },
    Confirmed {
        frame: u32,
        actions: Vec<u8>,
        chain: u64,
    },
    Desync {
        epoch: u32,
    },
    Ended {
        leaves: bool,
    },
    Relay {
        to: u8,
        bytes: Vec<u8>,
    },
}

#[derive(Clone, Debug)]
pub(crate) enum FromServer {
    Leaving { seat: u8 },
    Pronounced { seat: u8, until: u32, inputs: Vec<u8> },
    Checkpoint { bytes: Vec<u8> },
    Path { seat: u8, relayed: bool },
    Packet { from: u8, bytes: Vec<u8> },
}

#[derive(Clone, Debug, PartialEq)]
enum Status {
    Playing,
    Leaving { asked: f64, reports: Vec<Option<(u32, Vec<u8>)>> },
    Left,
    Ended,
}

pub(crate) struct Server {
    status: Vec<Status>,
    heard: Vec<f64>,
    pronounced: Vec<FromServer>,
    epoch: u32,
    gives: bool,
    /// Whether it has the policies; without them, peers whose states differ go on from their own.
    knows_policies: bool,
    world: Chaos,
    follower: Follower,
    joint: JointAction,
    /// Frames that came before those that are missing.
    waiting: Vec<Option<(Vec<u8>, u64)>>,
    /// What it played again itself, from the first frame on: actions, the state's hash and the chain.
    pub(crate) played: Vec<(Vec<u8>, u64, u64)>,
    /// About which frames.
    pub(crate) complaints: Vec<(u32, String)>,
    pub(crate) posts: Vec<(u8, FromServer)>,
}

impl Server {
    pub(crate) fn new(options: &Options, rules: Rules, people: u8, (gives, knows_policies): (bool, bool)) -> Self {
        let mut world = Chaos::new(Rules { snapshots: 1, ..rules });
        let follower = Follower::new(options, &mut world);
        let longest = Chaos::longest(&rules);
        Self {
            status: vec![Status::Playing; people.into()],
            heard: vec![0.0; people.into()],
            pronounced: Vec::new(),
            epoch: 0,
            gives,
            knows_policies,
            world,
            follower,
            joint: JointAction::new(options.seats.iter().map(|_| longest)),
            waiting: Vec::new(),
            played: Vec::new(),
            complaints: Vec::new(),
            posts: Vec::new(),
        }
    }

    pub(crate) fn hear(&mut self, from: u8, message: ToServer, now: f64) {
        let at = usize::from(from);
        self.heard[at] = now;
        if self.status[at] == Status::Left && !matches!(message, ToServer::Report { .. }) {
            self.posts.push((from, FromServer::Pronounced { seat: from, until: 0, inputs: Vec::new() }));
            return;
        }
        match message {
            ToServer::Alive => {}
            ToServer::Hello => self.welcome(from),
            ToServer::Leave => self.part(from, now),
            ToServer::Lost { seat } => self.connect(from, seat),
            ToServer::Report { seat, until, inputs } => {
                if let Status::Leaving { reports, .. } = &mut self.status[usize::from(seat)] {
                    reports[at] = Some((until, inputs));
                }
            }
            ToServer::Confirmed { frame, actions, chain } => self.take_in(frame, actions, chain),
            ToServer::Desync { epoch } => self.resynchronise(epoch),
            ToServer::Ended { leaves: true } => self.part(from, now),
            ToServer::Ended { leaves: false } => self.status[at] = Status::Ended,
            ToServer::Relay { to, bytes } => self.posts.push((to, FromServer::Packet { from, bytes })),
        }
    }

    /// How many frames it can give.
    pub(crate) fn frames(&self) -> u32 {
        self.follower.frame()
    }

    fn playing(&self, seat: usize) -> bool {
        matches!(self.status[seat], Status::Playing)
    }

    /// Whoever starts anew gets the newest state, where that is the server's to give, and hears what the others know.
    fn welcome(&mut self, seat: u8) {
        let alone = (0..self.status.len()).filter(|other| self.playing(*other)).count() <= 1;
        if self.gives || alone || self.epoch > 0 {
            let mut bytes = Vec::new();
            self.follower.checkpoint(self.epoch, &self.world, &mut bytes);
            self.posts.push((seat, FromServer::Checkpoint { bytes }));
        }
        let told = self.pronounced.clone();
        self.posts.extend(told.into_iter().map(|told| (seat, told)));
    }

    /// Two peers that do not reach each other are relayed.
    fn connect(&mut self, a: u8, b: u8) {
        if self.playing(usize::from(a)) && self.playing(usize::from(b)) {
            self.posts.push((a, FromServer::Path { seat: b, relayed: true }));
            self.posts.push((b, FromServer::Path { seat: a, relayed: true }));
        }
    }

    fn part(&mut self, seat: u8, now: f64) {
        let at = usize::from(seat);
        if self.playing(at) {
            self.status[at] = Status::Leaving { asked: now - ASK_AGAIN, reports: vec![None; self.status.len()] };
        }
    }

    /// Looks who has left, asks the others again, and pronounces when all have answered: who does not has left as well.
    pub(crate) fn tick(&mut self, now: f64) {
        for seat in 0..self.status.len() {
            if self.playing(seat) && now - self.heard[seat] > GRACE {
                self.part(seat as u8, now);
            }
        }
        for seat in 0..self.status.len() {
            let others: Vec<usize> = (0..self.status.len()).filter(|other| self.playing(*other)).collect();
            let Status::Leaving { asked, reports } = &mut self.status[seat] else { continue };
            let missing: Vec<usize> = others.iter().copied().filter(|other| reports[*other].is_none()).collect();
            if missing.is_empty() {
                let best = reports.iter().flatten().max_by_key(|(until, _)| *until).cloned();
                let least = reports.iter().flatten().map(|(until, _)| *until).min();
                self.pronounce(seat as u8, best, least.unwrap_or(0));
            } else if now - *asked >= ASK_AGAIN {
                *asked = now;
                let ask = |other: usize| (other as u8, FromServer::Leaving { seat: seat as u8 });
                self.posts.extend(missing.into_iter().map(ask));
            }
        }
    }

    fn pronounce(&mut self, seat: u8, best: Option<(u32, Vec<u8>)>, least: u32) {
        self.status[usize::from(seat)] = Status::Left;
        let Some((until, inputs)) = best else { return };
        // Who confirmed more may have ended, or forgotten it.
        let known = self.follower.frame();
        let (until, inputs) = if known > until { (known, self.recorded(seat, least)) } else { (until, inputs) };
        self.follower.left(seat, until);
        let message = FromServer::Pronounced { seat, until, inputs };
        self.pronounced.push(message.clone());
        for other in 0..self.status.len() as u8 {
            self.posts.push((other, message.clone()));
        }
    }

    /// A seat's inputs that were confirmed, from a frame on.
    fn recorded(&mut self, seat: u8, first: u32) -> Vec<u8> {
        let mut actions = Vec::new();
        for (bytes, _, _) in &self.played[first as usize..] {
            self.joint.read(bytes);
            actions.push(self.joint.actions().get(seat).to_vec());
        }
        let mut inputs = Vec::new();
        write_report(first, &actions, &mut inputs);
        inputs
    }

    /// What a peer has confirmed: all say the same, and the replay comes to the same.
    fn take_in(&mut self, frame: u32, actions: Vec<u8>, chain: u64) {
        let at = frame as usize;
        if self.waiting.len() <= at {
            self.waiting.resize(at + 1, None);
        }
        match &self.waiting[at] {
            Some(known) if *known != (actions.clone(), chain) => {
                self.complaints.push((frame, "was confirmed to the server in two ways".to_owned()));
            }
            Some(_) => {}
            None => self.waiting[at] = Some((actions, chain)),
        }
        while let Some(Some((actions, chain))) = self.waiting.get(self.follower.frame() as usize) {
            let frame = self.follower.frame();
            let read = self.joint.read(actions);
            let played = self.follower.play(frame, self.joint.actions(), &mut self.world);
            if played.is_ok() {
                self.played.push((actions.clone(), self.world.hash(), self.follower.chain()));
            }
            if read.is_none() || played.is_err() || self.follower.chain() != *chain {
                let complaint = format!("comes out otherwise at the server: {read:?} {played:?}");
                self.complaints.push((frame, complaint));
                if played.is_err() {
                    return;
                }
            }
        }
    }

    fn resynchronise(&mut self, epoch: u32) {
        if epoch < self.epoch {
            return;
        }
        self.epoch += 1;
        let mut bytes = Vec::new();
        if self.knows_policies {
            self.follower.checkpoint(self.epoch, &self.world, &mut bytes);
        } else {
            self.follower.checkpoint_of_peers(self.epoch, &mut bytes);
        }
        for seat in 0..self.status.len() as u8 {
            self.posts.push((seat, FromServer::Checkpoint { bytes: bytes.clone() }));
        }
    }
}
