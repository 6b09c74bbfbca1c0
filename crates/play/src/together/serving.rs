//! What comes from the play socket, and from other browsers.
use palaestra_protocol::server::{FromServer, PeerState, SERVER_PROTOCOL, ToServer};
use palaestra_protocol::together::{PathKind, Told};
use palaestra_rollback::{Event, SeatSet, World};

use super::handshake::{Handshake, Heard};
use super::injected::Injected;
use super::port::MatchPort;
use super::socket::Act;

/// Packets that wait for the start, and their longest.
const MOST_EARLY: usize = 256;
const LONGEST_PACKET: usize = 4 << 10;

/// The close code of a server that speaks another protocol.
const OTHER_PROTOCOL: u16 = 4005;

impl MatchPort {
    /// The play socket is open.
    pub fn socket_opened(&mut self, now: f64) {
        self.socket.opened(now);
    }

    /// The play socket was closed, or could not be opened.
    pub fn socket_closed(&mut self, now: f64, code: u16, reason: &str) {
        let mut acts = Vec::new();
        self.socket.closed(now, code, |act| acts.push(act));
        acts.into_iter().for_each(|act| self.act(now, act, reason));
    }

    /// A packet came from the browser of a seat.
    pub fn packet(&mut self, now: f64, from: u8, packet: &[u8]) {
        if Handshake::is(packet) {
            match self.handshake.hear(now, from, packet) {
                Heard::Nothing => {}
                Heard::Everybody => {
                    let seats = u8::try_from(self.options.seats.len()).unwrap_or(u8::MAX);
                    let paths = self.handshake.paths(self.paths);
                    let told = Told::Validated { attempt: self.handshake.attempt(), seats, paths };
                    self.out.page(|out| told.write(out));
                }
                Heard::OtherWorld(theirs) => {
                    let told = Told::Desync { seat: from, frame: 0, mine: self.world.hash(), theirs };
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

    /// A message of the server's came on the play socket. One that is none is left alone.
    pub fn server(&mut self, now: f64, message: &[u8]) {
        self.socket.heard(now);
        let Ok(message) = FromServer::read(message) else { return };
        match message {
            FromServer::Welcome { protocol, seat, seats: _, epoch, frames, connected } => {
                if protocol != SERVER_PROTOCOL || seat != self.options.seat {
                    let out = &mut self.out;
                    self.socket.close(|_| out.disconnect());
                    let text = "expected a server of this protocol, and this browser's seat, found others";
                    return self.act(now, Act::Refused { code: OTHER_PROTOCOL }, text);
                }
                self.welcomed(now, seat, epoch, frames, connected);
            }
            FromServer::Relay { from, packet } => self.packet(now, from, packet),
            FromServer::Acknowledged(frames) => self.history.acknowledge(frames),
            FromServer::Pronounced { leaver, frames, first: _, inputs } => {
                self.hear(now, Event::Pronounced { seat: leaver, until: frames, inputs });
            }
            FromServer::State { state, .. } if self.peer.is_some() => {
                self.hear(now, Event::Checkpoint { bytes: state });
            }
            FromServer::State { state, .. } => self.early_state = Some(state.to_vec()),
            FromServer::Ping(t) => self.out.server(&ToServer::Pong(t).write()),
            FromServer::Peer { seat, state } => self.relay_reaches(now, seat, state),
            FromServer::ReportWanted { leaver, within_ms: _ } => self.hear(now, Event::Leaving { seat: leaver }),
            FromServer::Differs { seats, frame } => self.out.page(|out| Told::Differs { seats, frame }.write(out)),
            // Confirmed frames are for who only follows; whoever comes back gets the inputs of the others.
            FromServer::Confirmed(_) | FromServer::Pong(_) => {}
        }
        self.tell(now);
    }

    fn welcomed(&mut self, now: f64, seat: u8, epoch: u32, frames: u32, connected: u8) {
        self.socket.welcomed();
        self.history.connected(frames, self.joined_at.unwrap_or(0));
        self.out.page(|out| Told::SocketOpen { seat, epoch, frames, connected }.write(out));
        if !self.facts.is_empty() {
            self.out.server(&ToServer::Facts(&self.facts).write());
        }
        let own: SeatSet = [seat].into_iter().collect();
        for other in SeatSet::from_bits(connected).without(own).iter() {
            self.relay_reaches(now, other, PeerState::Connected);
        }
    }

    /// The relay reaches a seat, or not. Its path is another then: what was on its way may be lost.
    fn relay_reaches(&mut self, now: f64, seat: u8, state: PeerState) {
        let other = seat != self.options.seat && self.options.people().contains(seat);
        let Some(path) = self.paths.get_mut(usize::from(seat)).filter(|_| other) else { return };
        path.path = if state == PeerState::Connected { PathKind::Relay } else { PathKind::None };
        if state == PeerState::Connected {
            self.path(now, seat);
        }
        self.peer_is(seat, state);
    }

    /// Says to the core which path leads to a seat.
    pub(super) fn path(&mut self, now: f64, seat: u8) {
        let reliable = self.injected.as_ref().is_none_or(Injected::reliable);
        self.hear(now, Event::Path { seat, reliable });
    }
}
