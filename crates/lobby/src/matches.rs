//! A match made complete, its state, and what its people are told of it.
use std::collections::{BTreeMap, BTreeSet};

use palaestra_session::{Event as SessionEvent, Session, State};

use crate::event::{Keep, KeptMatch, MatchFacts, Output};
use crate::game::{Match, Seat, Validation, number_of};
use crate::ice;
use crate::lobbies::Lobbies;
use crate::message::{Code, Matched, PartnerState, SeatInfo, SeatKind, ServerMessage};
use crate::models::as_loaded;
use crate::timers::TimerKey;
use crate::token::Ticket;

impl Lobbies {
    /// Makes a match of people who wait: all of them get their seats in this one step, or nothing happens.
    pub(crate) fn make_match(&mut self, lobby: usize, group: &[u64]) {
        if group.iter().any(|person| self.state_of(*person) != Some(State::Waiting)) {
            return;
        }
        let Some(found) = self.lobbies.get_mut(lobby) else { return };
        let config = &found.config;
        let (timeouts, transport) = (config.timeouts, config.transport);
        for person in group.iter().filter_map(|person| self.people.get(person)) {
            found.pool.remove(&person.order);
        }
        self.timers.set_if_idle(TimerKey::Tell(lobby), self.now + crate::waiting::TELL_MS);
        let names: Vec<String> =
            group.iter().filter_map(|person| Some(self.people.get(person)?.participant.clone())).collect();
        let id = std::iter::from_fn(|| Some(self.draw.name('m'))).find(|id| !self.match_ids.contains_key(id));
        let Some(id) = id else { return };
        let facts = MatchFacts {
            match_id: id.clone(),
            lobby: found.id.clone(),
            env_id: config.env_id.clone(),
            kwargs: config.kwargs.clone(),
            participants: names.clone(),
            seed: self.draw.seed(),
            epoch: 0,
            fps: config.fps,
            created_ms: self.now,
            policy: config.policy.clone(),
            seats: config
                .seats
                .iter()
                .filter_map(|(name, policy)| Some((u8::try_from(config.agent(name)?).ok()?, policy.clone())))
                .collect(),
            dropout_policy: config.dropout_policy.clone(),
            models: Vec::new(),
        };
        let seats = group.iter().zip(names).map(|(person, participant)| Seat {
            person: Some(*person),
            participant,
            play: None,
            generation: 0,
            unstored: 0,
            state: PartnerState::Connecting,
            ready: false,
            paths: None,
            finished: None,
            planned: false,
            settled: false,
        });
        let attempts = u64::from(config.attempts);
        let until = timeouts.ready_ms.saturating_add(timeouts.validating_ms.saturating_mul(attempts.saturating_mul(2)));
        let made = Match {
            lobby,
            session: self.sessions.register(Session::new(self.now as f64)),
            facts: facts.clone(),
            seats: seats.collect(),
            validation: Validation {
                attempt: 0,
                failed: 0,
                running: false,
                transport,
                until: self.now.saturating_add(until),
            },
            input_delay: config.input_delay.unwrap_or(0),
            frames: 0,
            leaving: BTreeMap::new(),
            pronounced: BTreeMap::new(),
            ending: None,
            over: false,
            finish_from: 0,
            lingering: BTreeSet::new(),
            watchers: 0,
            id: id.clone(),
        };
        let game = self.new_id();
        self.match_ids.insert(id, game);
        self.matches.insert(game, made);
        self.apply_match(game, SessionEvent::Wait);
        self.apply_match(game, SessionEvent::Match);
        for (seat, person) in (0..).zip(group) {
            self.apply(*person, SessionEvent::Match);
            if let Some(found) = self.people.get_mut(person) {
                found.seat = Some((game, seat));
            }
        }
        self.out.push(Output::MatchOpened(facts));
        for person in group {
            self.send_matched(*person);
        }
        self.apply_match(game, SessionEvent::Validate);
        for person in group {
            self.apply(*person, SessionEvent::Validate);
            self.keep_person(*person);
        }
        self.keep_match(game);
    }

    /// Takes a match's session where an event leads, with its timers.
    pub(crate) fn apply_match(&mut self, game: u64, event: SessionEvent) -> bool {
        self.apply_match_at(self.now, game, event)
    }

    /// The same where the event was at this time: a match has been played since then.
    pub(crate) fn apply_match_at(&mut self, at: u64, game: u64, event: SessionEvent) -> bool {
        use palaestra_session::{Action, Timer};
        let Some(session) = self.matches.get(&game).map(|found| found.session) else { return false };
        let Ok(transition) = self.sessions.apply(session, event, at as f64) else { return false };
        let config = self.matches.get(&game).and_then(|found| self.lobbies.get(found.lobby)).map(|lobby| &lobby.config);
        let Some(timeouts) = config.map(|config| config.timeouts) else { return false };
        for action in transition.actions() {
            match action {
                Action::StartTimer(Timer::Validating) => {
                    self.timers.set(TimerKey::Validating(game), self.now.saturating_add(timeouts.ready_ms));
                }
                Action::CancelTimer(Timer::Validating) => self.timers.cancel(TimerKey::Validating(game)),
                Action::StartLoop => {
                    if timeouts.match_ms > 0 {
                        self.timers.set(TimerKey::Whole(game), at.saturating_add(timeouts.match_ms));
                    }
                    if timeouts.stalled_ms > 0 {
                        self.timers.set(TimerKey::Stalled(game), self.now.saturating_add(timeouts.stalled_ms));
                    }
                }
                Action::StopLoop => {
                    self.timers.cancel(TimerKey::Whole(game));
                    self.timers.cancel(TimerKey::Stalled(game));
                    self.timers.cancel(TimerKey::Finish(game));
                    (0..8).for_each(|seat| self.timers.cancel(TimerKey::Report(game, seat)));
                }
                // A match waits for nobody: it is complete. What it recorded streams in, and the rest is the people's.
                Action::StartTimer(Timer::Waiting)
                | Action::CancelTimer(Timer::Waiting)
                | Action::ExportData
                | Action::Release => {}
            }
        }
        true
    }

