//! What a peer wants done is done, and held against the rules.
use palaestra_rollback::{Event, Output, Peer, SeatSet};

use crate::game::Game;
use crate::histories::Confirmed;
use crate::place::Life;
use crate::queue::Happening;
use crate::server::ToServer;
use crate::told::{Told, fold};
use crate::world::mix;

/// No packet is longer.
const LONGEST_PACKET: usize = 7_500;

impl Game<'_> {
    /// A peer hears of something, and what it wants done is done.
    pub(crate) fn tell(&mut self, seat: u8, event: Event<'_>) {
        let local = self.now * self.drift(seat);
        let at = usize::from(seat);
        let place = &mut self.places[at];
        let Some(peer) = place.peer.as_mut() else { return };
        let mut outputs = Vec::new();
        let (now, aloud) = (self.now, self.aloud);
        let mut trace = mix(self.trace ^ u64::from(seat) ^ self.now.to_bits());
        peer.handle(local, event, &mut place.world, &mut |output| {
            trace = mix(trace ^ fold(&output));
            if aloud && !matches!(output, Output::Send { .. } | Output::Step { .. }) {
                println!("{now:.1} seat {seat}: {output:?}");
            }
            outputs.push(Told::from(&output));
        });
        self.trace = trace;
        let complaints = place.world.complaints.drain(..).map(|complaint| format!("seat {seat}: {complaint}"));
        self.complaints.extend(complaints);
        place.note_played();
        for output in outputs {
            self.carry_out(seat, output);
        }
    }

    fn carry_out(&mut self, seat: u8, output: Told) {
        let at = usize::from(seat);
        match output {
            Told::Send { to, bytes } => self.send(seat, to, bytes),
            Told::Confirmed { frame, actions, hash, chain } => self.confirmed(seat, frame, actions, hash, chain),
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
            Told::Back => self.seen.back_in_time += 1,
            Told::Left { leaver, pronounced } => {
                self.places[at].life_mut().left.insert(leaver);
                self.seen.leavers += 1;
                self.seen.pronounced += u64::from(pronounced);
            }
            Told::Desync => {
                self.seen.desyncs += 1;
                let mut lives = self.places.iter().flat_map(|place| &place.lives);
                if !lives.any(|life| life.forgotten || !life.changes.is_empty()) {
                    self.complaints.push(format!("seat {seat}: states differ that nobody has changed"));
                }
                let epoch = self.places[at].peer.as_ref().map_or(0, Peer::epoch);
                self.tell_server(seat, ToServer::Desync { epoch });
            }
            Told::Resynced { frame, wrong } => {
                self.seen.named += u64::from(wrong);
                let life = self.places[at].life_mut();
                if life.first.is_none() {
                    life.first = Some(frame);
                    self.seen.joined += 1;
                } else {
                    self.seen.resyncs += 1;
                }
            }
            Told::EpisodeOver => self.seen.episodes += 1,
            Told::Ended { reason, frames } => {
                if self.places[at].life_mut().ended.replace((reason, frames)).is_some() {
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
            self.queue.add(at, to, 0, Happening::Packet { from, bytes: bytes.clone() });
        }
    }

    /// A peer confirms a frame: what then must hold, whoever has crashed and whoever has left.
    fn confirmed(&mut self, seat: u8, frame: u32, actions: Vec<u8>, hash: u64, chain: u64) {
        self.seen.frames += 1;
        let place = &mut self.places[usize::from(seat)];
        let life = place.life_mut();
        if life.next() != Some(frame) {
            self.complaints.push(format!("seat {seat}: confirms {frame}, expected {:?}", life.next()));
            return;
        }
        let before = frame.checked_sub(1).and_then(|before| life.chain(before));
        life.chains.push(chain);
        let alone = life.left.len() + 1 >= u32::from(self.plan.people);
        let changes = life.changes.iter().filter(|(at, _)| alone && *at == frame).map(|(_, bits)| *bits).collect();
        let told = Confirmed { before, actions: actions.clone(), hash, alone, changes };
        let complaint = self.histories.add(frame, chain, told);
        self.complaints.extend(complaint.map(|complaint| format!("seat {seat}: frame {frame} {complaint}")));
        self.complaints.extend(self.unshared(seat, frame, chain));
        if self.histories.forks_at(frame) {
            self.complaints.extend(self.overruled(seat, frame, chain));
        }
        self.tell_server(seat, ToServer::Confirmed { frame, actions, chain });
    }

    /// What is confirmed has been played by everybody who has not left, if not in this life of it then in one before. A state that is
    /// taken over says who had left for those who agreed on it.
    fn unshared(&self, seat: u8, frame: u32, chain: u64) -> Option<String> {
        let Some(came_out) = self.places[usize::from(seat)].latest(frame) else {
            return Some(format!("seat {seat}: confirms frame {frame}, which it has not played"));
        };
        let lives = self.places.iter().flat_map(|place| &place.lives);
        let confirmed = lives.filter(|life| life.chain(frame) == Some(chain));
        let left = confirmed.fold(SeatSet::NONE, |left, life| left.union(life.left));
        let lacks = |other: &u8| !self.places[usize::from(*other)].has_played(frame, came_out);
        let lacking: Vec<u8> = (0..self.plan.people).filter(|other| !left.contains(*other)).filter(lacks).collect();
        (!lacking.is_empty())
            .then(|| format!("seat {seat}: confirms frame {frame}, which seats {lacking:?} have not played so"))
    }

    /// A frame can be confirmed in two ways only where all have forgotten the first who play with who confirms the second, and no server
    /// had given them what it knew of it.
    fn overruled(&self, seat: u8, frame: u32, chain: u64) -> Option<String> {
        let life = self.places[usize::from(seat)].life();
        if !self.plan.forgets() || frame < life.server_had {
            return Some(format!("seat {seat}: frame {frame} is another than others confirmed"));
        }
        let knows_better = |other: &u8| {
            // Of two who play without each other one ends: see the verdict.
            let apart = |theirs: &Life| life.left.contains(*other) || theirs.left.contains(seat);
            let theirs = self.places[usize::from(*other)].lives.last();
            let theirs = theirs.filter(|theirs| theirs.remembers() && !apart(theirs));
            theirs.and_then(|theirs| theirs.chain(frame)).is_some_and(|theirs| theirs != chain)
        };
        let overruled = (0..self.plan.people).find(knows_better)?;
        Some(format!(
            "seat {seat}: frame {frame} is another than seat {overruled} confirmed, which has not forgotten it"
        ))
    }
}
