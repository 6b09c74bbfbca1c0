//! A match that is played: who looks away, who is lost and comes back, who goes, and when all have finished.
use palaestra_session::State;

use crate::game::Seat;
use crate::lobbies::Lobbies;
use crate::message::{Code, LeaveReason, ServerMessage};
use crate::timers::TimerKey;

/// How soon somebody who came back goes on, in milliseconds.
const RESUME_MS: u64 = 0;

impl Lobbies {
    /// A page was loaded again, or its control socket broke: the same match, the same seat.
    pub(crate) fn playing_again(&mut self, person: u64) {
        self.send_matched(person);
        self.tell_of_partners(person);
        self.send_start(person, RESUME_MS, true);
        // The next ticket is another one also where the program is stopped before.
        if let Some((game, _)) = self.people.get(&person).and_then(|person| person.seat) {
            self.keep_match(game);
        }
    }

    /// The page lost or regained the participant's attention.
    pub(crate) fn away(&mut self, person: u64, away: bool) {
        let Some(found) = self.people.get_mut(&person) else { return };
        if std::mem::replace(&mut found.away, away) == away {
            return;
        }
        let (seat, lobby) = (found.seat, found.lobby);
        let absence_ms = self.lobbies.get(lobby).map_or(0, |lobby| lobby.config.timeouts.absence_ms);
        let playing = self.state_of(person) == Some(State::Playing);
        if away && playing && absence_ms > 0 {
            self.timers.set(TimerKey::Absence(person), self.now.saturating_add(absence_ms));
        } else {
            self.timers.cancel(TimerKey::Absence(person));
        }
        if let Some((game, index)) = seat {
            self.tell_partners(game, index, None);
        }
    }

    pub(crate) fn absence_over(&mut self, person: u64) {
        self.goes(person, Code::Absent);
    }

    /// A player's connection did not come back.
    pub(crate) fn grace_over(&mut self, person: u64) {
        self.goes(person, Code::Disconnected);
    }

    /// The participant goes for good.
    pub(crate) fn leave(&mut self, person: u64, reason: LeaveReason) {
        let code = match reason {
            LeaveReason::Closed => Code::Left,
            LeaveReason::FocusLost => Code::Absent,
            LeaveReason::Excluded => Code::Excluded,
            LeaveReason::Error => Code::ServerError,
        };
        match self.state_of(person) {
            Some(State::Validating) => {
                let game = self.people.get(&person).and_then(|person| person.seat);
                self.end_person_in_match(person, if code == Code::Absent { Code::Left } else { code });
                if let Some((game, _)) = game {
                    self.give_up(game, Code::PartnerLeft);
                }
            }
            Some(State::Playing) => {
                let who = self.people.get(&person).map(|person| (person.lobby, person.participant.clone()));
                self.goes(person, code);
                // It was the participant's own doing, and on coming back they are somebody new.
                who.into_iter().for_each(|who| self.unheard.forget(&who));
            }
            _ => self.end_person(person, code, None),
        }
    }

    /// A player goes in the middle: what counts of the seat is settled among the others.
    pub(crate) fn goes(&mut self, person: u64, code: Code) {
        let Some((game, index)) = self.people.get(&person).and_then(|person| person.seat) else { return };
        self.end_person_in_match(person, code);
        self.settle_leaver(game, index);
    }

    /// Somebody has confirmed the end, the planned one or that of a match that somebody left.
    pub(crate) fn finished(&mut self, person: u64, match_id: &str, frames: u32, planned: bool) {
        let Some((game, index)) = self.in_match(person, match_id) else { return };
        if self.match_state(game) != Some(State::Playing) {
            return self.not_in_match(person);
        }
        let Some(found) = self.matches.get_mut(&game) else { return };
        let confirmed = found.frames;
        if found.ending.is_none() && frames < confirmed.max(1) {
            // The others have confirmed frames beyond that: it is not the end.
            let expected = "finished: expected as many frames as are confirmed, found fewer";
            return self.send_person(person, ServerMessage::error(Code::Malformed, expected, false));
        }
        if self.timers.due(TimerKey::Finish(game)).is_none() {
            found.finish_from = confirmed;
        }
        let Some(seat) = found.seat(index) else { return };
        // Said again it is the same, also where it is not: it is the first word that has to come true.
        if seat.finished.is_none() {
            (seat.finished, seat.planned) = (Some(frames), planned);
        }
        let said = seat.finished.filter(|_| !seat.planned);
        let lost = seat.play.is_none();
        let finish_ms = self.lobbies.get(found.lobby).map_or(0, |lobby| lobby.config.timeouts.finish_ms);
        self.timers.set_if_idle(TimerKey::Finish(game), self.now.saturating_add(finish_ms));
        if lost {
            self.timers.cancel(TimerKey::Grace(person));
            self.settle_finished(game, index);
        }
        said.into_iter().for_each(|frames| self.ended_early(game, frames));
        self.end_when_finished(game);
    }

