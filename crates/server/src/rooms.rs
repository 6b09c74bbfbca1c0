//! The rooms in which matches are played: packets go from one seat's socket to another's, and confirmed frames to the store. No lock is
//! held while anything is sent.
use std::collections::HashMap;
use std::sync::atomic::{AtomicU8, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use palaestra_lobby::message::Code;
use palaestra_lobby::{MatchFacts, SocketId};
use palaestra_protocol::server::{EVERYBODY, FromServer, MOST_SEATS};

use crate::clock::now_ms;
use crate::history::History;
use crate::limits::Pace;
use crate::outgoing::Outgoing;

/// The most who watch one match.
const MOST_WATCHERS: usize = 64;

/// A match's room.
pub(crate) struct Room {
    pub(crate) facts: MatchFacts,
    pub(crate) history: Mutex<History>,
    pub(crate) pace: Pace,
    /// Confirmed through so many frames, on disk.
    pub(crate) stored: AtomicU32,
    pub(crate) epoch: AtomicU32,
    /// Which seats have said what goes into the record's header: bit n for seat n.
    said_facts: AtomicU8,
    places: Mutex<Places>,
    pub(crate) relayed: AtomicU64,
}

#[derive(Default)]
struct Places {
    seats: [Option<(SocketId, Outgoing)>; MOST_SEATS as usize],
    watchers: Vec<Watcher>,
    /// For which seats a state is being made, and which socket asked for it last.
    wanted: [Option<SocketId>; MOST_SEATS as usize],
    /// Who sat there when the latest epoch's state was sent to all.
    renewed: [Option<SocketId>; MOST_SEATS as usize],
    /// Why the room is closed, once it is: nobody comes in any more.
    closed: Option<Code>,
}

impl Places {
    /// The socket that asked for a seat's state, where it sits there still.
    fn asked(&self, seat: u8) -> Option<&Outgoing> {
        let at = usize::from(seat);
        let (sitting, outgoing) = self.seats.get(at)?.as_ref()?;
        (*self.wanted.get(at)? == Some(*sitting)).then_some(outgoing)
    }
}

/// Somebody who watches.
struct Watcher {
    socket: SocketId,
    outgoing: Outgoing,
    /// Whether it has been brought to the present, and gets what is confirmed.
    admitted: bool,
}

/// Every room, by the match's name.
#[derive(Clone, Default)]
pub(crate) struct Rooms {
    rooms: Arc<RwLock<HashMap<String, Arc<Room>>>>,
}

/// A thread that panicked holding it has left what it guards as it was: there is nothing in it that can be half done.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Rooms {
    pub(crate) fn open(&self, facts: MatchFacts, history: History) -> Arc<Room> {
        let frames = history.len();
        let room = Arc::new(Room {
            epoch: AtomicU32::new(facts.epoch),
            pace: Pace::new(facts.fps, facts.created_ms, history.counted(), now_ms()),
            history: Mutex::new(history),
            stored: AtomicU32::new(frames),
            said_facts: AtomicU8::new(0),
            places: Mutex::default(),
            relayed: AtomicU64::new(0),
            facts,
        });
        let name = room.facts.match_id.clone();
        self.rooms.write().unwrap_or_else(PoisonError::into_inner).insert(name, Arc::clone(&room));
        room
    }

    pub(crate) fn get(&self, match_id: &str) -> Option<Arc<Room>> {
        self.rooms.read().unwrap_or_else(PoisonError::into_inner).get(match_id).cloned()
    }

    /// Closes every room, for whoever is in it to come back.
    pub(crate) fn close_all(&self, code: Code) {
        let rooms = std::mem::take(&mut *self.rooms.write().unwrap_or_else(PoisonError::into_inner));
        rooms.into_values().for_each(|room| room.shut(code));
    }

    pub(crate) fn close(&self, match_id: &str) -> Option<Arc<Room>> {
        let room = self.rooms.write().unwrap_or_else(PoisonError::into_inner).remove(match_id)?;
        room.shut(Code::MatchOver);
        Some(room)
    }
}

impl Room {
    /// How many seats of people there are.
    pub(crate) fn seats(&self) -> u8 {
        u8::try_from(self.facts.participants.len()).unwrap_or(MOST_SEATS)
    }

