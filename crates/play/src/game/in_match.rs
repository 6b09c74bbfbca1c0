//! What follows from what in a game of a match: what the server and the Worker lead to.
//!
//! In a page this file is a part of its own of the module, which only games of a match load (`scripts/build/parts.mjs`): what is called
//! from elsewhere stays a function of its own for that, and no other game may come to call it.
use palaestra_protocol::together::{Began, Control, EndReason, Event as FromWorker, Join, Shown, Start, Told, Vitals};
use palaestra_protocol::{ErrorCode, Failure, Flags, Operation, SeatSetup, Setup};
use palaestra_session::{Event as Cause, Reason, State};

use super::core::Game;
use super::event::Made;
use super::matched::{FromServer, MatchTold, Matched, SeatKind};
use super::note::Field;
use super::output::{Output, Timer};
use super::patience::Patience;
use super::together::Ending;

/// How long an end waits for the Worker to say that nobody needs it any more, and after the server's word for its own end.
const SETTLE_MS: f64 = 8_000.0;
/// A Worker says something every second; it counts as lost when it has been silent for so long beyond the step timeout.
const SILENCE_MS: f64 = 5_000.0;

impl Game {
    /// What the control socket brings. A game alone has none, and what comes too late changes nothing.
    #[inline(never)]
    pub(super) fn hear_server(&mut self, now: f64, message: FromServer, out: &mut Vec<Output>) {
        if self.together.is_none() || !self.life.state().is_live() {
            return;
        }
        match message {
            FromServer::Matched(matched) => self.group_complete(now, matched, out),
            FromServer::Requeued => self.requeued(now, out),
            FromServer::Validate { attempt, relay } => {
                let Some(together) = &mut self.together else { return };
                if together.joined {
                    self.control(&Control::Validate { attempt, relay }, out);
                } else {
                    together.early.validate = Some((attempt, relay));
                }
            }
            FromServer::Start { in_ms, input_delay } => {
                let start = Start { in_ms, input_delay };
                let Some(together) = &mut self.together else { return };
                if together.joined {
                    self.start(&start, out);
                } else {
                    together.early.start = Some((now, start));
                }
            }
            FromServer::Socket(url) => self.control(&Control::Socket { url: &url }, out),
            FromServer::Pronounced { seat, frames } => self.control(&Control::Pronounced { seat, frames }, out),
            FromServer::Ended(reason) => self.ended_by_server(now, reason, out),
            FromServer::Failed(failure) => self.end(now, Reason::Error, Some(failure), out),
        }
    }

    fn control(&self, control: &Control<'_>, out: &mut Vec<Output>) {
        if self.together.as_ref().is_some_and(|together| together.joined) {
            self.worker.ask(Operation::Control, |payload| control.write(payload), out);
        }
    }

    fn start(&self, start: &Start, out: &mut Vec<Output>) {
        self.worker.ask(Operation::Start, |payload| start.write(payload), out);
    }

    /// The match is complete: load what it needs, or go on with what is there from the match before.
    fn group_complete(&mut self, now: f64, matched: Box<Matched>, out: &mut Vec<Output>) {
        if self.life.state() != State::Waiting {
            return;
        }
        let expected = self.options.agents;
        if matched.seats.len() != expected || usize::from(matched.seat) >= expected {
            let found = matched.seats.len();
            let message = format!("expected a match of {expected} seats and one of them, found {found}");
            return self.failed(now, Failure::new(ErrorCode::MatchFailed, message), out);
        }
        (self.options.fps, self.options.seed) = (matched.fps, matched.seed);
        self.pictures.pace(matched.fps);
        if let Some(together) = &mut self.together {
            together.matched = Some(matched);
        }
        self.go_on(now, Cause::Match, out);
        self.go_on(now, Cause::Validate, out);
        if !std::mem::replace(&mut self.opened, true) {
            out.push(Output::OpenWorker);
        }
        self.join(now, out);
    }