    pub(crate) fn end_when_finished(&mut self, game: u64) {
        let Some(found) = self.matches.get(&game) else { return };
        let seats = found.seats.iter().filter(|seat| seat.person.is_some());
        if found.leaving.is_empty() && seats.clone().count() > 0 && seats.clone().all(|seat| seat.finished.is_some()) {
            self.end_match(game, found.ending.unwrap_or(Code::Complete));
        }
    }

    /// Some have not said that they finished too. Those who are without connection were lost; the others heard the same frames. Where the
    /// match ends because somebody left, it is that for those as well who still have time to come back: only the match has not.
    pub(crate) fn finish_over(&mut self, game: u64) {
        if self.plays_on(game) {
            return;
        }
        let Some(found) = self.matches.get(&game) else { return };
        let code = found.ending.unwrap_or(Code::Complete);
        let lost: Vec<u64> = (0..)
            .zip(&found.seats)
            .filter(|(_, seat): &(u8, _)| seat.finished.is_none() && seat.play.is_none())
            .filter_map(|(_, seat)| seat.person)
            .collect();
        for person in lost {
            let back = code == Code::PartnerLeft && self.timers.due(TimerKey::Grace(person)).is_some();
            self.end_person_in_match(person, if back { code } else { Code::Disconnected });
        }
        self.end_match(game, code);
    }

    /// Whether the match goes on after the time to finish. One that does is not over because somebody says so: whoever finished before
    /// what is confirmed by now has left it, and one who names a frame that it is still on the way to is to be right first.
    fn plays_on(&mut self, game: u64) -> bool {
        let Some(found) = self.matches.get_mut(&game).filter(|found| found.ending.is_none()) else { return false };
        let open = |seat: &Seat| seat.person.is_some() && seat.play.is_some() && seat.finished.is_none();
        if !found.seats.iter().any(open) {
            return false;
        }
        let frames = found.frames;
        let advances = frames > std::mem::replace(&mut found.finish_from, frames);
        let ahead = advances && found.seats.iter().any(|seat| seat.finished.is_some_and(|end| end > frames));
        let mut early = Vec::new();
        for seat in found.seats.iter_mut().filter(|seat| seat.finished.is_some_and(|end| end < frames)) {
            if let Some(person) = seat.person {
                seat.finished = None;
                early.push(person);
            }
        }
        if early.is_empty() && !ahead {
            return false;
        }
        early.into_iter().for_each(|person| self.goes(person, Code::Left));
        let Some(found) = self.matches.get(&game).filter(|found| !found.over) else { return true };
        if found.seats.iter().any(|seat| seat.person.is_some() && seat.finished.is_some()) {
            let finish_ms = self.lobbies.get(found.lobby).map_or(0, |lobby| lobby.config.timeouts.finish_ms);
            self.timers.set_if_idle(TimerKey::Finish(game), self.now.saturating_add(finish_ms));
        }
        true
    }

    pub(crate) fn stored(&mut self, match_id: &str, frames: u32) {
        let Some(game) = self.match_ids.get(match_id).copied() else { return };
        let Some(found) = self.matches.get_mut(&game).filter(|found| frames > found.frames) else { return };
        found.frames = frames;
        let stalled_ms = self.lobbies.get(found.lobby).map_or(0, |lobby| lobby.config.timeouts.stalled_ms);
        if self.timers.due(TimerKey::Stalled(game)).is_some() {
            self.timers.set(TimerKey::Stalled(game), self.now.saturating_add(stalled_ms));
        }
    }

    /// Nothing new was confirmed for too long: whoever plays has finished without a word, or does not get on. A match that waits for
    /// somebody to come back confirms nothing either; that has its own limit, and counts from there.
    pub(crate) fn stalled(&mut self, game: u64) {
        let Some(found) = self.matches.get(&game) else { return };
        let stalled_ms = self.lobbies.get(found.lobby).map_or(0, |lobby| lobby.config.timeouts.stalled_ms);
        let back = found.present().into_iter().filter_map(|(_, person)| self.timers.due(TimerKey::Grace(person))).max();
        match back {
            Some(back) => self.timers.set(TimerKey::Stalled(game), back.saturating_add(stalled_ms)),
            None => self.end_match(game, Code::Stalled),
        }
    }

    pub(crate) fn desync(&mut self, match_id: &str) {
        if let Some(game) = self.match_ids.get(match_id).copied() {
            self.end_match(game, Code::Desync);
        }
    }
}
