//! What follows from what: the one place where a game's parts meet.
use palaestra_protocol::{ErrorCode, Failure, Flags, Motion, Operation, Reset, Setup, Stepped};
use palaestra_session::{Action, Event as Cause, Reason, State, Timer as Limit, Transition};

use super::episodes::Episodes;
use super::event::{Event, Made};
use super::granting::Granting;
use super::life::Life;
use super::matched::MatchTold;
use super::options::Options;
use super::output::{Output, Teardown, Timer};
use super::pictures::Pictures;
use super::presence::Presence;
use super::recording::Recording;
use super::to_worker::ToWorker;
use super::together::Together;

/// One session of one game, from its first state to its last.
pub struct Game {
    pub(super) options: Options,
    pub(super) life: Life,
    pub(super) presence: Presence,
    pub(super) made: Option<Made>,
    pub(super) recording: Recording,
    /// The match that it is a game of; nothing: it is played alone.
    pub(super) together: Option<Together>,
    /// The Worker has been asked for.
    pub(super) opened: bool,
    pub(super) episodes: Episodes,
    granting: Granting,
    pub(super) pictures: Pictures,
    pub(super) worker: ToWorker,
}

impl Game {
    /// Begins a session. A game alone waits for nobody, is matched with itself, and validates that this browser can play; one of a
    /// match waits until the server has found the others.
    pub fn new(now: f64, options: Options, hidden: bool, out: &mut Vec<Output>) -> Self {
        let mut game = Self {
            life: Life::new(now, options.load_timeout),
            presence: Presence::new(now, hidden, options.focus_timeout, options.start),
            made: None,
            recording: Recording::new(&options),
            together: options.together.then(Together::default),
            opened: !options.together,
            episodes: Episodes::new(options.episode_pause, options.max_steps, options.episodes),
            granting: Granting::default(),
            pictures: Pictures::new(options.fps, options.tween),
            worker: ToWorker::new(options.step_timeout),
            options,
        };
        game.go_on(now, Cause::Wait, out);
        if game.presence.stands_still() {
            game.recording.note_pause(now, true);
        }
        if game.together.is_none() {
            game.go_on(now, Cause::Match, out);
            game.go_on(now, Cause::Validate, out);
            out.push(Output::OpenWorker);
        }
        game
    }

    /// Takes in what happened at a time, and adds what is to be done to `out`. What comes too late changes nothing.
    pub fn handle(&mut self, now: f64, event: Event<'_>, out: &mut Vec<Output>) {
        let playing = self.life.state() == State::Playing;
        match event {
            Event::Made(made) => self.made(now, *made, out),
            Event::Done(Operation::Grant) => self.granting.answered(now, &self.worker, out),
            Event::Done(Operation::Join) if self.together.is_some() => self.joined(),
            Event::Done(_) => {}
            Event::Began { returns, scene } => self.began(now, returns, scene, out),
            Event::Stepped(step) if playing => self.stepped(now, step, out),
            Event::Failed(failure) => self.failed(now, failure, out),
            Event::Match(message) => self.hear_server(now, message, out),
            Event::Worker(event) => self.hear_match(now, event, out),
            Event::KeyDown { code, at } if playing => self.key(now, Motion::Down, code, at, out),
            Event::KeyUp { code, at } if playing => self.key(now, Motion::Up, code, at, out),
            Event::KeysLost if playing => self.worker.let_go_of_keys(now, out),
            Event::FocusLost => self.focus_lost(now, out),
            Event::FocusFound => self.focus_found(now, out),
            Event::Act { agent, action, at } if playing => self.act(now, (agent, action), at, out),
            Event::Stepped(_) | Event::KeyDown { .. } | Event::KeyUp { .. } | Event::KeysLost | Event::Act { .. } => {}
            Event::Hidden(true) => self.hidden(now, out),
            Event::Hidden(false) => self.revealed(now, out),
            Event::Pause(paused) => self.pause(now, paused, out),
            Event::AnimationFrame => {
                self.recording.metrics.animation_frame(now);
                self.pictures.animation_frame();
            }
            Event::Drawn { began, ended } => self.pictures.drawn(began, ended, &mut self.recording.metrics),
            Event::Painted => self.painted(now, out),
            Event::Rang(timer) => self.rang(now, timer, out),
            Event::Dispose(reason) => self.end(now, reason, None, out),
            Event::WorkerGone(teardown) => self.worker_gone(now, teardown, out),
        }
        self.recording.hand_out(out);
    }

    // From the Worker.

