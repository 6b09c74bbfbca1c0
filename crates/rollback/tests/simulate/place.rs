//! A seat's machine, and the lives of the peer on it.
use palaestra_rollback::{EndReason, Peer, SeatSet};

use crate::plan::Plan;
use crate::world::{Chaos, Rules};

/// A peer from its start to the end of the match, or of its memory.
pub(crate) struct Life {
    /// The first frame that it confirms: it may have taken over a state. `None` while it has none.
    pub(crate) first: Option<u32>,
    /// The chain after each frame that it confirmed.
    pub(crate) chains: Vec<u64>,
    /// Who has left, as it was told.
    pub(crate) left: SeatSet,
    /// What was changed of its state behind its back: before which step, and which bits.
    pub(crate) changes: Vec<(u32, u64)>,
    /// It has lost its memory.
    pub(crate) forgotten: bool,
    pub(crate) ended: Option<(EndReason, u32)>,
    /// How many frames the server had, and could give, when it started.
    pub(crate) server_had: u32,
}

impl Life {
    fn new(first: Option<u32>, server_had: u32) -> Self {
        let (chains, changes) = (Vec::new(), Vec::new());
        Self { first, chains, left: SeatSet::NONE, changes, forgotten: false, ended: None, server_had }
    }

    /// The frame that it confirms next.
    pub(crate) fn next(&self) -> Option<u32> {
        self.first.map(|first| first + self.chains.len() as u32)
    }

    /// The chain after a frame that it confirmed.
    pub(crate) fn chain(&self, frame: u32) -> Option<u64> {
        self.chains.get(frame.checked_sub(self.first?)? as usize).copied()
    }

    /// It played to the match's end.
    pub(crate) fn survived(&self) -> bool {
        self.ended.is_some_and(|(reason, _)| !reason.is_leaving())
    }

    /// Whether it still knows what it confirmed, and plays, or has played to the end.
    pub(crate) fn remembers(&self) -> bool {
        !self.forgotten && self.ended.is_none_or(|(reason, _)| !reason.is_leaving())
    }
}

pub(crate) struct Place {
    pub(crate) peer: Option<Peer>,
    pub(crate) world: Chaos,
    /// Its lives up to now: its incarnation is how many there are.
    pub(crate) lives: Vec<Life>,
    /// For each frame what its worlds ever made of it, the latest last.
    played: Vec<Vec<u64>>,
    pub(crate) paused: f64,
    pub(crate) hidden: f64,
    pub(crate) relayed: Vec<bool>,
    /// Until when nothing goes to the server and comes from it, and when the latest that does arrives.
    pub(crate) cut: f64,
    pub(crate) up: f64,
    pub(crate) down: f64,
}

impl Place {
    pub(crate) fn new(plan: &Plan) -> Self {
        let relayed = plan.relayed && plan.authority == palaestra_rollback::Authority::Server;
        Self {
            peer: None,
            world: Chaos::new(Rules { snapshots: 1, ..plan.rules }),
            lives: Vec::new(),
            played: Vec::new(),
            paused: 0.0,
            hidden: 0.0,
            relayed: vec![relayed; plan.people.into()],
            cut: 0.0,
            up: 0.0,
            down: 0.0,
        }
    }

    pub(crate) fn incarnation(&self) -> u32 {
        self.lives.len() as u32
    }

    pub(crate) fn life(&self) -> &Life {
        self.lives.last().unwrap()
    }

    pub(crate) fn life_mut(&mut self) -> &mut Life {
        self.lives.last_mut().unwrap()
    }

    /// A peer starts, or starts anew.
    pub(crate) fn start(&mut self, plan: &Plan, seat: u8, now: f64, server_had: u32) {
        let first = self.lives.is_empty();
        self.lives.push(Life::new(first.then_some(0), server_had));
        let options = plan.options(seat, self.incarnation());
        self.world = Chaos::new(Rules { snapshots: options.snapshots(), ..plan.rules });
        self.world.log = Some(Vec::new());
        let peer = if first { Peer::new(options, now) } else { Peer::join(options, now) };
        self.peer = Some(peer.unwrap());
    }

    /// A peer loses all that it knows.
    pub(crate) fn crash(&mut self) -> bool {
        let crashes = self.peer.is_some() && self.life().ended.is_none();
        if crashes {
            self.peer = None;
            self.life_mut().forgotten = true;
        }
        crashes
    }

    /// Its state is changed behind its back.
    pub(crate) fn corrupt(&mut self, bits: u64) {
        if let Some(frame) = self.peer.as_ref().map(Peer::frame) {
            self.world.corrupt(bits);
            self.life_mut().changes.push((frame, bits));
        }
    }

    /// Takes in what its world has played since.
    pub(crate) fn note_played(&mut self) {
        for (frame, came_out) in self.world.log.iter_mut().flat_map(|log| log.drain(..)) {
            let at = frame as usize;
            if self.played.len() <= at {
                self.played.resize(at + 1, Vec::new());
            }
            let played = &mut self.played[at];
            played.retain(|before| *before != came_out);
            played.push(came_out);
        }
    }

    /// What its world made of a frame when it played it last.
    pub(crate) fn latest(&self, frame: u32) -> Option<u64> {
        self.played.get(frame as usize)?.last().copied()
    }

    /// Whether its world ever made that of a frame.
    pub(crate) fn has_played(&self, frame: u32, came_out: u64) -> bool {
        self.played.get(frame as usize).is_some_and(|played| played.contains(&came_out))
    }
}
