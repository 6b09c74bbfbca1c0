//! Validation: a handshake that everybody completes with everybody, repeated until its deadline.
use palaestra_session::{Event as SessionEvent, State};

use crate::lobbies::Lobbies;
use crate::message::{Code, LoadedModel, Mode, PartnerState, SeatPath, ServerMessage, Transport};
use crate::timers::TimerKey;

/// How far ahead of its moment a start is announced, in milliseconds.
const START_MS: f64 = 500.0;
/// What prediction hides, in milliseconds and in frames, whichever is longer: only a match in which inputs come later than that has an
/// input delay. A round trip of 200 ms is well within it, also as it is measured: by way of the server, a little longer.
const PREDICTED_MS: f64 = 150.0;
const PREDICTED_FRAMES: f64 = 6.0;
/// The longest input delay.
const MOST_DELAY: f64 = 10.0;

impl Lobbies {
    pub(crate) fn ready(&mut self, person: u64, match_id: &str, models: Vec<LoadedModel>) {
        let Some((game, index)) = self.in_match(person, match_id) else { return };
        if self.match_state(game) == Some(State::Validating)
            && self.models_loaded(game, person, models)
            && let Some(seat) = self.matches.get_mut(&game).and_then(|found| found.seat(index))
        {
            seat.ready = true;
            self.begin_when_ready(game);
        }
    }

    /// Begins the handshake once everybody is ready.
    pub(crate) fn begin_when_ready(&mut self, game: u64) {
        if self.match_state(game) != Some(State::Validating) {
            return;
        }
        let Some(found) = self.matches.get(&game) else { return };
        let all = found.seats.iter().all(|seat| seat.ready && seat.play.is_some());
        if all && !found.validation.running {
            self.begin_attempt(game);
        }
    }

    fn begin_attempt(&mut self, game: u64) {
        let Some(found) = self.matches.get_mut(&game) else { return };
        let Some(timeouts) = self.lobbies.get(found.lobby).map(|lobby| lobby.config.timeouts) else { return };
        found.validation.attempt += 1;
        found.validation.running = true;
        found.seats.iter_mut().for_each(|seat| seat.paths = None);
        let within_ms = timeouts.validating_ms.min(found.validation.until.saturating_sub(self.now));
        let message = ServerMessage::Validate {
            match_id: found.id.clone(),
            attempt: found.validation.attempt,
            transport: found.validation.transport,
            within_ms,
        };
        let present = found.present();
        self.timers.set(TimerKey::Validating(game), self.now + within_ms);
        for (_, person) in present {
            self.send_person(person, message.clone());
        }
    }

    pub(crate) fn seat_validated(&mut self, person: u64, match_id: &str, attempt: u32, paths: Vec<SeatPath>) {
        let Some((game, index)) = self.in_match(person, match_id) else { return };
        if self.match_state(game) != Some(State::Validating) {
            return;
        }
        let Some(found) = self.matches.get_mut(&game) else { return };
        // An answer to an attempt that is over.
        if attempt != found.validation.attempt || !found.validation.running {
            return;
        }
        let people = u8::try_from(found.seats.len()).unwrap_or(u8::MAX);
        let complete = (0..people)
            .filter(|seat| *seat != index)
            .all(|other| paths.iter().any(|path| path.seat == other && path.rtt_ms.is_finite() && path.rtt_ms >= 0.0));
        if !complete {
            let expected = "validated: expected a path with a round trip to every other seat of a person";
            let (code, message) = (Code::Malformed, expected.to_owned());
            return self.send_person(person, ServerMessage::error(code, message, false));
        }
        if let Some(seat) = found.seat(index) {
            seat.paths = Some(paths);
        }
        if found.seats.iter().all(|seat| seat.paths.is_some()) {
            self.validated(game);
        }
    }

