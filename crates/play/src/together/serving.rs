//! What comes from the play socket.
use palaestra_protocol::server::{FromServer, PeerState, SERVER_PROTOCOL, ToServer};
use palaestra_protocol::together::Told;
use palaestra_rollback::{Event, SeatSet};

use super::port::MatchPort;
use super::socket::Act;

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
                if let Some(place) = self.leavers.get_mut(usize::from(leaver)) {
                    *place = Some((frames, inputs.to_vec()));
                }
                self.hear(now, Event::Pronounced { seat: leaver, until: frames, inputs });
            }
            FromServer::State { state, .. } if self.peer.is_some() => {
                self.hear(now, Event::Checkpoint { bytes: state });
                self.hear_of_leavers(now);
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

    /// What was pronounced, once more: before a state was there its inputs had no place. Twice does no harm.
    pub(super) fn hear_of_leavers(&mut self, now: f64) {
        let leavers = std::mem::take(&mut self.leavers);
        for (seat, found) in (0..).zip(&leavers) {
            if let Some((frames, inputs)) = found {
                self.hear(now, Event::Pronounced { seat, until: *frames, inputs });
            }
        }
        self.leavers = leavers;
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
}
