//! People's sessions, and the one way out of them.
use std::collections::BTreeMap;

use palaestra_session::{Event as SessionEvent, Reason, Session, State};

use crate::event::{EndedSession, Keep, KeptPerson, Output};
use crate::lobbies::Lobbies;
use crate::message::{Code, ServerMessage};
use crate::person::reason_of;
use crate::timers::TimerKey;

/// The least that somebody may wait who came back to the pool, in milliseconds.
const LEAST_WAIT_MS: u64 = 10_000;
/// After so many matches that came to nothing, it is the participant's own connection.
const MOST_FAILURES: u32 = 3;

impl Lobbies {
    pub(crate) fn state_of(&self, person: u64) -> Option<State> {
        let session = self.people.get(&person)?.session;
        self.sessions.get(session).ok().map(Session::state)
    }

    /// Takes a person's session where an event leads; the table says whether it may.
    pub(crate) fn apply(&mut self, person: u64, event: SessionEvent) -> bool {
        let Some(session) = self.people.get(&person).map(|person| person.session) else { return false };
        let Ok(transition) = self.sessions.apply(session, event, self.now as f64) else { return false };
        for action in transition.actions() {
            self.carry_out(person, action);
        }
        true
    }

    fn carry_out(&mut self, person: u64, action: palaestra_session::Action) {
        use palaestra_session::{Action, Timer};
        match action {
            Action::StartTimer(Timer::Waiting) => {
                let Some(found) = self.people.get(&person) else { return };
                let Some(lobby) = self.lobbies.get(found.lobby) else { return };
                let waiting = lobby.config.timeouts.waiting_ms;
                // Whoever comes back has waited, and then it was another's doing.
                let least = if found.waited_ms > 0 { LEAST_WAIT_MS } else { 0 };
                let left = waiting.saturating_sub(found.waited_ms).max(least);
                self.timers.set(TimerKey::Waiting(person), self.now.saturating_add(left));
            }
            Action::CancelTimer(Timer::Waiting) => {
                for timer in [TimerKey::Waiting(person), TimerKey::There(person), TimerKey::Place(person)] {
                    self.timers.cancel(timer);
                }
            }
            Action::StopLoop => {
                self.timers.cancel(TimerKey::Grace(person));
                self.timers.cancel(TimerKey::Absence(person));
            }
            // The validating timer is the match's. Play begins and ends by messages, and what was recorded is exported with the row of
            // the session; `release` lets go.
            Action::StartTimer(Timer::Validating)
            | Action::CancelTimer(Timer::Validating)
            | Action::StartLoop
            | Action::ExportData
            | Action::Release => {}
        }
    }

    /// Stores how a live person stands.
    pub(crate) fn keep_person(&mut self, person: u64) {
        let (Some(found), Some(state)) = (self.people.get(&person), self.state_of(person)) else { return };
        let Some(lobby) = self.lobbies.get(found.lobby) else { return };
        let seat = found.seat.and_then(|(game, seat)| Some((self.matches.get(&game)?.id.clone(), seat)));
        let Ok(session) = self.sessions.get(found.session) else { return };
        let kept = KeptPerson {
            lobby: lobby.id.clone(),
            participant: found.participant.clone(),
            group: found.group.clone(),
            order: found.order,
            waited_ms: found.waited_ms,
            state,
            seat,
            created_ms: Some(session.created_at() as u64),
            history: session.history().to_vec(),
        };
        self.out.push(Output::Keep(Keep::Person(kept)));
    }

    /// Ends and disposes of a person's session: the only way out. The order is always the same: the session ends (its timers go),
    /// it is stored, the seat and the place in the pool are given up, the participant is told, everything is let go.
    pub(crate) fn end_person(&mut self, person: u64, code: Code, message: Option<&str>) {
        let Some(ended) = self.close_session(person, code, false) else { return };
        let Some(mut gone) = self.people.remove(&person) else { return };
        let who = (gone.lobby, gone.participant);
        self.ids.remove(&who);
        let message = ServerMessage::Ended {
            reason: ended.reason,
            code,
            message: message.unwrap_or_else(|| code.message()).to_owned(),
            match_id: ended.seat.as_ref().map(|(name, _)| name.clone()),
            completion_code: ended.completion_code.clone(),
        };
        let played = ended.history.iter().any(|step| step.to == State::Playing);
        let played_in = ended.seat.as_ref().map(|(name, _)| name.clone()).filter(|_| played);
        match &played_in {
            Some(name) => self.keep_end(who.clone(), name, &message),
            // An end from before is not the latest any more.
            None => self.unheard.forget(&who),
        }
        if let Some(socket) = gone.socket.take() {
            self.send(socket, message);
            match played_in {
                Some(name) => {
                    self.session_over(socket, Some(name));
                    self.ask_whether_heard(socket, who);
                }
                None => {
                    self.session_over(socket, None);
                    self.close(socket, code);
                }
            }
        }
        self.out.push(Output::Keep(Keep::SessionEnded(ended)));
    }

