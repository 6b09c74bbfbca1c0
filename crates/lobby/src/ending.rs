//! How a match ends, and what is left to do then.
use palaestra_session::Session;

use crate::event::{Keep, Output, Verified};
use crate::lobbies::Lobbies;
use crate::message::{Code, PartnerState, ServerMessage};
use crate::person::reason_of;
use crate::timers::TimerKey;

/// How long an ended match hears the last batches, in milliseconds.
const LINGER_MS: u64 = 5_000;

impl Lobbies {
    /// Ends the session of somebody who has a seat; the others are told that the seat is empty.
    pub(crate) fn end_person_in_match(&mut self, person: u64, code: Code) {
        let Some((game, index)) = self.people.get(&person).and_then(|person| person.seat) else {
            return self.end_person(person, code, None);
        };
        let over = self.matches.get(&game).is_none_or(|found| found.over);
        let play = self.matches.get(&game).and_then(|found| found.seats.get(usize::from(index))?.play);
        self.vacate(person);
        self.end_person(person, code, None);
        if over {
            return;
        }
        if let Some(socket) = play {
            self.out.push(Output::Close { socket, code: Code::MatchOver });
        }
        self.tell_gone(game, index, code);
        self.keep_match(game);
    }

    fn tell_gone(&mut self, game: u64, index: u8, code: Code) {
        let Some(found) = self.matches.get(&game) else { return };
        let (match_id, present) = (found.id.clone(), found.present());
        let state = PartnerState::Gone;
        self.out.push(Output::Peer { match_id: match_id.clone(), seat: index, state: state.into() });
        for (_, person) in present {
            let message = ServerMessage::Partner {
                match_id: match_id.clone(),
                seat: index,
                state,
                away: false,
                reason: Some(reason_of(code)),
                grace_left_ms: None,
            };
            self.send_person(person, message);
        }
    }

    /// Ends a match for everybody who is in it.
    pub(crate) fn end_match(&mut self, game: u64, code: Code) {
        let Some(found) = self.matches.get(&game).filter(|found| !found.over) else { return };
        let present = found.present();
        self.close_match(game, code);
        for (_, person) in present {
            self.end_person_in_match(person, code);
        }
    }

    /// Ends and disposes of the match's own session. Its play sockets stay open for the last batches.
    pub(crate) fn close_match(&mut self, game: u64, code: Code) {
        let Some(found) = self.matches.get_mut(&game).filter(|found| !found.over) else { return };
        found.over = true;
        let (session, match_id) = (found.session, found.id.clone());
        found.leaving.clear();
        found.pronounced.clear();
        // A match's timers are all it has to let go of; what it recorded streams in, and its people end one by one.
        let _ = self.sessions.dispose(session, reason_of(code), self.now as f64);
        for timer in
            [TimerKey::Validating(game), TimerKey::Whole(game), TimerKey::Stalled(game), TimerKey::Finish(game)]
        {
            self.timers.cancel(timer);
        }
        (0..8).for_each(|seat| self.timers.cancel(TimerKey::Report(game, seat)));
        let reason = self.sessions.remove(session).ok().and_then(|session: Session| session.ended_reason());
        debug_assert_eq!(self.sessions.prove_released(session), Ok(()));
        let reason = reason.unwrap_or(reason_of(code));
        self.timers.set(TimerKey::Linger(game), self.now + LINGER_MS);
        self.tell_watchers(game, &match_id, code);
        self.out.push(Output::Keep(Keep::MatchEnded { match_id, reason, code, at_ms: self.now }));
    }

    /// Every batch that comes has come.
    pub(crate) fn linger_over(&mut self, game: u64) {
        let Some(found) = self.matches.remove(&game) else { return };
        self.match_ids.remove(&found.id);
        self.plays.retain(|_, (of, _)| *of != game);
        self.out.push(Output::MatchClosed { match_id: found.id });
    }

    /// What became of the record is told to whoever is still here.
    pub(crate) fn verified(&mut self, verified: Verified) {
        let waits = |after: &Option<String>| after.as_deref() == Some(verified.match_id.as_str());
        let sockets: Vec<u64> =
            self.sockets.iter().filter(|(_, found)| waits(&found.after)).map(|(socket, _)| *socket).collect();
        let Verified { match_id, frames, verified, difference, seats_differ, model_actions } = verified;
        let name = match_id.clone();
        let message = ServerMessage::Record { match_id, frames, verified, difference, seats_differ, model_actions };
        self.unheard.recorded(&name, &message);
        for socket in sockets {
            self.send(socket, message.clone());
            self.all_is_said(socket);
        }
    }

    /// Notes something that happened in a match.
    pub(crate) fn match_event(&mut self, game: u64, event: &serde_json::Value) {
        if let Some(found) = self.matches.get(&game) {
            let (match_id, at_ms) = (found.id.clone(), self.now);
            self.out.push(Output::Keep(Keep::MatchEvent { match_id, at_ms, json: event.to_string() }));
        }
    }
}