    /// Tells the Worker of the match, when both are there.
    #[inline(never)]
    pub(super) fn join(&mut self, now: f64, out: &mut Vec<Output>) {
        let (Some(together), Some(made)) = (&mut self.together, &self.made) else { return };
        let Some(matched) = together.matched.as_deref().filter(|_| !together.joined) else { return };
        let options = &self.options;
        let setup = Setup {
            fps: matched.fps,
            seed: matched.seed,
            max_steps: options.max_steps,
            snapshots: 0,
            flags: Flags { scene: options.scene, hash: options.record_hashes, autoreset: false },
            seats: seats(matched, made),
        };
        let limit = |limit: Option<u64>| limit.and_then(|limit| u32::try_from(limit).ok());
        let join = Join {
            number: matched.number,
            seat: matched.seat,
            incarnation: matched.incarnation,
            seed: matched.seed,
            epoch: matched.epoch,
            mode: matched.mode,
            dropout: matched.dropout,
            episodes: limit(options.episodes),
            steps: limit(options.max_steps),
            pause_ms: options.episode_pause,
            grace_ms: matched.grace_ms,
            resume: matched.incarnation > 1,
            network: matched.network,
            url: &matched.url,
            facts: &matched.facts,
            options: &options.reset_options,
        };
        self.worker.ask(Operation::Play, |payload| setup.write(payload), out);
        self.worker.ask(Operation::Join, |payload| join.write(payload), out);
        together.joined = true;
        together.joining += 1;
        let early = std::mem::take(&mut together.early);
        if let Some((attempt, relay)) = early.validate {
            self.control(&Control::Validate { attempt, relay }, out);
        }
        if let Some((came, start)) = early.start {
            self.start(&Start { in_ms: (start.in_ms - (now - came)).max(0.0), ..start }, out);
        }
    }

    /// The Worker is in the match: what comes from now on is said of it.
    #[inline(never)]
    pub(super) fn joined(&mut self) {
        if let Some(together) = &mut self.together {
            together.joining = together.joining.saturating_sub(1);
        }
    }

    /// The match came to nothing: back to the waitroom, with the Worker that is there.
    fn requeued(&mut self, now: f64, out: &mut Vec<Output>) {
        if !matches!(self.life.state(), State::Matched | State::Validating) {
            return;
        }
        if let Some(together) = &mut self.together {
            together.requeue();
        }
        self.recording.note(&[("at", Field::Number(now)), ("event", Field::Text("requeued"))]);
        self.life.end_loading(out);
        if let Some(again) = self.life.again(now) {
            self.transition(now, again, out);
        }
    }

    /// The server has ended the session. While it is played the Worker is given a moment to say so as well: its last frames
    /// are confirmed then.
    fn ended_by_server(&mut self, now: f64, reason: Reason, out: &mut Vec<Output>) {
        let playing = self.life.state() == State::Playing;
        let Some(together) = &mut self.together else { return };
        together.left = true;
        if playing && matches!(reason, Reason::Complete | Reason::PartnerLeft) && together.ending.is_none() {
            self.settle(Ending { reason, failure: None }, out);
        } else {
            let ending = together.ending.take().unwrap_or(Ending { reason, failure: None });
            self.end(now, ending.reason, ending.failure, out);
        }
    }

    fn settle(&mut self, ending: Ending, out: &mut Vec<Output>) {
        if let Some(together) = &mut self.together {
            together.ending = Some(ending);
            out.push(Output::SetTimer { timer: Timer::Settle, after: Some(SETTLE_MS) });
        }
    }

    /// The moment is over.
    #[inline(never)]
    pub(super) fn settled(&mut self, now: f64, out: &mut Vec<Output>) {
        let ending = self.together.as_mut().and_then(|together| together.ending.take());
        if let Some(Ending { reason, failure, .. }) = ending {
            self.end(now, reason, failure, out);
        }
    }