    fn made(&mut self, now: f64, made: Made, out: &mut Vec<Output>) {
        // A match may have come to nothing while its Worker was loading: the next one will need it.
        let waits = self.life.state() == State::Validating || self.together.is_some() && self.life.state().is_live();
        if !waits || self.made.is_some() {
            return;
        }
        let (expected, found) = (self.options.agents, made.spec.agents.len());
        if expected != found {
            let message = format!("expected an environment of {expected} agents, found one of {found}");
            return self.failed(now, Failure::new(ErrorCode::BadArgument, message), out);
        }
        self.worker.clock_offset = made.clock_offset;
        if self.together.is_some() {
            self.made = Some(made);
            self.life.end_loading(out);
            return self.join(now, out);
        }
        let setup = Setup {
            fps: self.options.fps,
            seed: self.options.seed,
            max_steps: self.options.max_steps,
            snapshots: 0,
            flags: Flags { scene: self.options.scene, hash: self.options.record_hashes, autoreset: false },
            seats: made.seats.clone(),
        };
        self.made = Some(made);
        self.worker.ask(Operation::Play, |payload| setup.write(payload), out);
        self.ask_for_episode(Some(self.options.seed), out);
    }

    fn ask_for_episode(&mut self, seed: Option<u64>, out: &mut Vec<Output>) {
        let reset = Reset { seed, options: &self.options.reset_options };
        self.worker.ask(Operation::Reset, |payload| reset.write(payload), out);
    }

    fn began(&mut self, now: f64, returns: &[u8], scene: &[u8], out: &mut Vec<Output>) {
        let live = matches!(self.life.state(), State::Validating | State::Playing);
        if !live || self.made.is_none() || !self.episodes.begin() {
            return;
        }
        let before = self.recording.recorder.totals().episodes;
        let seed = (before == 0).then_some(self.options.seed);
        self.recording.begin_episode(seed, before, &self.options, returns);
        self.pictures.cut(scene, out);
        if self.life.state() == State::Validating {
            self.go_on(now, Cause::Play, out);
        }
    }

    pub(super) fn stepped(&mut self, now: f64, step: Stepped<'_>, out: &mut Vec<Output>) {
        if !self.episodes.played() {
            let message = format!("expected no step between two episodes, found step {}", step.frame);
            return self.failed(now, Failure::new(ErrorCode::BadMessage, message), out);
        }
        let together = self.together.is_some();
        let (outcome, row) = match self.recording.step(&step, self.worker.clock_offset, now, together) {
            Ok(recorded) => recorded,
            Err(failure) => return self.failed(now, failure, out),
        };
        if outcome.over() {
            self.episodes.end(now);
        }
        if !together {
            self.pictures.step(step.frame, step.scene, out);
        }
        if self.options.tell_steps {
            out.push(Output::TellStep(Box::new(self.recording.told(&step, row))));
        }
        let finished = self.recording.recorder.scores().len() as u64;
        // A match is over when all its browsers say so.
        if !together && self.episodes.complete(step.frame.into(), finished) {
            self.end(now, Reason::Complete, None, out);
        }
    }

    // From the participant; see also `input.rs`.

    fn focus_lost(&mut self, now: f64, out: &mut Vec<Output>) {
        self.presence.lose_focus();
        if self.life.state() == State::Playing {
            self.worker.let_go_of_keys(now, out);
            self.look_who_is_there(now, out);
        }
    }

    fn focus_found(&mut self, now: f64, out: &mut Vec<Output>) {
        self.presence.find_focus();
        if self.life.state() == State::Playing {
            self.look_who_is_there(now, out);
        }
    }

    /// A hidden tab pauses the game.
    fn hidden(&mut self, now: f64, out: &mut Vec<Output>) {
        if self.presence.hide(now) && self.life.state() == State::Playing {
            self.go_on_or_stand_still(now, out);
            self.worker.let_go_of_keys(now, out);
            self.look_who_is_there(now, out);
        }
    }

    /// How long a tab was hidden goes into the record.
    fn revealed(&mut self, now: f64, out: &mut Vec<Output>) {
        let Some(absence) = self.presence.reveal(now) else { return };
        if self.life.state() == State::Playing {
            self.recording.note_absence("hidden", absence);
            self.look_who_is_there(now, out);
            self.go_on_or_stand_still(now, out);
        }
    }

    /// Begins or ends the participant's absence. One that was too long ends the session, when it is over at the latest.
    fn look_who_is_there(&mut self, now: f64, out: &mut Vec<Output>) {
        let (before, absence) = (self.presence.away(), self.presence.look(now, out));
        if self.together.is_some() && self.presence.away() != before {
            out.push(Output::TellMatch(MatchTold::Away(!before)));
        }
        let Some(absence) = absence else { return };
        self.recording.note_absence("focus_lost", absence);
        if self.presence.too_long(absence) {
            self.end(now, Reason::FocusLost, None, out);
        }
    }

    /// Goes on or stands still because the page says so.
    pub(super) fn pause(&mut self, now: f64, paused: bool, out: &mut Vec<Output>) {
        // Nobody stops a game that others play.
        if self.together.is_none() && self.life.state().is_live() && self.presence.pause(paused) {
            self.recording.note_pause(now, paused);
            if self.life.state() == State::Playing {
                self.go_on_or_stand_still(now, out);
            }
        }
    }

