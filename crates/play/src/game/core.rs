//! What follows from what: the one place where a game's parts meet.
use palaestra_env::Spec;
use palaestra_protocol::{
    ErrorCode, Failure, Flags, Grant, Key, Motion, Operation, Reset, Row, Setup, Station, Stepped, UNPASSED,
};
use palaestra_session::{Action, DisposalOutcome, DisposalReport, Event as Cause, Reason, Session, State, Transition};

use super::event::{Event, Made};
use super::metrics::Metrics;
use super::note::{Field, note};
use super::options::Options;
use super::output::{Output, PlayedStep, Teardown, Timer};
use super::patience::Patience;
use super::presence::{Absence, Presence};
use palaestra_record::Recorder;

/// How far ahead the page grants: a page that stalls stops its game after so long.
const GRANT_AHEAD_MS: f64 = 200.0;
/// How often it grants. Twice may fail before the game notices.
const GRANT_EVERY_MS: f64 = 60.0;
/// Moving from one step's picture to the next takes at most this long, however slow the ticks: a person who pressed a key
/// wants to see it obeyed.
const LONGEST_TWEEN_MS: f64 = 130.0;

/// One session of one game, from its first state to its last.
pub struct Game {
    options: Options,
    session: Session,
    presence: Presence,
    loading: Option<Patience>,
    made: Option<Made>,
    recorder: Recorder,
    metrics: Metrics,
    frame: u32,
    slowed: f64,
    last_input: [f64; 2],
    episode: Episode,
    /// A grant is with the Worker: no other is sent before it is answered, however long that takes.
    granting: bool,
    /// The frame whose picture is yet to be drawn, and the one whose picture is yet to be painted by the browser.
    undrawn: Option<u32>,
    unpainted: Option<u32>,
    failure: Option<Failure>,
    teardown: Option<Teardown>,
}

/// Where the present episode stands.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Episode {
    /// It is about to begin: the Worker has been asked to.
    Beginning,
    /// It is played.
    Played,
    /// It is over; the next may begin at this time.
    Over(f64),
}

impl Game {
    /// Begins a session: it waits for nobody, is matched with itself, and validates that this browser can play.
    pub fn new(now: f64, options: Options, hidden: bool, out: &mut Vec<Output>) -> Self {
        let mut game = Self {
            session: Session::new(now),
            presence: Presence::new(now, hidden),
            loading: None,
            made: None,
            recorder: Recorder::new(options.agents),
            metrics: Metrics::new(options.metrics_capacity),
            frame: 0,
            slowed: 0.0,
            last_input: [f64::NAN; 2],
            episode: Episode::Beginning,
            granting: false,
            undrawn: None,
            unpainted: None,
            failure: None,
            teardown: None,
            options,
        };
        for cause in [Cause::Wait, Cause::Match, Cause::Validate] {
            game.apply(now, cause, out);
        }
        out.push(Output::OpenWorker);
        game
    }

    /// Takes in what happened at a time, and adds what is to be done to `out`. What comes too late changes nothing.
    pub fn handle(&mut self, now: f64, event: Event<'_>, out: &mut Vec<Output>) {
        let playing = self.state() == State::Playing;
        match event {
            Event::Made(made) => self.made(*made, out),
            Event::Done(Operation::Grant) => self.granting = false,
            Event::Done(_) => {}
            Event::Began { returns, scene } => self.began(now, returns, scene, out),
            Event::Stepped(step) if playing => self.stepped(now, step, out),
            Event::Stepped(_) => {}
            Event::Failed(failure) => self.failed(now, failure, out),
            Event::KeyDown { code, at } if playing => self.key(now, Motion::Down, code, at, out),
            Event::KeyUp { code, at } if playing => self.key(now, Motion::Up, code, at, out),
            Event::KeyDown { .. } | Event::KeyUp { .. } => {}
            Event::FocusLost if playing => self.focus_lost(now, out),
            Event::FocusFound if playing => self.focus_found(now, out),
            Event::FocusLost | Event::FocusFound => {}
            Event::Hidden(hidden) => self.hidden(now, hidden, out),
            Event::Pause(paused) => self.pause(now, paused, out),
            Event::AnimationFrame => self.metrics.animation_frame(now),
            Event::Drawn { began, ended } => self.drawn(began, ended),
            Event::Painted => self.painted(now, out),
            Event::Rang(timer) => self.rang(now, timer, out),
            Event::Dispose(reason) => self.end(now, reason, None, out),
            Event::WorkerGone(teardown) => self.worker_gone(now, teardown, out),
        }
        self.hand_out_chunks(out);
    }