    /// The game begins: from now on the Worker says something every second.
    #[inline(never)]
    pub(super) fn begin_listening(&mut self, now: f64, out: &mut Vec<Output>) {
        if let Some(together) = &mut self.together {
            let silence = Patience::new(now, self.options.step_timeout + SILENCE_MS);
            out.push(Output::SetTimer { timer: Timer::Silence, after: Some(silence.next_look()) });
            together.silence = Some(silence);
        }
    }

    /// The session ends, and with it the match that was joined.
    #[inline(never)]
    pub(super) fn leave_match(&mut self, now: f64, out: &mut Vec<Output>) {
        let Some(together) = &mut self.together else { return };
        together.stalls.look(now, false);
        let stalls = together.stalls;
        if stalls.count > 0 {
            let numbers = [("times", f64::from(stalls.count)), ("ms", stalls.ms)];
            self.recording.note_match(now, "stalled", &numbers);
        }
        self.worker.ask(Operation::Leave, |_| (), out);
    }

    /// Looks whether the Worker has been silent for too long: a dead one says nothing.
    #[inline(never)]
    pub(super) fn listened(&mut self, now: f64, out: &mut Vec<Output>) {
        let Some(silence) = self.together.as_mut().and_then(|together| together.silence.as_mut()) else { return };
        if silence.look(now) {
            let message = "expected a sign of life of the Worker every second, found none";
            return self.failed(now, Failure::new(ErrorCode::DeadlineExceeded, message), out);
        }
        let after = Some(silence.next_look());
        out.push(Output::SetTimer { timer: Timer::Silence, after });
    }

    fn hear_worker(&mut self, now: f64) {
        let limit = self.options.step_timeout + SILENCE_MS;
        if let Some(together) = self.together.as_mut().filter(|together| together.silence.is_some()) {
            together.silence = Some(Patience::new(now, limit));
        }
    }

    /// What the Worker says of the match.
    #[inline(never)]
    pub(super) fn hear_match(&mut self, now: f64, event: FromWorker<'_>, out: &mut Vec<Output>) {
        let live = matches!(self.life.state(), State::Validating | State::Playing);
        let Some(together) = self.together.as_ref() else {
            let message = "expected what a game alone is told, found a word of a match";
            return self.failed(now, Failure::new(ErrorCode::BadMessage, message), out);
        };
        if !live || !together.joined || together.joining > 0 {
            return;
        }
        self.hear_worker(now);
        match event {
            FromWorker::Stepped(step) => self.stepped(now, step, out),
            FromWorker::Began(began) => self.began_in_match(now, began, out),
            FromWorker::Shown(shown) => self.shown(now, shown, out),
            FromWorker::Told(told) => self.told(now, told, out),
            FromWorker::Vitals(vitals) => self.vitals(vitals, out),
        }
    }

    fn began_in_match(&mut self, now: f64, began: Began<'_>, out: &mut Vec<Output>) {
        if began.frame != self.recording.frame || self.episodes.played() && !self.recording.just_resumed() {
            let (expected, found) = (self.recording.frame, began.frame);
            let message = format!("expected an episode to begin after {expected} steps, found one after {found}");
            return self.failed(now, Failure::new(ErrorCode::BadMessage, message), out);
        }
        self.episodes.follow();
        self.recording.begin_episode(Some(began.seed), u64::from(began.episode), &self.options, began.returns);
        self.pictures.cut(began.scene, out);
        self.play_together(now, out);
    }

    fn play_together(&mut self, now: f64, out: &mut Vec<Output>) {
        if self.life.state() == State::Validating {
            self.go_on(now, Cause::Play, out);
        }
    }

    fn shown(&mut self, now: f64, shown: Shown<'_>, out: &mut Vec<Output>) {
        if self.life.state() != State::Playing {
            return;
        }
        if let Err(failure) = self.recording.shown(&shown, self.worker.clock_offset, now) {
            return self.failed(now, failure, out);
        }
        self.pictures.step(shown.frame, shown.scene, out);
    }