    pub(crate) fn match_state(&self, game: u64) -> Option<State> {
        self.sessions.get(self.matches.get(&game)?.session).ok().map(Session::state)
    }

    pub(crate) fn keep_match(&mut self, game: u64) {
        let (Some(found), Some(state)) = (self.matches.get(&game), self.match_state(game)) else { return };
        let (facts, gone) = (found.facts.clone(), found.gone());
        let generations = found.seats.iter().map(|seat| seat.generation).collect();
        let (input_delay, ending) = (found.input_delay, found.ending);
        let session = self.sessions.get(found.session).ok();
        let playing = session.and_then(|session| session.history().iter().find(|step| step.to == State::Playing));
        let playing_ms = playing.map(|step| step.at as u64);
        let kept = KeptMatch { facts, state, gone, input_delay, generations, ending, playing_ms };
        self.out.push(Output::Keep(Keep::Match(kept)));
    }

    /// Tells a person which match and seat it is, with a new ticket.
    pub(crate) fn send_matched(&mut self, person: u64) {
        let Some((game, seat)) = self.people.get(&person).and_then(|person| person.seat) else { return };
        let Some(found) = self.matches.get_mut(&game) else { return };
        let Some(generation) = found.seat(seat).map(|seat| {
            // A page that is loaded again has to come with more than the one before: it would not know that the match has begun, and
            // the others listen to nothing less.
            seat.generation = seat.generation.saturating_add(std::mem::take(&mut seat.unstored)).saturating_add(1);
            seat.generation
        }) else {
            return;
        };
        let Some(config) = self.lobbies.get(found.lobby).map(|lobby| &lobby.config) else { return };
        let people = found.seats.len();
        let seats = (0..).zip(&config.agents).map(|(seat, agent): (u8, &String)| {
            let person = usize::from(seat) < people;
            SeatInfo {
                seat,
                agent: agent.clone(),
                kind: if person { SeatKind::Person } else { SeatKind::Policy },
                policy: (!person).then(|| as_loaded(&found.facts, usize::from(seat), config.policy_of(seat.into()))),
            }
        });
        let ticket = Ticket { match_id: found.id.clone(), seat: Some(seat), generation };
        let matched = Matched {
            match_id: found.id.clone(),
            number: number_of(&found.id),
            seat,
            incarnation: generation,
            size: people,
            seats: seats.collect(),
            agents: config.agents.clone(),
            env_id: config.env_id.clone(),
            kwargs: config.kwargs.clone(),
            fps: config.fps,
            mode: config.mode,
            seed: found.facts.seed,
            epoch: found.facts.epoch,
            input_delay: found.input_delay,
            policy: config.policy.clone(),
            dropout: config.dropout,
            dropout_policy: as_loaded(&found.facts, 0, &config.dropout_policy),
            play_url: self.facts.play_url.clone(),
            ticket: self.signer.ticket(&ticket),
            ice_servers: ice::for_page(&config.ice_servers, &format!("{}.{seat}", found.id), self.now),
            transport: found.validation.transport,
            within_ms: found.validation.until.saturating_sub(self.now),
            grace_ms: config.timeouts.grace_ms,
        };
        self.send_person(person, ServerMessage::Matched(Box::new(matched)));
    }

    /// Signalling between two pages of a match.
    pub(crate) fn signal(&mut self, person: u64, to: u8, data: serde_json::Value) {
        let Some((game, from)) = self.people.get(&person).and_then(|person| person.seat) else {
            return self.not_in_match(person);
        };
        let partner = self.matches.get(&game).and_then(|found| found.seats.get(usize::from(to))?.person);
        // To a seat that is empty, a policy's or one's own it goes nowhere, as to somebody who has just left.
        if let Some(partner) = partner.filter(|partner| *partner != person) {
            self.send_person(partner, ServerMessage::Signal { from, data });
        }
    }

    pub(crate) fn not_in_match(&mut self, person: u64) {
        let code = Code::NotInMatch;
        self.send_person(person, ServerMessage::error(code, code.message(), false));
    }

    /// The match that a person is in, if that is its name; otherwise the person is told.
    pub(crate) fn in_match(&mut self, person: u64, match_id: &str) -> Option<(u64, u8)> {
        let seat = self.people.get(&person).and_then(|person| person.seat);
        let found = seat.filter(|(game, _)| self.matches.get(game).is_some_and(|found| found.id == match_id));
        if found.is_none() {
            self.not_in_match(person);
        }
        found
    }
}
