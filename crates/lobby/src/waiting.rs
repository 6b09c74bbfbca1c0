//! The waitroom: the pool, what people in it are told, and who of them is put together.
use palaestra_session::{Event as SessionEvent, State};

use crate::lobbies::{Lobbies, Lobby};
use crate::matcher::Pool;
use crate::message::{Code, ServerMessage};
use crate::timers::TimerKey;

/// How often somebody who waits is told how that stands, at most, in milliseconds.
pub(crate) const TELL_MS: u64 = 1_000;
/// Who was heard so lately is there.
const FRESH_MS: u64 = 2_000;
/// A pool with more people than this is gone through at most every [`POOL_MS`].
const SMALL_POOL: usize = 64;
const POOL_MS: u64 = 200;

impl Lobbies {
    pub(crate) fn enter_pool(&mut self, person: u64) {
        if self.state_of(person) == Some(State::Created) && !self.apply(person, SessionEvent::Wait) {
            return;
        }
        let Some(found) = self.people.get(&person) else { return };
        let (lobby, order) = (found.lobby, found.order);
        let (first_time, now) = (found.waited_ms == 0, self.now);
        let Some(entered) = self.lobbies.get_mut(lobby) else { return };
        entered.pool.insert(order, person);
        if first_time {
            let since = entered.arrivals.0.map(|last| now.saturating_sub(last) as f64);
            let mean = since.map(|since| entered.arrivals.1.map_or(since, |mean| mean * 0.8 + since * 0.2));
            entered.arrivals = (Some(now), mean);
        }
        self.timers.set_if_idle(TimerKey::Tell(lobby), self.now + TELL_MS);
        self.keep_person(person);
        self.pool_changed(person);
    }

    /// Something changed about somebody in the pool: there may be a group now.
    pub(crate) fn pool_changed(&mut self, person: u64) {
        let Some(found) = self.people.get(&person) else { return };
        let Some(lobby) = self.lobbies.get(found.lobby).filter(|lobby| lobby.pool.contains_key(&found.order)) else {
            return;
        };
        if lobby.pool.len() <= SMALL_POOL {
            self.dirty.insert(found.lobby);
        } else {
            self.timers.set_if_idle(TimerKey::Pool(found.lobby), self.now + POOL_MS);
        }
    }

    /// Makes every match that there can be now, and asks those who are needed for one and were not heard of lately.
    pub(crate) fn put_together(&mut self, lobby: usize) {
        loop {
            let fresh = self.propose(lobby, true);
            if let Some(group) = fresh {
                self.make_match(lobby, &group);
                continue;
            }
            // With those who may not be there any more there may be a group: they are asked, and nobody is counted before they
            // answered.
            let Some(group) = self.propose(lobby, false) else { return };
            let ask: Vec<u64> = group.into_iter().filter(|person| !self.fresh(*person)).collect();
            ask.into_iter().for_each(|person| self.ask_there(person));
            return;
        }
    }

    fn propose(&self, lobby: usize, fresh_only: bool) -> Option<Vec<u64>> {
        let Lobby { pool, matcher, config, .. } = self.lobbies.get(lobby)?;
        let here = |person: &&u64| {
            self.people.get(*person).is_some_and(|found| found.socket.is_some())
                && (!fresh_only || self.fresh(**person))
        };
        let here: Vec<u64> = pool.values().filter(here).copied().collect();
        let size = config.people();
        if size == 0 || here.len() < size {
            return None;
        }
        let mut apart = std::collections::BTreeSet::new();
        for (index, person) in here.iter().enumerate() {
            let Some(found) = self.people.get(person).filter(|found| !found.apart.is_empty()) else { continue };
            let others = here.iter().enumerate().filter(|(_, other)| found.apart.contains(other));
            apart.extend(others.map(|(other, _)| (index.min(other), index.max(other))));
        }
        let candidates = here.iter().filter_map(|person| self.candidate(*person)).collect();
        let places = matcher.propose(&Pool { candidates, apart }, size)?;
        let group: Vec<u64> = places.iter().filter_map(|place| here.get(*place).copied()).collect();
        // A rule of somebody's own may be wrong: a match is complete, and nobody is in it twice.
        let distinct: std::collections::BTreeSet<_> = group.iter().collect();
        (group.len() == size && distinct.len() == size).then_some(group)
    }

