//! What changes while a game runs, its pictures and its episodes. Its steps are in `step.rs`.
use std::rc::Rc;

use palaestra_env::Value;
use palaestra_protocol::{Body, Flags};
use wasm_bindgen::prelude::*;

use super::Game;
use super::guards::AfterPaint;
use super::lead::Lead;
use super::metrics::{Metrics, Station};
use super::presence::Paused;
use super::seats::Seats;
use super::step::Flight;
use super::ticker::Ticker;
use crate::channel::Answer;
use crate::codec::Codec;
use crate::error::PageError;
use crate::js;
use crate::record::PageRecorder;

/// Moving from one step's picture to the next takes at most this long, however slow the ticks: a person who pressed a key
/// wants to see it obeyed.
const LONGEST_TWEEN_MS: f64 = 130.0;

/// What changes while a game runs.
pub(super) struct Run {
    pub(super) seats: Option<Seats>,
    pub(super) ticker: Ticker,
    pub(super) lead: Lead,
    pub(super) flight: Option<Flight>,
    pub(super) metrics: Metrics,
    pub(super) recorder: PageRecorder,
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
    /// What the latest step played.
    pub(super) actions: Vec<Value>,
    /// A step that is not in the record yet: its row is complete only once its picture has been painted.
    pub(super) unlogged: Option<Unlogged>,
    /// The frame whose picture is yet to be drawn, and the one whose picture is yet to be painted by the browser.
    pub(super) undrawn: Option<usize>,
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

pub(super) struct Unlogged {
    pub(super) frame: usize,
    pub(super) actions: Vec<u8>,
    pub(super) returns: Vec<u8>,
    pub(super) hash: Option<u64>,
}

impl Run {
    pub(super) fn new(agents: usize, fps: f64, metrics_capacity: usize) -> Self {
        Self {
            seats: None,
            ticker: Ticker::new(fps),
            lead: Lead::default(),
            flight: None,
            metrics: Metrics::new(metrics_capacity),
            recorder: PageRecorder::new(agents),
            stage: Stage::Loading,
            frame: 0,
            episode: 0,
            score: Vec::new(),
            scores: Vec::new(),
            last_input: [f64::NAN; 2],
            paused: Paused::default(),
            actions: Vec::new(),
            unlogged: None,
            undrawn: None,
            unpainted: None,
        }
    }

    pub(super) fn knows_key(&self, code: &str) -> bool {
        self.seats.as_ref().is_some_and(|seats| seats.knows(code))
    }

    /// Says whether the game was waiting for this key.
    pub(super) fn press(&mut self, code: &str, at: f64) -> bool {
        self.seats.as_mut().is_some_and(|seats| {
            let waits = !seats.ready();
            seats.press(code, at);
            waits && seats.ready()
        })
    }

    pub(super) fn release(&mut self, code: &str) {
        self.seats.iter_mut().for_each(|seats| seats.release(code));
    }

    /// Puts the latest step into the record, with its row if rows are recorded.
    pub(super) fn flush(&mut self, with_metrics: bool) {
        if let Some(step) = self.unlogged.take() {
            let row = self.metrics.row(step.frame).filter(|_| with_metrics);
            let row = row.map_or(&[][..], |row| &row[..]);
            // Its rewards have been read when it came.
            let _ = self.recorder.step(&step.actions, &step.returns, row, step.hash);
        }
    }
}

impl Game {
    /// One animation frame: draws what is to be seen at its time.
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

    /// The browser has painted: stamp what it painted, and go on to the next episode if it is time to. The last picture of
    /// the one before has been seen then.
    pub(super) fn after_frame(self: &Rc<Self>) {
        self.painted();
        let stage = self.run.borrow().stage;
        if matches!(stage, Stage::Between(until) if self.clock.now() >= until) {
            self.request_reset(None);
        }
    }

    pub(super) fn flags(&self) -> Flags {
        Flags { scene: self.config.canvas.is_some(), hash: self.config.record_hashes, autoreset: false }
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
            Ok(_) => return,
            Err(error) => return self.failed(error),
        };
        let Body::Returns { returns, scene, .. } = reply.body else { return };
        let agents = self.spec.borrow().as_ref().map_or(1, |spec| spec.agents.len());
        let options = options_text(&self.config.reset_options);
        {
            let mut run = self.run.borrow_mut();
            run.flush(self.config.record_metrics);
            run.recorder.reset(seed, &options, returns);
            run.episode += 1;
            run.score = vec![0.0; agents];
            run.stage = Stage::Ready;
            let now = self.clock.now();
            run.repause(now);
        }
        self.show(scene, true);
        self.ready();
        self.arm();
    }

    pub(super) fn show(&self, scene: &[u8], cut: bool) {
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

    pub(super) fn tell_step(&self, returns: &[u8]) {
        let Some(on_step) = &self.config.on_step else { return };
        let row = {
            let run = self.run.borrow();
            let codec = self.codec.get_or_init(|| Codec::new(&self.shown.borrow()));
            let actions = run.unlogged.as_ref().map_or(&[][..], |step| &step.actions);
            let Ok(row) = codec.played(returns, actions, &run.score) else { return };
            js::set(&row, "frameNumber", &(run.frame as f64).into());
            js::set(&row, "episode", &(run.episode as f64).into());
            js::set(&row, "metrics", &super::handle::row_to_js(&run.metrics.last()));
            row
        };
        super::handle::call(on_step, &row);
    }

    /// Puts something that happened into the record, after the steps before it.
    pub(super) fn note(&self, event: &[(&str, JsValue)]) {
        let mut run = self.run.borrow_mut();
        run.flush(self.config.record_metrics);
        run.recorder.event(&js::json(&js::object(event)));
    }
}

fn options_text(options: &JsValue) -> String {
    let options = if options.is_object() { js_sys::JSON::stringify(options).ok() } else { None };
    options.and_then(|text| text.as_string()).unwrap_or_default()
}