    fn hand_out_chunks(&mut self, out: &mut Vec<Output>) {
        out.extend(std::iter::from_fn(|| self.recorder.take_sealed()).map(Output::Keep));
    }

    // From the Worker.

    fn made(&mut self, made: Made, out: &mut Vec<Output>) {
        if self.state() != State::Validating || self.made.is_some() {
            return;
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
        self.request(Operation::Play, |payload| setup.write(payload), out);
        self.ask_for_episode(Some(self.options.seed), out);
    }

    fn ask_for_episode(&mut self, seed: Option<u64>, out: &mut Vec<Output>) {
        self.episode = Episode::Beginning;
        let options = std::mem::take(&mut self.options.reset_options);
        self.request(Operation::Reset, |payload| Reset { seed, options: &options }.write(payload), out);
        self.options.reset_options = options;
    }

    fn began(&mut self, now: f64, returns: &[u8], scene: &[u8], out: &mut Vec<Output>) {
        let live = matches!(self.state(), State::Validating | State::Playing);
        if !live || self.episode != Episode::Beginning || self.made.is_none() {
            return;
        }
        let seed = (self.recorder.totals().episodes == 0).then_some(self.options.seed);
        self.finish_step();
        self.recorder.reset(seed, &self.options.reset_options_text, returns);
        self.episode = Episode::Played;
        self.metrics.interrupted();
        self.show(scene, true, out);
        if self.state() == State::Validating {
            self.apply(now, Cause::Play, out);
        }
    }

    fn stepped(&mut self, now: f64, step: Stepped<'_>, out: &mut Vec<Output>) {
        let expected = self.frame.saturating_add(1);
        if step.frame != expected || !step.confirmed || self.episode != Episode::Played {
            let found = if self.episode == Episode::Played { step.frame.to_string() } else { "one out of turn".into() };
            let message = format!("expected step {expected} of the Worker, found {found}");
            return self.failed(now, Failure::new(ErrorCode::BadMessage, message), out);
        }
        let Stepped { actions, returns, hash, .. } = step;
        self.finish_step();
        let recorded = self.recorder.begin_step(actions, returns, hash);
        let over = match recorded {
            Ok(outcome) => outcome.over(),
            Err(error) => return self.failed(now, Failure::new(ErrorCode::BadMessage, error.to_string()), out),
        };
        let row = row_of(&step, self.clock_offset(), now);
        self.frame = expected;
        self.slowed = step.slowed;
        self.metrics.push(row);
        if !step.times.pressed.is_nan() {
            self.last_input = [step.times.pressed, step.times.queued];
        }
        if over {
            self.episode = Episode::Over(now + self.options.episode_pause);
        }
        if !step.scene.is_empty() {
            self.undrawn = Some(self.frame);
            self.show(step.scene, false, out);
        }
        if self.options.tell_steps {
            out.push(Output::TellStep(Box::new(PlayedStep {
                frame: self.frame,
                episode: self.recorder.totals().episodes,
                actions: actions.to_vec(),
                returns: returns.to_vec(),
                score: self.recorder.score().to_vec(),
                row,
            })));
        }
        let all_steps = self.options.max_steps.is_some_and(|most| u64::from(self.frame) >= most);
        let all_episodes = self.options.episodes.is_some_and(|most| self.recorder.scores().len() as u64 >= most);
        if all_steps || all_episodes {
            self.end(now, Reason::Complete, None, out);
        }
    }

    fn show(&self, scene: &[u8], cut: bool, out: &mut Vec<Output>) {
        if !scene.is_empty() {
            let duration = if self.options.tween { (1000.0 / self.options.fps).min(LONGEST_TWEEN_MS) } else { 0.0 };
            out.push(Output::Show { scene: scene.to_vec(), duration, cut });
        }
    }

    // To the Worker.

    fn request(&self, operation: Operation, write: impl FnOnce(&mut Vec<u8>), out: &mut Vec<Output>) {
        let mut payload = Vec::new();
        write(&mut payload);
        out.push(Output::Request { operation, payload, deadline: self.options.step_timeout });
    }

    /// Grants the next moments, and sees to it that this happens again before they are over.
    fn grant(&mut self, now: f64, out: &mut Vec<Output>) {
        if !self.granting {
            self.granting = true;
            let offset = self.clock_offset();
            let grant = Grant { until: Some(now + GRANT_AHEAD_MS - offset), sent: now };
            self.request(Operation::Grant, |payload| grant.write(payload), out);
        }
        out.push(Output::SetTimer { timer: Timer::Grant, after: Some(GRANT_EVERY_MS) });
    }

    fn stand_still(&mut self, now: f64, out: &mut Vec<Output>) {
        out.push(Output::SetTimer { timer: Timer::Grant, after: None });
        self.request(Operation::Grant, |payload| Grant { until: None, sent: now }.write(payload), out);
    }

    fn key(&mut self, now: f64, motion: Motion, code: &str, at: f64, out: &mut Vec<Output>) {
        let place = self.made.as_ref().and_then(|made| made.codes.iter().position(|known| known == code));
        if let Some(code) = place.and_then(|place| u16::try_from(place).ok()) {
            self.request(Operation::Key, |payload| Key { motion, code, at, sent: now }.write(payload), out);
        }
    }

    // Whether somebody is there.

    fn focus_lost(&mut self, now: f64, out: &mut Vec<Output>) {
        let all_up = Key { motion: Motion::AllUp, code: 0, at: now, sent: now };
        self.request(Operation::Key, |payload| all_up.write(payload), out);
        if self.presence.lose_focus(now) && self.presence.seen() {
            out.push(Output::SetTimer { timer: Timer::Focus, after: self.options.focus_timeout });
        }
    }

    /// The keyboard is back, unless it was away for too long: timers of a hidden page may come late.
    fn focus_found(&mut self, now: f64, out: &mut Vec<Output>) {
        out.push(Output::SetTimer { timer: Timer::Focus, after: None });
        let seen = self.presence.seen();
        let Some(absence) = self.presence.find_focus(now) else { return };
        self.note_absence("focus_lost", absence);
        if seen && self.options.focus_timeout.is_some_and(|limit| absence.ms >= limit) {
            self.end(now, Reason::FocusLost, None, out);
        }
    }

    /// A hidden tab pauses the game; how long it was hidden goes into the record.
    fn hidden(&mut self, now: f64, hidden: bool, out: &mut Vec<Output>) {
        let was_paused = self.presence.paused();
        if hidden {
            if self.presence.hide(now) && self.state() == State::Playing {
                self.presence_changed(now, was_paused, out);
                self.focus_lost(now, out);
            }
            return;
        }
        let seen = self.presence.seen();
        let Some(absence) = self.presence.reveal(now) else { return };
        if self.state() != State::Playing {
            return;
        }
        self.note_absence("hidden", absence);
        self.presence_changed(now, was_paused, out);
        if seen {
            self.focus_found(now, out);
        } else {
            // The participant comes for the first time, and was never away.
            let _ = self.presence.find_focus(now);
        }
    }

    /// Goes on or stands still because the page says so.
    fn pause(&mut self, now: f64, paused: bool, out: &mut Vec<Output>) {
        let was_paused = self.presence.paused();
        if !matches!(self.state(), State::Ended | State::Disposed) && self.presence.pause(paused) {
            self.note(&[("at", Field::Number(now)), ("event", Field::Text(if paused { "paused" } else { "resumed" }))]);
            if self.state() == State::Playing {
                self.presence_changed(now, was_paused, out);
            }
        }
    }

    fn presence_changed(&mut self, now: f64, was_paused: bool, out: &mut Vec<Output>) {
        self.metrics.interrupted();
        match (was_paused, self.presence.paused()) {
            (false, true) => self.stand_still(now, out),
            (true, false) => {
                // A grant that is under way was sent before the game was to stand still.
                self.granting = false;
                self.grant(now, out);
            }
            _ => {}
        }
    }

    // Pictures.

    fn drawn(&mut self, began: f64, ended: f64) {
        if let Some(frame) = self.undrawn.take() {
            self.metrics.stamp(frame as usize, Station::RenderBegin, began);
            self.metrics.stamp(frame as usize, Station::RenderEnd, ended);
            self.unpainted = Some(frame);
        }
    }

    /// Goes on to the next episode if it is time to: the last picture of the one before has been seen now.
    fn painted(&mut self, now: f64, out: &mut Vec<Output>) {
        if let Some(frame) = self.unpainted.take() {
            self.metrics.stamp(frame as usize, Station::Paint, now);
            if let (true, Some(row)) = (self.options.user_timing, self.metrics.row(frame as usize)) {
                out.push(Output::Measure { frame, row: *row });
            }
        }
        if self.state() == State::Playing && matches!(self.episode, Episode::Over(until) if now >= until) {
            self.ask_for_episode(None, out);
        }
    }

    // The session's life.

    fn rang(&mut self, now: f64, timer: Timer, out: &mut Vec<Output>) {
        match timer {
            Timer::Load => self.look_whether_loaded(now, out),
            Timer::Grant if self.state() == State::Playing && !self.presence.paused() => self.grant(now, out),
            Timer::Focus if self.state() == State::Playing => self.end(now, Reason::FocusLost, None, out),
            Timer::Grant | Timer::Focus => {}
        }
    }

    fn look_whether_loaded(&mut self, now: f64, out: &mut Vec<Output>) {
        let Some(loading) = &mut self.loading else { return };
        if !loading.look(now) {
            let after = Some(loading.next_look());
            return out.push(Output::SetTimer { timer: Timer::Load, after });
        }
        let mut limit = Vec::new();
        palaestra_env::json_text::put_number(self.options.load_timeout, self.options.number, &mut limit);
        let limit = String::from_utf8(limit).unwrap_or_default();
        let message = format!("expected the game to be loaded within {} ms", limit.trim_end_matches(".0"));
        self.end(now, Reason::Timeout, Some(Failure::new(ErrorCode::DeadlineExceeded, message)), out);
    }

    fn failed(&mut self, now: f64, failure: Failure, out: &mut Vec<Output>) {
        // What was asked before the session was closed is told so: that is no misfortune.
        if failure.code != ErrorCode::SessionClosed {
            self.end(now, Reason::Error, Some(failure), out);
        }
    }

    /// The one way out, from every state and any number of times: only the first call does anything.
    fn end(&mut self, now: f64, reason: Reason, failure: Option<Failure>, out: &mut Vec<Output>) {
        if matches!(self.state(), State::Ended | State::Disposed) {
            return;
        }
        self.failure = failure;
        if !self.apply(now, Cause::End(reason), out) {
            // A reason that this state does not know: that the page asked is true in any case.
            self.apply(now, Cause::End(Reason::Closed), out);
        }
        out.push(Output::CloseWorker);
    }

    fn worker_gone(&mut self, now: f64, teardown: Option<Teardown>, out: &mut Vec<Output>) {
        if self.state() != State::Ended {
            return;
        }
        self.teardown = teardown;
        let disposal = self.session.dispose(self.reason().unwrap_or(Reason::Closed), now);
        disposal.transitions().for_each(|transition| self.transition(now, transition, out));
        self.recorder.seal();
        self.hand_out_chunks(out);
        out.push(Output::Finished);
    }

    /// Takes the session where an event leads, and does what hangs on it. An event that the table does not allow says so.
    fn apply(&mut self, now: f64, cause: Cause, out: &mut Vec<Output>) -> bool {
        match self.session.apply(cause, now) {
            Ok(transition) => {
                self.transition(now, transition, out);
                true
            }
            Err(_) => false,
        }
    }

    fn transition(&mut self, now: f64, transition: Transition, out: &mut Vec<Output>) {
        self.note(&[
            ("at", Field::Number(transition.at)),
            ("event", Field::Text("transition")),
            ("from", Field::Text(transition.from.as_str())),
            ("reason", transition.reason.map_or(Field::Nothing, |reason| Field::Text(reason.as_str()))),
            ("to", Field::Text(transition.to.as_str())),
        ]);
        transition.actions().for_each(|action| self.perform(now, action, out));
        out.push(Output::TellTransition(transition));
    }

    fn perform(&mut self, now: f64, action: Action, out: &mut Vec<Output>) {
        match action {
            // Whichever state a timer belongs to, a participant waits in it for at most the load timeout.
            Action::StartTimer(_) => {
                let patience = Patience::new(now, self.options.load_timeout);
                out.push(Output::SetTimer { timer: Timer::Load, after: Some(patience.next_look()) });
                self.loading = Some(patience);
            }
            Action::CancelTimer(_) => {
                self.loading = None;
                out.push(Output::SetTimer { timer: Timer::Load, after: None });
            }
            Action::StartLoop => {
                out.push(Output::StartLoop);
                if !self.presence.paused() {
                    self.grant(now, out);
                } else if self.presence.hidden() {
                    // Somebody who looked elsewhere while the game was loading is away from now on.
                    self.focus_lost(now, out);
                }
            }
            Action::StopLoop => {
                for timer in [Timer::Grant, Timer::Focus] {
                    out.push(Output::SetTimer { timer, after: None });
                }
                out.push(Output::StopLoop);
            }
            // The record is handed over when the session is disposed of, so that it holds its own end.
            Action::ExportData => self.finish_step(),
            Action::Release => out.push(Output::Release),
        }
    }

    /// Puts something that happened into the record, after the steps before it.
    fn note(&mut self, fields: &[(&str, Field)]) {
        self.finish_step();
        self.recorder.event(&note(self.options.number, fields));
    }

    /// The latest step is recorded for good, with its row if rows are recorded.
    fn finish_step(&mut self) {
        let row = self.metrics.row(self.frame as usize).filter(|_| self.options.record_metrics);
        self.recorder.finish_step(row.map_or(&[], |row| &row[..]));
    }

    fn note_absence(&mut self, event: &'static str, Absence { since, ms }: Absence) {
        self.note(&[("at", Field::Number(since)), ("event", Field::Text(event)), ("ms", Field::Number(ms))]);
    }

    fn clock_offset(&self) -> f64 {
        self.made.as_ref().map_or(0.0, |made| made.clock_offset)
    }
}

/// What can be asked of a game.
impl Game {
    /// What it was asked to be.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// Where the session is in its life.
    pub fn state(&self) -> State {
        self.session.state()
    }