    fn go_on_or_stand_still(&mut self, now: f64, out: &mut Vec<Output>) {
        if self.life.state() != State::Playing {
            return;
        }
        self.recording.metrics.interrupted();
        // A match keeps its own time: a page that is hidden or stalled freezes nobody.
        if self.together.is_some() {
            return;
        }
        if self.presence.paused() {
            self.granting.stand_still(now, &self.worker, out);
        } else {
            self.granting.go_on(now, &self.worker, out);
        }
    }

    /// Goes on to the next episode if it is time to: the last picture of the one before has been seen now.
    fn painted(&mut self, now: f64, out: &mut Vec<Output>) {
        let painted = self.pictures.painted(now, &mut self.recording.metrics);
        if let Some(frame) = painted.filter(|_| self.options.user_timing && self.life.state() != State::Disposed) {
            let row = self.recording.metrics.row(frame as usize).copied();
            out.extend(row.map(|row| Output::Measure { frame, row }));
        }
        let alone = self.together.is_none();
        if alone && self.life.state() == State::Playing && self.pictures.seen() && self.episodes.next(now) {
            self.ask_for_episode(None, out);
        }
    }

    // The session's life.

    fn rang(&mut self, now: f64, timer: Timer, out: &mut Vec<Output>) {
        match timer {
            Timer::Load => {
                if let Some(failure) = self.life.look(now, self.options.number, out) {
                    self.end(now, Reason::Timeout, Some(failure), out);
                }
            }
            Timer::Grant => self.granting.rang(now, &self.worker, out),
            Timer::Focus if self.presence.rang() => self.end(now, Reason::FocusLost, None, out),
            Timer::Focus => {}
            Timer::Settle => self.settled(now, out),
            Timer::Silence => self.listened(now, out),
        }
    }

    pub(super) fn failed(&mut self, now: f64, failure: Failure, out: &mut Vec<Output>) {
        // What was asked before the session was closed is told so: that is no misfortune.
        if failure.code != ErrorCode::SessionClosed {
            self.end(now, Reason::Error, Some(failure), out);
        }
    }

    /// The one way out, from every state and any number of times: only the first call does anything.
    pub(super) fn end(&mut self, now: f64, reason: Reason, failure: Option<Failure>, out: &mut Vec<Output>) {
        if !self.life.state().is_live() {
            return;
        }
        if self.life.state() == State::Playing {
            let [hidden, away] = self.presence.over(now);
            hidden.into_iter().for_each(|absence| self.recording.note_absence("hidden", absence));
            away.into_iter().for_each(|absence| self.recording.note_absence("focus_lost", absence));
        }
        let reason = self.leave(now, reason, out);
        if let Some(ended) = self.life.end(now, reason, failure) {
            self.transition(now, ended, out);
            out.push(Output::CloseWorker);
        }
    }

    fn worker_gone(&mut self, now: f64, teardown: Option<Teardown>, out: &mut Vec<Output>) {
        if let Some(disposed) = self.life.dispose(now, teardown) {
            self.transition(now, disposed, out);
            self.recording.seal();
            self.recording.hand_out(out);
            out.push(Output::Finished);
        }
    }

    pub(super) fn go_on(&mut self, now: f64, cause: Cause, out: &mut Vec<Output>) {
        if let Some(transition) = self.life.go_on(now, cause) {
            self.transition(now, transition, out);
        }
    }

    pub(super) fn transition(&mut self, now: f64, transition: Transition, out: &mut Vec<Output>) {
        self.recording.note_transition(&transition);
        transition.actions().for_each(|action| self.perform(now, action, out));
        out.push(Output::TellTransition(transition));
    }

    fn perform(&mut self, now: f64, action: Action, out: &mut Vec<Output>) {
        match action {
            // How long to wait for others the server decides, and its client on the page.
            Action::StartTimer(Limit::Waiting) if self.together.is_some() => {}
            // In a match the Worker of the one before may be there.
            Action::StartTimer(Limit::Validating) if self.made.is_some() => {}
            Action::StartTimer(_) => self.life.begin_loading(now, out),
            Action::CancelTimer(_) => self.life.end_loading(out),
            Action::StartLoop => {
                out.push(Output::StartLoop);
                // Somebody who looked elsewhere while the game was loading is away from now on.
                self.look_who_is_there(now, out);
                self.go_on_or_stand_still(now, out);
                if self.together.is_some() {
                    self.begin_listening(now, out);
                }
            }
            Action::StopLoop => {
                self.granting.stop(out);
                out.push(Output::SetTimer { timer: Timer::Focus, after: None });
                out.push(Output::StopLoop);
            }
            // The record is handed over when the session is disposed of, so that it holds its own end.
            Action::ExportData => self.recording.finish_step(),
            Action::Release => out.push(Output::Release),
        }
    }
}