    /// Everybody has shaken hands with everybody.
    fn validated(&mut self, game: u64) {
        let Some(found) = self.matches.get(&game) else { return };
        let rtts = found.seats.iter().flat_map(|seat| seat.paths.iter().flatten()).map(|path| path.rtt_ms);
        let rtt = rtts.fold(0.0, f64::max);
        let Some(lobby) = self.lobbies.get(found.lobby) else { return };
        if !lobby.matcher.allows_rtt(rtt) {
            return self.give_up(game, Code::Latency);
        }
        let delay = lobby.config.input_delay.unwrap_or_else(|| input_delay(lobby.config.mode, rtt, lobby.config.fps));
        let grace_ms = lobby.config.timeouts.grace_ms;
        let present = found.present();
        if let Some(found) = self.matches.get_mut(&game) {
            found.input_delay = delay;
        }
        if !self.apply_match(game, SessionEvent::Play) {
            return;
        }
        let own = |person: u64| self.people.get(&person).and_then(|person| person.rtt_ms).unwrap_or(0.0) / 2.0;
        let slowest = present.iter().map(|(_, person)| own(*person)).fold(0.0, f64::max);
        let delays: Vec<u64> = present.iter().map(|(_, person)| (START_MS + slowest - own(*person)) as u64).collect();
        for ((_, person), in_ms) in present.iter().zip(delays) {
            self.apply(*person, SessionEvent::Play);
            self.keep_person(*person);
            self.send_start(*person, in_ms, false);
        }
        // Whoever had shaken hands and was lost before the others had is waited for from now on.
        for (index, person) in present {
            if !self.plays_now(person) {
                self.timers.set_if_idle(TimerKey::Grace(person), self.now.saturating_add(grace_ms));
                self.tell_partners(game, index, Some(grace_ms));
            }
        }
        self.keep_match(game);
    }

    pub(crate) fn send_start(&mut self, person: u64, in_ms: u64, resume: bool) {
        let Some((game, _)) = self.people.get(&person).and_then(|person| person.seat) else { return };
        let Some(found) = self.matches.get(&game) else { return };
        let message = ServerMessage::Start {
            match_id: found.id.clone(),
            epoch: found.facts.epoch,
            in_ms,
            input_delay: found.input_delay,
            resume,
            frames: found.frames,
        };
        self.send_person(person, message);
    }

    /// A page was loaded again in the middle: it gets ready once more, and everybody shakes hands anew.
    pub(crate) fn validating_again(&mut self, person: u64) {
        let Some((game, index)) = self.people.get(&person).and_then(|person| person.seat) else { return };
        let Some(found) = self.matches.get_mut(&game) else { return };
        let Some(seat) = found.seat(index) else { return };
        seat.ready = false;
        found.seats.iter_mut().for_each(|seat| seat.paths = None);
        found.validation.running = false;
        let until = found.validation.until;
        let ready_ms = self.lobbies.get(found.lobby).map_or(0, |lobby| lobby.config.timeouts.ready_ms);
        self.timers.set(TimerKey::Validating(game), until.min(self.now.saturating_add(ready_ms)));
        self.send_matched(person);
        self.tell_of_partners(person);
    }

    /// The time for getting ready, or for this attempt, is over.
    pub(crate) fn validating_over(&mut self, game: u64) {
        let Some(found) = self.matches.get_mut(&game) else { return };
        let attempts = self.lobbies.get(found.lobby).map_or(1, |lobby| lobby.config.attempts);
        let all_ready = found.seats.iter().all(|seat| seat.ready && seat.play.is_some());
        let validation = &mut found.validation;
        if std::mem::take(&mut validation.running) {
            validation.failed += 1;
            if all_ready && validation.failed < attempts && self.now < validation.until {
                // Whatever did not work, the relay does.
                validation.transport = Transport::Relay;
                return self.begin_attempt(game);
            }
        }
        self.give_up(game, Code::ValidationTimeout);
    }