    fn vitals(&mut self, vitals: Vitals, out: &mut Vec<Output>) {
        out.push(Output::TellMatch(MatchTold::Vitals(vitals)));
    }

    fn told(&mut self, now: f64, told: Told<'_>, out: &mut Vec<Output>) {
        let Some(together) = &mut self.together else { return };
        let tell = |told: MatchTold, out: &mut Vec<Output>| out.push(Output::TellMatch(told));
        match told {
            Told::SocketOpen { .. } => {
                tell(MatchTold::Connection(true), out);
                if !std::mem::replace(&mut together.ready, true) {
                    tell(MatchTold::Ready, out);
                }
            }
            Told::SocketLost { .. } => {
                tell(MatchTold::Connection(false), out);
                self.recording.note_match(now, "connection_lost", &[]);
            }
            Told::SocketRefused { code, text } => self.refused(now, code, text, out),
            Told::Peer { seat, state } => {
                tell(MatchTold::Peer { seat, state }, out);
                let state = ("state", f64::from(state as u8));
                self.recording.note_match(now, "partner", &[("seat", f64::from(seat)), state]);
            }
            Told::Validated { attempt, seats, paths } => {
                let own = together.matched.as_ref().map(|matched| matched.seat);
                let people = together.matched.iter().flat_map(|matched| matched.seats.iter());
                let paths = people.zip(0..seats).zip(paths);
                let others = paths.filter(|((kind, seat), _)| **kind == SeatKind::Person && Some(*seat) != own);
                let paths = others.map(|((_, seat), path)| (seat, path)).collect();
                tell(MatchTold::Validated { attempt, paths }, out);
            }
            Told::Stalled { by } => {
                together.stalls.look(now, by != 0);
                tell(MatchTold::Stalled { by }, out);
            }
            Told::Left { seat, frame, reason } => {
                tell(MatchTold::Left { seat, frame }, out);
                let numbers = [("seat", f64::from(seat)), ("frame", frame.into()), ("why", f64::from(reason as u8))];
                self.recording.note_match(now, "partner_left", &numbers);
            }
            Told::Desync { seat, frame, .. } => {
                self.recording.note_match(now, "desync", &[("seat", f64::from(seat)), ("frame", frame.into())]);
                // Who comes back into a match that is played is put right as the others are.
                let begins = together.matched.as_ref().is_some_and(|matched| matched.incarnation == 1);
                if begins && self.life.state() == State::Validating {
                    let message = format!(
                        "expected the same game at every agent, found one that begins otherwise at agent {seat}: \
                         its page has other reset options, or other files"
                    );
                    self.cannot_play(now, message, out);
                }
            }
            Told::Differs { seats, frame } => {
                self.recording.note_match(now, "differs", &[("seats", f64::from(seats)), ("frame", frame.into())]);
            }
            Told::Resynced { epoch, frame, wrong } => {
                tell(MatchTold::Resynced { frame }, out);
                let numbers = [("epoch", f64::from(epoch)), ("frame", frame.into()), ("wrong", f64::from(wrong))];
                self.recording.note_match(now, "resynced", &numbers);
            }
            Told::Joined { episode, frame } => self.came_back(now, episode, frame, out),
            Told::Released => self.settled(now, out),
            Told::RecordCut { from, to } => {
                self.recording.note_match(now, "record_cut", &[("from", f64::from(from)), ("to", to.into())]);
            }
            Told::Ended { reason, frames } => self.over(now, reason, frames, out),
        }
    }

