//! The loop: a tick chooses actions and sends one request; its reply is recorded, scored and drawn.
use std::rc::Rc;

use palaestra_env::environment::Phase;
use palaestra_env::{Outcome, Spec, Value, ValueReader, ValueWriter};
use palaestra_protocol::{Body, ErrorCode, Flags, Operation, Reply};
use palaestra_record::Log;
use palaestra_session::Reason;
use wasm_bindgen::prelude::*;

use super::Game;
use super::guards::AfterPaint;
use super::metrics::{Metrics, Row, Station, UNPASSED};
use super::presence::Paused;
use super::seats::Seats;
use super::ticker::Ticker;
use crate::channel::Answer;
use crate::env::read;
use crate::error::PageError;
use crate::js;
use crate::returned::{by_agent, step_to_js};
use crate::values;

/// Moving from one step's picture to the next takes at most this long, however slow the ticks: a person who pressed a key
/// wants to see it obeyed.
const LONGEST_TWEEN_MS: f64 = 130.0;

/// What changes while a game runs.
pub(super) struct Run {
    pub(super) seats: Option<Seats>,
    pub(super) ticker: Ticker,
    pub(super) metrics: Metrics,
    pub(super) log: Log,
    pub(super) stage: Stage,
    /// The latest frame: how many steps have been made.
    pub(super) frame: usize,
    /// The present episode, from 1 on.
    pub(super) episode: u64,
    /// The present episode's return, an agent after another.
    pub(super) score: Vec<f64>,
    /// The returns of the episodes that are over.
    pub(super) scores: Vec<Vec<f64>>,
    pub(super) last_input: [f64; 2],
    pub(super) paused: Paused,
    actions: Vec<Value>,
    action_bytes: ValueWriter,
    /// A step that is not in the log yet: its row is complete only once its picture has been painted.
    unlogged: Option<Unlogged>,
    /// The frame whose picture is yet to be drawn, and the one whose picture is yet to be painted by the browser.
    undrawn: Option<usize>,
    unpainted: Option<usize>,
}

/// What the loop is waiting for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Stage {
    /// The first reset.
    Loading,
    /// The next tick.
    Ready,
    /// A reply to a step: at most one is under way.
    Stepping,
    /// The next episode, to begin at a time.
    Between(f64),
    /// A reply to a reset.
    Resetting,
}

struct Unlogged {
    frame: usize,
    actions: Vec<u8>,
    returns: Vec<u8>,
    hash: Option<u64>,
}

impl Run {
    pub(super) fn new(fps: f64, metrics_capacity: usize) -> Self {
        Self {
            seats: None,
            ticker: Ticker::new(fps),
            metrics: Metrics::new(metrics_capacity),
            log: Log::new(),
            stage: Stage::Loading,
            frame: 0,
            episode: 0,
            score: Vec::new(),
            scores: Vec::new(),
            last_input: [f64::NAN; 2],
            paused: Paused::default(),
            actions: Vec::new(),
            action_bytes: ValueWriter::new(),
            unlogged: None,
            undrawn: None,
            unpainted: None,
        }
    }

    pub(super) fn knows_key(&self, code: &str) -> bool {
        self.seats.as_ref().is_some_and(|seats| seats.knows(code))
    }

    pub(super) fn press(&mut self, code: &str, at: f64) {
        self.seats.iter_mut().for_each(|seats| seats.press(code, at));
    }

    pub(super) fn release(&mut self, code: &str) {
        self.seats.iter_mut().for_each(|seats| seats.release(code));
    }

    /// Puts the latest step into the log, with its row if rows are recorded.
    pub(super) fn flush(&mut self, with_metrics: bool) {
        if let Some(step) = self.unlogged.take() {
            let row = self.metrics.row(step.frame).filter(|_| with_metrics);
            self.log.step(&step.actions, &step.returns, row.map_or(&[], |row| &row[..]), step.hash);
        }
    }
}

impl Game {
    /// One animation frame: the picture first. The tick waits until the browser has painted it ([`Self::after_frame`]), so
    /// that the reply finds the page idle, and a key pressed meanwhile still counts; the reply's own picture has to wait for
    /// the next frame in any case.
    pub(super) fn animation_frame(self: &Rc<Self>) {
        let now = self.clock.now();
        self.run.borrow_mut().metrics.animation_frame(now);
        self.draw();
        let waits =
            self.guards.borrow().as_ref().and_then(|guards| guards.after_paint.as_ref().map(AfterPaint::request));
        if waits.is_none() {
            self.after_frame();
        }
    }