    /// Whether a seat says for the first time what goes into the record's header.
    pub(crate) fn says_facts(&self, seat: u8) -> bool {
        let bit = 1_u8.checked_shl(seat.into()).unwrap_or(0);
        self.said_facts.fetch_or(bit, Ordering::AcqRel) & bit == 0
    }

    /// A socket takes its seat; gives which seats have one now, as bits.
    pub(crate) fn sit(&self, seat: u8, socket: SocketId, outgoing: Outgoing) -> u8 {
        let mut places = lock(&self.places);
        if let Some(place) = places.seats.get_mut(usize::from(seat)) {
            *place = Some((socket, outgoing));
        }
        connected(&places)
    }

    /// Somebody comes to watch, and gets what is confirmed once [admitted](Self::admit_watcher); the code says why it may not.
    pub(crate) fn expect_watcher(&self, socket: SocketId, outgoing: &Outgoing) -> Result<(), Code> {
        let mut places = lock(&self.places);
        if let Some(code) = places.closed {
            return Err(code);
        }
        if places.watchers.len() >= MOST_WATCHERS {
            return Err(Code::TooMany);
        }
        places.watchers.push(Watcher { socket, outgoing: outgoing.clone(), admitted: false });
        Ok(())
    }

    /// Whether somebody who came to watch still waits to be admitted.
    pub(crate) fn expects(&self, socket: SocketId) -> bool {
        let places = lock(&self.places);
        places.closed.is_none() && places.watchers.iter().any(|watcher| watcher.socket == socket)
    }

    /// From now on whoever is still there gets what is confirmed.
    pub(crate) fn admit_watcher(&self, socket: SocketId) {
        let mut places = lock(&self.places);
        let found = places.watchers.iter_mut().find(|watcher| watcher.socket == socket);
        found.into_iter().for_each(|watcher| watcher.admitted = true);
    }

    /// A socket is gone.
    pub(crate) fn leave(&self, socket: SocketId) {
        let mut places = lock(&self.places);
        places.watchers.retain(|watcher| watcher.socket != socket);
        for place in &mut places.seats {
            if place.as_ref().is_some_and(|(sitting, _)| *sitting == socket) {
                *place = None;
            }
        }
    }

    /// A seat's socket asks for a state. Gives whether one has to be made: what is being made for the seat already goes to this socket.
    pub(crate) fn want_state(&self, seat: u8, socket: SocketId) -> bool {
        lock(&self.places).wanted.get_mut(usize::from(seat)).is_some_and(|wanted| wanted.replace(socket).is_none())
    }

    /// Whether whoever asked for a seat's state is still there. Where that is not so, none is to be made any more.
    pub(crate) fn wants_state(&self, seat: u8) -> bool {
        let mut places = lock(&self.places);
        let there = places.asked(seat).is_some();
        if !there && let Some(wanted) = places.wanted.get_mut(usize::from(seat)) {
            *wanted = None;
        }
        there
    }

    /// A seat's state was made. Gives who gets it.
    pub(crate) fn take_wanted(&self, seat: u8) -> Option<Outgoing> {
        let mut places = lock(&self.places);
        let found = places.asked(seat).cloned();
        if let Some(wanted) = places.wanted.get_mut(usize::from(seat)) {
            *wanted = None;
        }
        found
    }

    /// All seats get the state of a new epoch now.
    pub(crate) fn note_renewed(&self) {
        let mut places = lock(&self.places);
        places.renewed = places.seats.each_ref().map(|place| place.as_ref().map(|(socket, _)| *socket));
    }

    /// Whether a seat's socket came after the state of the present epoch was sent.
    pub(crate) fn missed(&self, seat: u8, socket: SocketId) -> bool {
        lock(&self.places).renewed.get(usize::from(seat)) != Some(&Some(socket))
    }

    pub(crate) fn connected(&self) -> u8 {
        connected(&lock(&self.places))
    }