    /// The play socket will not come back by itself.
    fn refused(&mut self, now: f64, code: u16, text: &str, out: &mut Vec<Output>) {
        let message = format!("the server refused the game's connection ({code}): {text}");
        if self.life.state() == State::Validating {
            return self.cannot_play(now, message, out);
        }
        self.recording.note_match(now, "connection_refused", &[("code", f64::from(code))]);
        out.push(Output::TellMatch(MatchTold::Connection(false)));
        // Frames may still come on another way, and the server may still say how it ended.
        if self.together.as_ref().is_some_and(|together| together.ending.is_none()) {
            self.settle(Ending { reason: Reason::Disconnected, failure: None }, out);
        }
    }

    /// The match will not begin at this browser.
    fn cannot_play(&mut self, now: f64, message: String, out: &mut Vec<Output>) {
        out.push(Output::TellMatch(MatchTold::Failed(message.clone())));
        let failure = Failure::new(ErrorCode::MatchFailed, message);
        self.end(now, Reason::ValidationFailed, Some(failure), out);
    }

    /// This browser has come back into a match that is played. What it missed is in the server's record.
    fn came_back(&mut self, now: f64, episode: u32, frame: u32, out: &mut Vec<Output>) {
        if self.life.state() != State::Validating {
            return self.recording.note_match(now, "joined", &[("frame", frame.into())]);
        }
        self.recording.resume(u64::from(episode) + 1, frame);
        self.recording.note_match(now, "joined", &[("frame", frame.into())]);
        self.episodes.follow();
        self.play_together(now, out);
    }

    /// The match is over here.
    fn over(&mut self, now: f64, reason: EndReason, frames: u32, out: &mut Vec<Output>) {
        let desync = || Failure::new(ErrorCode::MatchFailed, "the players' games did not agree any more");
        let (reason, failure) = match reason {
            EndReason::Complete => (Reason::Complete, None),
            EndReason::PartnerLeft => (Reason::PartnerLeft, None),
            EndReason::Dropped | EndReason::Isolated | EndReason::Abandoned => (Reason::Disconnected, None),
            EndReason::Desync => (Reason::Error, Some(desync())),
            EndReason::Left => (Reason::Closed, None),
        };
        if self.life.state() != State::Playing {
            return self.end(now, reason, failure, out);
        }
        if matches!(reason, Reason::Complete | Reason::PartnerLeft) {
            out.push(Output::TellMatch(MatchTold::Finished { frames, planned: reason == Reason::Complete }));
        }
        // The server may have said why before, and knows better than a browser that lost the others.
        let said = self.together.as_mut().and_then(|together| together.ending.take());
        let reason = said.map_or(reason, |said| if reason == Reason::Complete { reason } else { said.reason });
        // From now on a Worker may have nothing to say, and nobody waits for longer than a moment.
        if let Some(together) = &mut self.together {
            together.silence = None;
        }
        self.settle(Ending { reason, failure }, out);
    }
}

/// Who plays each agent, as this browser's Worker has to know it.
fn seats(matched: &Matched, made: &Made) -> Vec<SeatSetup> {
    let idle = |seat: &SeatSetup| match seat {
        SeatSetup::Person { idle, .. } | SeatSetup::Remote { idle } => idle.clone(),
        SeatSetup::Random | SeatSetup::Fixed(_) | SeatSetup::Policy | SeatSetup::Expert { .. } => Vec::new(),
    };
    let seats = made.seats.iter().zip(&matched.seats).enumerate();
    seats
        .map(|(agent, (seat, kind))| match kind {
            SeatKind::Person if agent == usize::from(matched.seat) => seat.clone(),
            SeatKind::Person => SeatSetup::Remote { idle: idle(seat) },
            SeatKind::Random => SeatSetup::Random,
            SeatKind::Policy => SeatSetup::Policy,
            SeatKind::Expert { skill } => SeatSetup::Expert { skill: *skill },
            // Where no action means nothing, whatever is drawn is the same in every browser.
            SeatKind::Idle => idle(seat).into_iter().next().map_or(SeatSetup::Random, SeatSetup::Fixed),
        })
        .collect()
}