    /// The browser has painted: stamp what it painted, and step if a tick is due.
    pub(super) fn after_frame(self: &Rc<Self>) {
        self.painted();
        let stage = self.run.borrow().stage;
        match stage {
            Stage::Between(until) if self.clock.now() >= until => self.request_reset(None),
            _ => self.tick(),
        }
    }

    /// Takes a due tick, if the last one's step is done.
    fn tick(self: &Rc<Self>) {
        let now = self.clock.now();
        let sent = {
            let mut run = self.run.borrow_mut();
            let run = &mut *run;
            if run.stage != Stage::Ready || !run.ticker.take(now) {
                return;
            }
            let Some(seats) = &mut run.seats else { return };
            if !seats.ready() {
                return;
            }
            let choice = seats.choose(&mut run.actions);
            run.action_bytes.clear();
            run.actions.iter().for_each(|action| run.action_bytes.value(action));
            let mut row = UNPASSED;
            if let Some(pressed_at) = choice.pressed_at {
                run.last_input = [pressed_at, now];
                set(&mut row, Station::Keypress, pressed_at);
                set(&mut row, Station::QueueExit, now);
            }
            run.stage = Stage::Stepping;
            (row, run.action_bytes.bytes().to_vec())
        };
        let (mut row, bytes) = sent;
        let Some(link) = self.link.borrow().clone() else { return };
        let flags = self.flags();
        let game = Rc::clone(self);
        let called = self.clock.now();
        set(&mut row, Station::StepCall, called);
        let payload = bytes.clone();
        let done = Box::new(move |answer: Result<Answer<'_>, PageError>| game.stepped(row, bytes, answer));
        link.request(Operation::Step, flags, &payload, self.config.step_timeout, done);
    }

    fn flags(&self) -> Flags {
        Flags { scene: self.config.canvas.is_some(), hash: self.config.record_hashes, autoreset: false }
    }

    fn stepped(self: &Rc<Self>, mut row: Row, actions: Vec<u8>, answer: Result<Answer<'_>, PageError>) {
        let returned_at = self.clock.now();
        let Some(spec) = self.playing() else { return };
        let reply = match answer {
            Ok(Answer::Reply(reply)) => reply,
            Ok(Answer::Made(..)) => return,
            Err(error) => return self.failed(error),
        };
        let Body::Returns { returns, hash, scene } = reply.body else { return };
        let outcome = match Outcome::read(spec.agents.len(), &mut ValueReader::new(returns)) {
            Ok(outcome) => outcome,
            Err(error) => return self.failed(PageError::new(ErrorCode::BadMessage, error.to_string())),
        };
        self.stamp(&mut row, &reply, returned_at);
        let over = outcome.over();
        {
            let mut run = self.run.borrow_mut();
            let run = &mut *run;
            run.flush(self.config.record_metrics);
            run.metrics.push(row);
            run.frame += 1;
            run.score.iter_mut().zip(&outcome.rewards).for_each(|(score, reward)| *score += reward);
            run.unlogged = Some(Unlogged { frame: run.frame, actions, returns: returns.to_vec(), hash });
            run.undrawn = (!scene.is_empty()).then_some(run.frame);
            run.stage = if over { Stage::Between(returned_at + self.config.episode_pause) } else { Stage::Ready };
            if over {
                let score = run.score.clone();
                run.scores.push(score);
            }
        }
        self.show(scene, false);
        self.tell_step(&spec, returns);
        self.after_step(over);
    }

    fn stamp(&self, row: &mut Row, reply: &Reply<'_>, returned_at: f64) {
        let Some(link) = &*self.link.borrow() else { return };
        let stamps = reply.stamps;
        set(row, Station::WorkerReceive, link.on_page(stamps.received));
        set(row, Station::StepBegin, link.on_page(stamps.began));
        set(row, Station::StepEnd, link.on_page(stamps.ended));
        set(row, Station::StepReturn, returned_at);
    }

    /// Ends the session when it has had its steps or episodes; otherwise makes up for a tick that became due meanwhile.
    fn after_step(self: &Rc<Self>, over: bool) {
        let (steps, episodes) = {
            let run = self.run.borrow();
            (run.frame as u64, run.scores.len() as u64)
        };
        let all_steps = self.config.max_steps.is_some_and(|most| steps >= most);
        let all_episodes = over && self.config.episodes.is_some_and(|most| episodes >= most);
        if all_steps || all_episodes {
            self.end(Reason::Complete, None);
        } else {
            self.tick();
        }
    }

    /// Asks for a new episode.
    pub(super) fn request_reset(self: &Rc<Self>, seed: Option<u64>) {
        let Some(link) = self.link.borrow().clone() else { return };
        self.run.borrow_mut().stage = Stage::Resetting;
        let game = Rc::clone(self);
        let done = Box::new(move |answer: Result<Answer<'_>, PageError>| game.was_reset(seed, answer));
        link.reset(seed, &self.config.reset_options, self.flags(), self.config.step_timeout, done);
    }

    fn was_reset(self: &Rc<Self>, seed: Option<u64>, answer: Result<Answer<'_>, PageError>) {
        let reply = match answer {
            Ok(Answer::Reply(reply)) => reply,
            Ok(Answer::Made(..)) => return,
            Err(error) => return self.failed(error),
        };
        let Body::Returns { returns, scene, .. } = reply.body else { return };
        let agents = self.spec.borrow().as_ref().map_or(1, |spec| spec.agents.len());
        let options = options_text(&self.config.reset_options);
        {
            let mut run = self.run.borrow_mut();
            run.flush(self.config.record_metrics);
            run.log.reset(seed, &options, returns);
            run.episode += 1;
            run.score = vec![0.0; agents];
            run.stage = Stage::Ready;
            let now = self.clock.now();
            run.repause(now);
        }
        self.show(scene, true);
        self.ready();
    }

    fn show(&self, scene: &[u8], cut: bool) {
        if scene.is_empty() {
            return;
        }
        let now = self.clock.now();
        let interval = self.run.borrow().ticker.interval();
        let duration = if self.config.tween { interval.min(LONGEST_TWEEN_MS) } else { 0.0 };
        let shown = self.painter.borrow_mut().as_mut().map(|painter| painter.show(scene, now, duration, cut));
        if let Some(Err(error)) = shown {
            // The game is whole without its picture; the researcher hears of it where the page's other faults are.
            web_sys::console::error_1(&format!("palaestra: scene of frame: {error}").into());
        }
    }

    /// Paints what is to be seen now, and stamps the step whose picture it is the first to show.
    fn draw(&self) {
        let began = self.clock.now();
        let painted = self.painter.borrow_mut().as_mut().is_some_and(|painter| painter.paint(began));
        let mut run = self.run.borrow_mut();
        if !painted {
            return;
        }
        if let Some(frame) = run.undrawn.take() {
            run.metrics.stamp(frame, Station::RenderBegin, began);
            run.metrics.stamp(frame, Station::RenderEnd, self.clock.now());
            run.unpainted = Some(frame);
        }
    }

    fn painted(&self) {
        let now = self.clock.now();
        let row = {
            let mut run = self.run.borrow_mut();
            let Some(frame) = run.unpainted.take() else { return };
            run.metrics.stamp(frame, Station::Paint, now);
            run.metrics.row(frame).map(|row| (frame, *row))
        };
        if let (true, Some((frame, row))) = (self.config.user_timing, row) {
            super::handle::user_timing(&self.clock, frame, &row);
        }
    }

    fn tell_step(&self, spec: &Spec, returns: &[u8]) {
        let Some(on_step) = &self.config.on_step else { return };
        let Ok(returns) = read(spec, Phase::Step, returns) else { return };
        let row = step_to_js(spec, &returns);
        {
            let run = self.run.borrow();
            let actions =
                run.actions.iter().zip(&spec.action_spaces).map(|(action, space)| values::to_js(space, action));
            js::set(&row, "frameNumber", &(run.frame as f64).into());
            js::set(&row, "episode", &(run.episode as f64).into());
            js::set(&row, "action", &by_agent(spec, actions));
            js::set(&row, "score", &by_agent(spec, run.score.iter().map(|score| (*score).into())));
            js::set(&row, "metrics", &super::handle::row_to_js(&run.metrics.last()));
        }
        super::handle::call(on_step, &row);
    }

    /// Puts something that happened into the log, after the steps before it.
    pub(super) fn note(&self, event: &[(&str, JsValue)]) {
        let mut run = self.run.borrow_mut();
        run.flush(self.config.record_metrics);
        run.log.event(&js::json(&js::object(event)));
    }
}

fn set(row: &mut Row, station: Station, at: f64) {
    row.get_mut(station as usize).into_iter().for_each(|stamp| *stamp = at);
}

fn options_text(options: &JsValue) -> String {
    let options = if options.is_object() { js_sys::JSON::stringify(options).ok() } else { None };
    options.and_then(|text| text.as_string()).unwrap_or_default()
}