    /// Passes a packet on, unread. To a seat without a socket it goes nowhere.
    pub(crate) fn relay(&self, from: u8, to: u8, packet: &[u8]) {
        let receivers: Vec<Outgoing> = {
            let places = lock(&self.places);
            let wanted = (0..)
                .zip(&places.seats)
                .filter(|(seat, _): &(u8, _)| *seat != from && (to == EVERYBODY || *seat == to));
            wanted.filter_map(|(_, place)| place.as_ref().map(|(_, outgoing)| outgoing.clone())).collect()
        };
        self.relayed.fetch_add(receivers.len() as u64, Ordering::Relaxed);
        let message = axum::extract::ws::Message::Binary(FromServer::Relay { from, packet }.write().into());
        for receiver in receivers {
            receiver.send(message.clone());
        }
    }

    pub(crate) fn to_seat(&self, seat: u8, message: &FromServer<'_>) {
        let receiver = lock(&self.places).seats.get(usize::from(seat)).cloned().flatten();
        if let Some((_, receiver)) = receiver {
            receiver.bytes(message.write());
        }
    }

    pub(crate) fn to_seats(&self, message: &FromServer<'_>, which: impl Fn(u8) -> bool) {
        let bytes = message.write();
        let receivers: Vec<Outgoing> = {
            let places = lock(&self.places);
            let wanted = (0..).zip(&places.seats).filter(|(seat, _): &(u8, _)| which(*seat));
            wanted.filter_map(|(_, place)| place.as_ref().map(|(_, outgoing)| outgoing.clone())).collect()
        };
        for receiver in receivers {
            receiver.bytes(bytes.clone());
        }
    }

    /// Whoever does not take it in time is cut off: nobody waits.
    pub(crate) fn to_watchers(&self, bytes: Vec<u8>) {
        let receivers: Vec<Outgoing> = {
            let places = lock(&self.places);
            places.watchers.iter().filter(|found| found.admitted).map(|found| found.outgoing.clone()).collect()
        };
        // One copy for all of them.
        let message = axum::extract::ws::Message::Binary(bytes.into());
        for receiver in receivers {
            receiver.send(message.clone());
        }
    }

    /// Closes everybody's socket, also of those who are still to be brought to the present.
    fn shut(&self, code: Code) {
        let everybody: Vec<Outgoing> = {
            let mut places = lock(&self.places);
            places.closed = Some(code);
            let seats = places.seats.iter().flatten().map(|(_, outgoing)| outgoing);
            seats.chain(places.watchers.iter().map(|watcher| &watcher.outgoing)).cloned().collect()
        };
        everybody.into_iter().for_each(|socket| socket.close(code));
    }
}

fn connected(places: &Places) -> u8 {
    (0..8).zip(&places.seats).filter(|(_, place)| place.is_some()).fold(0, |bits, (seat, _)| bits | 1 << seat)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn room() -> Arc<Room> {
        let facts = serde_json::json!({
            "match_id": "m", "lobby": "main", "env_id": "", "kwargs": {}, "participants": ["ann", "bob"], "seed": 1, "epoch": 0,
            "fps": 30.0, "created_ms": 0,
        });
        Rooms::default().open(serde_json::from_value(facts).unwrap(), History::new("m"))
    }

    #[test]
    fn a_state_is_made_once_and_goes_to_whoever_asked_last_if_that_is_there() {
        let room = room();
        let (first, _first_leaving) = crate::outgoing::queue(1, 100);
        let (second, _second_leaving) = crate::outgoing::queue(1, 100);
        room.sit(1, 7, first);
        assert!(room.want_state(1, 7));
        assert!(!room.want_state(1, 7), "it is being made");
        assert!(room.want_state(0, 3), "for another seat it is another one");
        // The connection is lost: nobody is there who asked.
        room.leave(7);
        assert!(!room.wants_state(1) && !room.wants_state(0));
        room.sit(1, 8, second);
        assert!(!room.wants_state(1));
        assert!(room.want_state(1, 8), "it is asked for anew");
        assert!(room.wants_state(1));
        assert!(!room.want_state(1, 8));
        assert!(room.take_wanted(1).is_some());
        assert!(room.take_wanted(1).is_none());
        // Lost while it is made, and back in time.
        assert!(room.want_state(1, 8) && room.wants_state(1));
        room.leave(8);
        let (third, _third_leaving) = crate::outgoing::queue(1, 100);
        room.sit(1, 9, third);
        assert!(!room.want_state(1, 9));
        assert!(room.take_wanted(1).is_some());
        assert!(!room.want_state(200, 1) && !room.wants_state(200) && room.take_wanted(200).is_none());
    }
}