    /// Why the session ended.
    pub fn reason(&self) -> Option<Reason> {
        self.session.ended_reason()
    }

    /// What went wrong, if it ended so.
    pub fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// Whether the game has been played, or could have been: there is something to hand over then.
    pub fn started(&self) -> bool {
        self.session.history().iter().any(|transition| transition.to == State::Playing)
    }

    /// How the session was disposed of; nothing before that.
    pub fn report(&self) -> Option<DisposalReport> {
        let (State::Disposed, Some(reason)) = (self.state(), self.reason()) else { return None };
        let never = Teardown { outcome: DisposalOutcome::NeverStarted, duration_ms: 0.0, rejected: 0 };
        let Teardown { outcome, duration_ms, rejected } = self.teardown.unwrap_or(never);
        Some(DisposalReport { outcome, reason, duration_ms, rejected_requests: rejected })
    }

    /// The environment's spec, once it is known.
    pub fn spec(&self) -> Option<&Spec> {
        self.made.as_ref().map(|made| &made.spec)
    }

    /// Whether a seat has a use for a key.
    pub fn knows_key(&self, code: &str) -> bool {
        self.made.as_ref().is_some_and(|made| made.codes.iter().any(|known| known == code))
    }

    /// Whether no tick comes, because the page said so or because the tab is hidden.
    pub fn paused(&self) -> bool {
        self.presence.paused()
    }

    /// How many steps have been made.
    pub fn frame(&self) -> u32 {
        self.frame
    }

    /// Milliseconds by which the game has been slower than its pace.
    pub fn slowed(&self) -> f64 {
        self.slowed
    }

    /// When the latest input's key went down, and when the page sent it; NaN before the first.
    pub fn last_input(&self) -> [f64; 2] {
        self.last_input
    }

    /// When each step passed each station.
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// What has been recorded.
    pub fn recorder(&self) -> &Recorder {
        &self.recorder
    }
}

fn row_of(step: &Stepped<'_>, clock_offset: f64, returned: f64) -> Row {
    let times = &step.times;
    let on_page = |at: f64| at + clock_offset;
    let mut row = UNPASSED;
    for (station, at) in [
        (Station::Keypress, times.pressed),
        (Station::QueueExit, times.queued),
        (Station::StepCall, times.called),
        (Station::WorkerReceive, on_page(times.received)),
        (Station::StepDue, on_page(times.due)),
        (Station::StepBegin, on_page(times.began)),
        (Station::StepEnd, on_page(times.ended)),
        (Station::StepReturn, returned),
    ] {
        row[station as usize] = at;
    }
    row
}
