//! What goes wrong, when its time has come.
use palaestra_rollback::Event;

use crate::game::Game;
use crate::plan::What;
use crate::queue::Happening;
use crate::server::{FromServer, ToServer};

impl Game<'_> {
    pub(crate) fn go_wrong(&mut self, what: What) {
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
                if self.places[usize::from(peer)].crash() {
                    self.queue.add(now + back, peer, 0, Happening::Back);
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
                    place.corrupt(self.random.bits());
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
                    self.queue.add(now, to, 0, Happening::Packet { from, bytes });
                }
            }
        }
    }
}
