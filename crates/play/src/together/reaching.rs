//! Other browsers: what comes from them, and the ways that lead to them.
use palaestra_protocol::server::PeerState;
use palaestra_protocol::together::Told;
use palaestra_rollback::Event;

use super::handshake::{Handshake, Heard};
use super::injected::{Injected, send};
use super::paths::{Arrived, Way};
use super::port::MatchPort;

/// Packets that wait for the start, and their longest.
const MOST_EARLY: usize = 256;
const LONGEST_PACKET: usize = 4 << 10;
/// How long the handshake waits for direct connections that are being made, once everybody is reached.
const DIRECT_WAIT_MS: f64 = 1_500.0;

impl MatchPort {
    /// A direct connection to the browser of a seat is being made, or will not come.
    pub fn direct_expected(&mut self, seat: u8, comes: bool) {
        self.paths.expect(seat, comes);
    }

    /// There is a direct connection to the browser of a seat, in place of the one before. It may not be open yet: what is sent on it
    /// may get lost, as later on.
    pub fn direct_given(&mut self, now: f64, seat: u8) {
        if self.ended_at.is_some() || !self.paths.given(now, seat) {
            self.out.part(seat);
        }
    }

    /// The direct connection to the browser of a seat is gone.
    pub fn direct_closed(&mut self, now: f64, seat: u8) {
        self.paths.gone(seat);
        self.look_at_paths(now);
    }

    /// A packet came from the direct connection to the browser of a seat. One that says nothing is left alone.
    pub fn direct_packet(&mut self, now: f64, seat: u8, packet: &[u8]) {
        match self.paths.arrived(now, seat, packet) {
            Arrived::Probe => self.look_at_paths(now),
            Arrived::Packet => self.packet(now, seat, packet),
            Arrived::Refused => {}
        }
    }

    /// A packet came from the browser of a seat.
    pub fn packet(&mut self, now: f64, from: u8, packet: &[u8]) {
        if Handshake::is(packet) {
            match self.handshake.hear(now, from, packet) {
                Heard::Nothing => {}
                // Whoever is reached already may be so on a better way in a moment.
                Heard::Everybody if self.paths.pending() && self.handshake.lasts(now) < DIRECT_WAIT_MS => {}
                Heard::Everybody => {
                    self.handshake.done();
                    let seats = u8::try_from(self.options.seats.len()).unwrap_or(u8::MAX);
                    let paths = self.handshake.paths(self.paths.seat_paths());
                    let told = Told::Validated { attempt: self.handshake.attempt(), seats, paths };
                    self.out.page(|out| told.write(out));
                }
                Heard::OtherWorld(theirs) => {
                    let told = Told::Desync { seat: from, frame: 0, mine: self.world.begins_at, theirs };
                    self.out.page(|out| told.write(out));
                }
            }
        } else if self.peer.is_some() {
            self.hear(now, Event::Packet { from, bytes: packet });
            self.tell(now);
        } else if self.early.len() < MOST_EARLY && packet.len() <= LONGEST_PACKET {
            self.early.push((from, packet.to_vec()));
        }
    }

    /// The relay reaches a seat, or not. What was on its way there may be lost.
    pub(super) fn relay_reaches(&mut self, now: f64, seat: u8, state: PeerState) {
        if seat == self.options.seat || !self.options.people().contains(seat) {
            return;
        }
        let connected = state == PeerState::Connected;
        self.paths.relay_reaches(seat, connected);
        if connected {
            self.path(now, seat);
        }
        self.peer_is(seat, state);
    }

    /// Says on the direct connections what there is to say, and chooses the ways anew.
    pub(super) fn tend_paths(&mut self, now: f64) {
        if self.paths.due().is_none_or(|due| due > now) {
            return;
        }
        let mut probes = Vec::new();
        self.paths.probe(now, |seat, probe| probes.push((seat, probe.to_vec())));
        let Self { injected, paths, out, .. } = self;
        probes.iter().for_each(|(seat, probe)| send((injected, paths, out), now, *seat, probe));
        self.look_at_paths(now);
    }

    /// Chooses the ways to all seats anew.
    pub(super) fn look_at_paths(&mut self, now: f64) {
        if self.ended_at.is_none() {
            for seat in self.paths.look(now).iter() {
                self.handshake.path_changed(seat);
                self.path(now, seat);
            }
        }
    }

    /// Says to the core which path leads to a seat.
    pub(super) fn path(&mut self, now: f64, seat: u8) {
        let injected = self.injected.as_ref().is_none_or(Injected::reliable);
        let reliable = injected && self.paths.way(seat) == Way::Relay;
        self.hear(now, Event::Path { seat, reliable });
    }
}