    fn fresh(&self, person: u64) -> bool {
        let socket = self.people.get(&person).and_then(|person| self.sockets.get(&person.socket?));
        socket.is_some_and(|socket| self.now.saturating_sub(socket.last_heard) <= FRESH_MS)
    }

    fn ask_there(&mut self, person: u64) {
        if self.timers.due(TimerKey::There(person)).is_some() {
            return;
        }
        let Some(lobby) = self.people.get(&person).and_then(|person| self.lobbies.get(person.lobby)) else { return };
        let within_ms = lobby.config.timeouts.there_ms;
        self.send_person(person, ServerMessage::AreYouThere { within_ms });
        self.timers.set(TimerKey::There(person), self.now.saturating_add(within_ms));
    }

    /// Somebody who was asked did not answer: the socket is nobody's, the place is kept for a while.
    pub(crate) fn not_there(&mut self, person: u64) {
        if let Some(socket) = self.people.get(&person).and_then(|person| person.socket) {
            self.refuse(socket, Code::NotThere, Code::NotThere.message());
        }
    }

    pub(crate) fn person_lost_socket(&mut self, person: u64) {
        let state = self.state_of(person);
        let Some(found) = self.people.get_mut(&person) else { return };
        found.socket = None;
        self.timers.cancel(TimerKey::There(person));
        let Some(lobby) = self.lobbies.get(found.lobby) else { return };
        let (index, timeouts) = (found.lobby, lobby.config.timeouts);
        match state {
            Some(State::Waiting) => {
                self.timers.set(TimerKey::Place(person), self.now.saturating_add(timeouts.away_from_waitroom_ms));
                self.dirty.insert(index);
            }
            Some(State::Playing) if !self.plays_now(person) => {
                self.timers.set_if_idle(TimerKey::Grace(person), self.now.saturating_add(timeouts.grace_ms));
            }
            _ => {}
        }
    }

    /// The person's place among those who wait, from 1.
    pub(crate) fn position(&self, person: u64) -> usize {
        let Some(found) = self.people.get(&person) else { return 0 };
        let pool = self.lobbies.get(found.lobby).map(|lobby| &lobby.pool);
        pool.map_or(0, |pool| pool.range(..=found.order).count())
    }

    /// Tells everybody for whom something has changed how waiting stands.
    pub(crate) fn tell_waiting(&mut self, lobby: usize) {
        let Some(found) = self.lobbies.get(lobby) else { return };
        let people: Vec<u64> = found.pool.values().copied().collect();
        let count = people.len();
        for (index, person) in people.into_iter().enumerate() {
            let told = self.people.get(&person).and_then(|person| person.told);
            if told != Some((index + 1, count)) {
                self.tell(person, index + 1, count);
            }
        }
    }

    pub(crate) fn tell_person(&mut self, person: u64) {
        let position = self.position(person);
        let pool = self.people.get(&person).and_then(|person| self.lobbies.get(person.lobby));
        let count = pool.map_or(0, |lobby| lobby.pool.len());
        // Whoever is matched in this very moment has no place any more.
        if self.state_of(person) == Some(State::Waiting) {
            self.tell(person, position, count);
        }
    }

    fn tell(&mut self, person: u64, position: usize, count: usize) {
        let due = self.timers.due(TimerKey::Waiting(person)).unwrap_or(self.now);
        let timeout_left_ms = due.saturating_sub(self.now);
        let Some(found) = self.people.get_mut(&person) else { return };
        found.told = Some((position, count));
        let Some(lobby) = self.lobbies.get(found.lobby) else { return };
        let size = lobby.config.people();
        // So many more have to come before a group ends at this place or behind it.
        let groups = position.div_ceil(size.max(1));
        let missing = (groups * size).saturating_sub(count);
        let estimate_ms = lobby.arrivals.1.map(|mean| (mean * missing as f64) as u64);
        self.send_person(person, ServerMessage::Waiting { position, count, size, timeout_left_ms, estimate_ms });
    }
}
