//! After the program was stopped and started: people and matches as they were stored, without their sockets.
use palaestra_session::{Event as SessionEvent, Session, State};

use crate::event::{EndedSession, Keep, KeptLeaver, KeptMatch, KeptPerson, Output, Played, Restored};
use crate::game::{Match, Seat, Validation};
use crate::lobbies::Lobbies;
use crate::message::{Code, PartnerState};
use crate::person::{Person, reason_of};
use crate::timers::TimerKey;

/// So many tickets of a seat may have been given out without being stored: when the program was killed, or by an earlier version.
const UNSTORED_TICKETS: u32 = 16;

impl Lobbies {
    /// Takes up what was stored when the program stopped, at the time `now`: who waited has a place, who played has a seat, and
    /// each has as much time to come back as the lobby gives. Gives what is to be done; to be called before anything else.
    pub fn restore(&mut self, now: u64, restored: Restored) -> Vec<Output> {
        self.now = self.now.max(now);
        for Played { lobby, participant, completion_code } in restored.played {
            if let Some(lobby) = self.lobby_index(&lobby) {
                self.has_played(lobby, participant, completion_code);
            }
        }
        for (kept, frames) in restored.matches {
            self.restore_match(kept, frames);
        }
        for leaver in restored.leavers {
            self.restore_leaver(leaver);
        }
        let mut people = restored.people;
        people.sort_by_key(|person| person.order);
        for person in people {
            self.restore_person(person);
        }
        // Seats whose people were not stored are empty, and a match of empty seats is over.
        let games: Vec<u64> = self.matches.keys().copied().collect();
        for game in games {
            if self.matches.get(&game).is_some_and(|found| found.present().is_empty()) {
                self.end_match(game, Code::ServerError);
            }
            self.settle_restored(game);
        }
        std::mem::take(&mut self.out)
    }

    fn lobby_index(&self, id: &str) -> Option<usize> {
        self.lobbies.iter().position(|lobby| lobby.id == id)
    }

    fn restore_match(&mut self, kept: KeptMatch, frames: u32) {
        let lobby = self.lobby_index(&kept.facts.lobby).filter(|_| kept.state == State::Playing);
        let Some(lobby) = lobby else {
            // It had not begun, or its lobby is no more: its people wait again.
            let (match_id, code) = (kept.facts.match_id, Code::ServerError);
            let ended = Keep::MatchEnded { match_id: match_id.clone(), reason: reason_of(code), code, at_ms: self.now };
            self.out.extend([Output::Keep(ended), Output::MatchClosed { match_id }]);
            return;
        };
        let game = self.new_id();
        let seats = (0..8).zip(&kept.facts.participants).map(|(bit, participant): (u8, &String)| Seat {
            person: None,
            participant: participant.clone(),
            play: None,
            generation: kept.generations.get(usize::from(bit)).copied().unwrap_or(0),
            unstored: UNSTORED_TICKETS,
            state: if kept.gone >> bit & 1 == 1 { PartnerState::Gone } else { PartnerState::Reconnecting },
            ready: true,
            paths: None,
            finished: None,
            planned: false,
            settled: false,
        });
        let transport = self.lobbies.get(lobby).map(|lobby| lobby.config.transport).unwrap_or_default();
        let id = kept.facts.match_id.clone();
        // What an earlier version stored has no times, and a clock may have been set back since.
        let playing = kept.playing_ms.map_or(self.now, |at| at.min(self.now));
        let created = kept.facts.created_ms.min(playing);
        let restored = Match {
            id: id.clone(),
            lobby,
            session: self.sessions.register(Session::new(created as f64)),
            seats: seats.collect(),
            validation: Validation { attempt: 0, failed: 0, running: false, transport, until: self.now },
            input_delay: kept.input_delay,
            frames,
            leaving: Default::default(),
            pronounced: Default::default(),
            ending: kept.ending,
            over: false,
            finish_from: frames,
            lingering: Default::default(),
            watchers: 0,
            facts: kept.facts,
        };
        self.match_ids.insert(id, game);
        self.out.push(Output::MatchOpened(restored.facts.clone()));
        self.matches.insert(game, restored);
        for event in [SessionEvent::Wait, SessionEvent::Match, SessionEvent::Validate, SessionEvent::Play] {
            self.apply_match_at(playing, game, event);
        }
        // Where its time has passed meanwhile, all have theirs to come back and hear that.
        let grace_ms = self.lobbies.get(lobby).map_or(0, |lobby| lobby.config.timeouts.grace_ms);
        let back = self.now.saturating_add(grace_ms);
        if self.timers.due(TimerKey::Whole(game)).is_some_and(|due| due < back) {
            self.timers.set(TimerKey::Whole(game), back);
        }
    }