    pub(crate) fn seat_failed(&mut self, person: u64, match_id: &str, reason: &str) {
        let Some((game, _)) = self.in_match(person, match_id) else { return };
        self.match_event(game, &serde_json::json!({ "event": "failed", "reason": shortened(reason) }));
        if self.match_state(game) == Some(State::Validating) {
            self.end_person_in_match(person, Code::ValidationFailed);
            self.give_up(game, Code::PartnerLeft);
        } else {
            self.goes(person, Code::ServerError);
        }
    }

    /// The match comes to nothing: whoever is here goes back to the pool with the place kept, in the order of arrival. Whoever was not
    /// ready in time is let go.
    pub(crate) fn give_up(&mut self, game: u64, code: Code) {
        let Some(found) = self.matches.get(&game) else { return };
        let present = found.present();
        let began = found.validation.attempt > 0;
        let ready = |seat: u8| found.seats.get(usize::from(seat)).is_some_and(|seat| seat.ready && seat.play.is_some());
        let mut back: Vec<(u64, u64)> = Vec::new();
        let mut late: Vec<u64> = Vec::new();
        for (seat, person) in &present {
            let Some(here) = self.people.get(person) else { continue };
            if code == Code::ValidationTimeout && (!ready(*seat) || here.socket.is_none()) {
                late.push(*person);
            } else {
                back.push((here.order, *person));
            }
        }
        back.sort_unstable();
        // Whose handshake did not work with each other, or who are too far apart, are not tried once more.
        let apart = began && late.is_empty() && matches!(code, Code::ValidationTimeout | Code::Latency);
        self.close_match(game, code);
        for person in late {
            self.end_person_in_match(person, code);
        }
        for (_, person) in &back {
            if apart && let Some(found) = self.people.get_mut(person) {
                found.apart.extend(back.iter().map(|(_, other)| *other).filter(|other| other != person));
            }
        }
        for (_, person) in back {
            self.vacate(person);
            let why = if late_is_why(code, apart) { Code::PartnerLeft } else { code };
            self.requeue(person, why, apart);
        }
    }
}

/// Those who were ready are told that a partner was not, and not that they were late themselves.
fn late_is_why(code: Code, apart: bool) -> bool {
    code == Code::ValidationTimeout && !apart
}

/// Frames between a key and its effect, from the round trip of the slowest pair.
fn input_delay(mode: Mode, rtt_ms: f64, fps: f64) -> u8 {
    let one_way = rtt_ms / 2.0 * fps / 1000.0;
    let frames = match mode {
        Mode::Rollback => one_way.ceil() - (PREDICTED_MS * fps / 1000.0).ceil().max(PREDICTED_FRAMES),
        Mode::Lockstep => one_way.ceil() + 1.0,
    };
    frames.clamp(0.0, MOST_DELAY) as u8
}

/// As much of a stranger's text as is kept.
fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(500).collect()
}

impl Lobbies {
    /// How a seat is that has just been vacated.
    pub(crate) fn vacate(&mut self, person: u64) {
        let Some((game, index)) = self.people.get(&person).and_then(|person| person.seat) else { return };
        let Some(found) = self.matches.get_mut(&game) else { return };
        let Some(seat) = found.seat(index) else { return };
        seat.person = None;
        seat.state = PartnerState::Gone;
        let Some(play) = seat.play.take() else { return };
        if found.over {
            found.lingering.insert(play);
        } else {
            self.plays.remove(&play);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_input_delay_is_what_prediction_does_not_hide() {
        assert_eq!(input_delay(Mode::Rollback, 230.0, 60.0), 0);
        assert_eq!(input_delay(Mode::Rollback, 400.0, 60.0), 3);
        assert_eq!(input_delay(Mode::Rollback, 1_000.0, 10.0), 0);
        assert_eq!(input_delay(Mode::Rollback, 1_400.0, 10.0), 1);
        assert_eq!(input_delay(Mode::Rollback, 1e9, 60.0), 10);
        assert_eq!(input_delay(Mode::Lockstep, 0.0, 60.0), 1);
        assert_eq!(input_delay(Mode::Lockstep, 100.0, 10.0), 2);
    }
}