    /// Sends a person back to the pool with the place kept, in a new session; somebody for whom it failed too often is let go.
    pub(crate) fn requeue(&mut self, person: u64, code: Code, blame: bool) {
        let Some(found) = self.people.get_mut(&person) else { return };
        found.failures += u32::from(blame);
        if found.failures >= MOST_FAILURES {
            return self.end_person(person, code, None);
        }
        let waited = self.waited_ms(person);
        let Some(ended) = self.close_session(person, code, true) else { return };
        let reason = ended.reason;
        self.out.push(Output::Keep(Keep::SessionEnded(ended)));
        let session = self.sessions.register(Session::new(self.now as f64));
        let Some(found) = self.people.get_mut(&person) else { return };
        found.session = session;
        found.waited_ms = waited;
        found.away = false;
        let socket = found.socket;
        self.enter_pool(person);
        let position = self.position(person);
        self.send_person(
            person,
            ServerMessage::Requeued { reason, code, message: code.message().to_owned(), position },
        );
        self.tell_person(person);
        if socket.is_none() {
            self.person_lost_socket(person);
        }
    }

    /// Ends and disposes of the session, and gives up seat and place.
    fn close_session(&mut self, person: u64, code: Code, requeued: bool) -> Option<EndedSession> {
        let found = self.people.get(&person)?;
        let (session, lobby, order) = (found.session, found.lobby, found.order);
        let disposal = self.sessions.dispose(session, reason_of(code), self.now as f64).ok()?;
        for action in disposal.actions() {
            self.carry_out(person, action);
        }
        let closed = self.sessions.remove(session).ok()?;
        debug_assert_eq!(self.sessions.prove_released(session), Ok(()));
        let found = self.people.get_mut(&person)?;
        let seat = found.seat.take();
        let participant = found.participant.clone();
        let played = closed.history().iter().any(|step| step.to == State::Playing);
        let lobby_found = self.lobbies.get_mut(lobby)?;
        if lobby_found.pool.remove(&order).is_some() {
            self.timers.set_if_idle(TimerKey::Tell(lobby), self.now + crate::waiting::TELL_MS);
            // Others may be a group now, or have to be asked whether they are there.
            self.dirty.insert(lobby);
        }
        let seat = seat.and_then(|(game, seat)| Some((self.matches.get(&game)?.id.clone(), seat)));
        let completion_code = if requeued { None } else { lobby_found.config.completion_codes.get(&code).cloned() };
        let lobby_id = lobby_found.id.clone();
        if played {
            self.has_played(lobby, participant.clone(), completion_code.clone());
        }
        Some(EndedSession {
            lobby: lobby_id,
            participant,
            seat,
            created_ms: closed.created_at() as u64,
            history: closed.history().to_vec(),
            reason: closed.ended_reason().unwrap_or(Reason::Closed),
            code,
            completion_code,
            requeued,
        })
    }

    /// How long a person has waited, in this session and those before, in milliseconds.
    pub(crate) fn waited_ms(&self, person: u64) -> u64 {
        let Some(found) = self.people.get(&person) else { return 0 };
        let Ok(session) = self.sessions.get(found.session) else { return found.waited_ms };
        let entered = session.history().iter().find(|step| step.to == State::Waiting).map(|step| step.at);
        let left = session.history().iter().find(|step| step.from == State::Waiting).map(|step| step.at);
        let until = left.unwrap_or(self.now as f64);
        found.waited_ms.saturating_add(entered.map_or(0, |entered| (until - entered).max(0.0) as u64))
    }

    /// People by their session's state, lobby by lobby; for figures.
    pub fn people_by_state(&self) -> BTreeMap<(String, State), usize> {
        let mut counts = BTreeMap::new();
        for (id, person) in &self.people {
            if let (Some(lobby), Some(state)) = (self.lobbies.get(person.lobby), self.state_of(*id)) {
                *counts.entry((lobby.id.clone(), state)).or_insert(0) += 1;
            }
        }
        counts
    }
}