    fn restore_leaver(&mut self, kept: KeptLeaver) {
        let game = self.match_ids.get(&kept.match_id).and_then(|game| self.matches.get_mut(game));
        let Some(found) = game else { return };
        if let Some(seat) = found.seat(kept.leaver) {
            seat.settled = true;
            found.pronounced.insert(kept.leaver, (kept.frames, kept.first, kept.inputs));
        }
    }

    /// What a match was about to do when the program stopped: to say what counts of those who went, or to end.
    fn settle_restored(&mut self, game: u64) {
        let Some(found) = self.matches.get(&game).filter(|found| !found.over) else { return };
        let gone = found.gone();
        if found.ending.is_some() {
            let timeouts = self.lobbies.get(found.lobby).map(|lobby| lobby.config.timeouts).unwrap_or_default();
            // All have their time to come back first, and then as long as they would have had.
            let due = self.now.saturating_add(timeouts.grace_ms).saturating_add(timeouts.report_ms);
            self.timers.set(TimerKey::Finish(game), due);
        }
        (0..8).filter(|seat| gone >> seat & 1 == 1).for_each(|seat| self.settle_leaver(game, seat));
    }

    fn restore_person(&mut self, kept: KeptPerson) {
        let Some(lobby) = self.lobby_index(&kept.lobby) else { return self.end_restored(kept) };
        let game = kept.seat.as_ref().and_then(|(name, seat)| Some((*self.match_ids.get(name)?, *seat)));
        let seat = game.filter(|_| kept.state == State::Playing);
        let person = self.new_id();
        self.last_order = self.last_order.max(kept.order);
        let session = self.sessions.register(self.restored_session(&kept, seat.is_some()));
        let restored = Person {
            lobby,
            participant: kept.participant.clone(),
            group: kept.group,
            session,
            socket: None,
            order: kept.order,
            waited_ms: kept.waited_ms,
            rtt_ms: None,
            seat,
            away: false,
            failures: 0,
            apart: Default::default(),
            told: None,
        };
        self.ids.insert((lobby, kept.participant), person);
        self.people.insert(person, restored);
        let timeouts = self.lobbies.get(lobby).map(|lobby| lobby.config.timeouts).unwrap_or_default();
        match seat {
            Some((game, index)) => {
                if let Some(seat) = self.matches.get_mut(&game).and_then(|found| found.seat(index)) {
                    seat.person = Some(person);
                }
                self.timers.set(TimerKey::Grace(person), self.now.saturating_add(timeouts.grace_ms));
            }
            None => {
                self.enter_pool(person);
                self.timers.set(TimerKey::Place(person), self.now.saturating_add(timeouts.away_from_waitroom_ms));
                // Where the time to wait has passed meanwhile, there is as much as a place is kept.
                let left = timeouts.waiting_ms.saturating_sub(self.waited_ms(person));
                let left = left.max(timeouts.away_from_waitroom_ms.min(timeouts.waiting_ms));
                self.timers.set(TimerKey::Waiting(person), self.now.saturating_add(left));
            }
        }
    }

    /// The lobby of somebody is no more: the session ends, and is stored as every other one.
    fn end_restored(&mut self, kept: KeptPerson) {
        let code = Code::ServerError;
        let session = self.sessions.register(self.restored_session(&kept, kept.state == State::Playing));
        // Nothing hangs on it yet that would have to be let go.
        let _ = self.sessions.dispose(session, reason_of(code), self.now as f64);
        let Ok(closed) = self.sessions.remove(session) else { return };
        self.out.push(Output::Keep(Keep::SessionEnded(EndedSession {
            lobby: kept.lobby,
            participant: kept.participant,
            seat: kept.seat,
            created_ms: closed.created_at() as u64,
            history: closed.history().to_vec(),
            reason: closed.ended_reason().unwrap_or(reason_of(code)),
            code,
            completion_code: None,
            requeued: false,
        })));
    }

    /// The session of a person who plays, or else waits, with the times that it had. Whoever was on the way into a match that had not begun
    /// waits from now on.
    fn restored_session(&self, kept: &KeptPerson, plays: bool) -> Session {
        let now = self.now as f64;
        let mut session = Session::new(kept.created_ms.map_or(now, |at| now.min(at as f64)));
        let known = if plays || kept.state == State::Waiting { kept.history.as_slice() } else { &[] };
        let went = [SessionEvent::Wait, SessionEvent::Match, SessionEvent::Validate, SessionEvent::Play];
        for (index, event) in went.into_iter().take(if plays { 4 } else { 1 }).enumerate() {
            // None of it hangs on the person: whoever waits is timed by the caller, and a match has timers of its own.
            let _ = session.apply(event, known.get(index).map_or(now, |step| now.min(step.at)));
        }
        session
    }
}
