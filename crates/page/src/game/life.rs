//! The session's life: what each transition brings with it, and the one way out.
use std::cell::{Cell, OnceCell, RefCell};
use std::rc::{Rc, Weak};

use gloo_timers::callback::Timeout;
use js_sys::Promise;
use palaestra_env::Spec;
use palaestra_protocol::ErrorCode;
use palaestra_session::{Action, DisposalReport, Event, Reason, Registry, Session, State, Transition};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::config::Config;
use super::guards::{AfterPaint, Alarm, AnimationLoop};
use super::keyboard::Keyboard;
use super::run::{Run, Stage};
use super::seats::Seats;
use super::{Game, Guards};
use crate::channel::{Answer, Link, Teardown};
use crate::clock::Clock;
use crate::draw::{Painter, Sheet};
use crate::error::PageError;
use crate::js;
use crate::record::RecordHandle;

/// How long a Worker may take to say goodbye.
const GRACE_MS: u32 = 100;

thread_local! {
    /// The games that are not over. A page need not hold on to what `play` gave it: a game lives until it is disposed of.
    static GAMES: RefCell<Vec<Rc<Game>>> = const { RefCell::new(Vec::new()) };
    /// The one registry of the page's sessions.
    static SESSIONS: RefCell<Registry> = RefCell::new(Registry::new());
}

/// How many sessions the page's registry holds.
pub(crate) fn live_sessions() -> usize {
    SESSIONS.with_borrow(Registry::len)
}

impl Game {
    /// Begins a session: it waits for nobody, is matched with itself, and validates that this browser can play.
    pub(super) fn begin(config: Config) -> Rc<Self> {
        let clock = Clock::new();
        let session = SESSIONS.with_borrow_mut(|sessions| sessions.register(Session::new(clock.now())));
        let mut settle = None;
        let finished = Promise::new(&mut |resolve, reject| settle = Some((resolve, reject)));
        let game = Rc::new(Self {
            run: RefCell::new(Run::new(config.seats.len(), config.fps, config.metrics_capacity)),
            config,
            clock,
            session,
            state: Cell::new(State::Created),
            started: Cell::new(false),
            error: RefCell::new(None),
            link: RefCell::new(None),
            spec: RefCell::new(None),
            codec: OnceCell::new(),
            shown: RefCell::new(JsValue::NULL),
            painter: RefCell::new(None),
            guards: RefCell::new(None),
            timer: RefCell::new(None),
            settle: RefCell::new(settle),
            finished,
        });
        GAMES.with_borrow_mut(|games| games.push(Rc::clone(&game)));
        for event in [Event::Wait, Event::Match, Event::Validate] {
            game.apply(event);
        }
        // Whoever called gets to hold the game before anything can happen to it.
        let later = Rc::clone(&game);
        spawn_local(async move { later.load() });
        game
    }

    fn load(self: &Rc<Self>) {
        if self.state.get() != State::Validating {
            return;
        }
        let game = Rc::clone(self);
        let made = Box::new(move |answer: Result<Answer<'_>, PageError>| match answer {
            Ok(Answer::Made(spec, shown)) => spawn_local(async move { game.made(*spec, shown).await }),
            Ok(_) => {}
            Err(error) => game.failed(error),
        });
        // The session's own timer watches over loading. At the pace of a game shared memory gains nothing.
        let link = Link::open(&self.config.id, &self.config.kwargs, false, f64::INFINITY, made);
        let game = Rc::downgrade(self);
        link.on_failure(move |error| game.upgrade().iter().for_each(|game| game.failed(error.clone())));
        if matches!(self.state.get(), State::Ended | State::Disposed) {
            drop(link.close(GRACE_MS));
            return;
        }
        self.link.replace(Some(link));
    }

    /// The environment is there: fill the seats, load the artwork, ask for the first episode.
    async fn made(self: Rc<Self>, spec: Spec, shown: JsValue) {
        let prepared = self.prepare(&spec).await;
        if self.state.get() != State::Validating {
            return;
        }
        self.spec.replace(Some(Rc::new(spec)));
        self.shown.replace(shown);
        match prepared {
            Ok((seats, painter)) => {
                self.run.borrow_mut().seats = Some(seats);
                self.painter.replace(painter);
                self.request_reset(Some(self.config.seed));
            }
            Err(error) => self.failed(error),
        }
    }

    async fn prepare(&self, spec: &Spec) -> Result<(Seats, Option<Painter>), PageError> {
        if spec.agents.len() != self.config.seats.len() {
            let (expected, found) = (spec.agents.len(), self.config.seats.len());
            return Err(PageError::argument(format!("seats: expected {expected}, one an agent, found {found}")));
        }
        let seats = Seats::fill(&self.config, spec)?;
        let Some(canvas) = &self.config.canvas else { return Ok((seats, None)) };
        let mut painter = Painter::new(canvas.clone(), f64::from(spec.aspect))?;
        if let Some(atlas) = &spec.atlas {
            painter.use_sheet(Sheet::load(atlas).await?);
        }
        Ok((seats, Some(painter)))
    }

    /// The first episode is there: play. Later ones find the session playing.
    pub(super) fn ready(self: &Rc<Self>) {
        if self.state.get() == State::Validating {
            self.started.set(true);
            self.apply(Event::Play);
        }
    }

    /// The spec, as long as the session plays: what arrives later is too late.
    pub(super) fn playing(&self) -> Option<Rc<Spec>> {
        if self.state.get() == State::Playing { self.spec.borrow().clone() } else { None }
    }

    /// Something went wrong that ends the session.
    pub(super) fn failed(self: &Rc<Self>, error: PageError) {
        if error.code == ErrorCode::SessionClosed {
            return;
        }
        self.end(Reason::Error, Some(error));
    }

    /// The one way out, from every state and any number of times: only the first call does anything. `finished`
    /// settles when it is done.
    pub(super) fn end(self: &Rc<Self>, reason: Reason, error: Option<PageError>) {
        if matches!(self.state.get(), State::Ended | State::Disposed) {
            return;
        }
        if let Some(error) = error {
            self.error.replace(Some(error));
        }
        if !self.apply(Event::End(reason)) {
            // A reason that this state does not know: that the page asked is true in any case.
            self.apply(Event::End(Reason::Closed));
        }
        let closing = self.link.borrow().as_ref().map(|link| link.close(GRACE_MS));
        let game = Rc::clone(self);
        spawn_local(async move {
            let report = match closing {
                Some(closing) => JsFuture::from(closing).await.ok(),
                None => None,
            };
            game.disposed(report.as_ref().map(Teardown::from_js), reason);
        });
    }

    /// The Worker is gone: let go of everything else, and hand over what was recorded.
    fn disposed(self: &Rc<Self>, teardown: Option<Teardown>, reason: Reason) {
        let now = self.clock.now();
        let disposal = SESSIONS.with_borrow_mut(|sessions| sessions.dispose(self.session, reason, now));
        if let Ok(disposal) = disposal {
            disposal.transitions().for_each(|transition| self.transition(transition));
        }
        let released = SESSIONS.with_borrow_mut(|sessions| {
            let removed = sessions.remove(self.session);
            sessions.prove_released(self.session).map(|()| removed)
        });
        let (reason, report) = match released {
            Ok(Ok(session)) => {
                let reason = session.ended_reason().unwrap_or(reason);
                let report = DisposalReport {
                    outcome: teardown.map_or(palaestra_session::DisposalOutcome::NeverStarted, |t| t.outcome),
                    reason,
                    duration_ms: teardown.map_or(0.0, |t| t.duration_ms),
                    rejected_requests: teardown.map_or(0, |t| t.rejected),
                };
                (reason, Some(report))
            }
            Ok(Err(error)) | Err(error) => {
                web_sys::console::error_1(&format!("palaestra: {error}").into());
                (reason, None)
            }
        };
        GAMES.with_borrow_mut(|games| games.retain(|game| !Rc::ptr_eq(game, self)));
        let Some((resolve, reject)) = self.settle.take() else { return };
        let error = self.error.borrow().clone();
        let _ = match error {
            // Nothing was played: there is nothing to hand over but the reason.
            Some(error) if !self.started.get() => reject.call1(&JsValue::UNDEFINED, &error.into()),
            error => {
                let record = RecordHandle::new(self.record(reason, report, error));
                resolve.call1(&JsValue::UNDEFINED, &record.into())
            }
        };
    }

    /// Takes the session where an event leads, and does what hangs on it. An event that the table does not allow says so.
    fn apply(self: &Rc<Self>, event: Event) -> bool {
        let now = self.clock.now();
        match SESSIONS.with_borrow_mut(|sessions| sessions.apply(self.session, event, now)) {
            Ok(transition) => {
                self.transition(transition);
                true
            }
            Err(_) => false,
        }
    }

    fn transition(self: &Rc<Self>, transition: Transition) {
        self.state.set(transition.to);
        let reason = transition.reason.map(|reason| JsValue::from_str(reason.as_str()));
        let (from, to) = (JsValue::from_str(transition.from.as_str()), JsValue::from_str(transition.to.as_str()));
        self.note(&[
            ("at", transition.at.into()),
            ("event", "transition".into()),
            ("from", from.clone()),
            ("reason", reason.clone().unwrap_or(JsValue::NULL)),
            ("to", to.clone()),
        ]);
        transition.actions().for_each(|action| self.perform(action));
        if let Some(on_transition) = &self.config.on_transition {
            let told = js::object(&[("from", from), ("to", to), ("at", transition.at.into())]);
            reason.iter().for_each(|reason| js::set(&told, "reason", reason));
            super::handle::call(on_transition, &told);
        }
    }

    fn perform(self: &Rc<Self>, action: Action) {
        match action {
            Action::StartTimer(_) => self.start_timer(),
            Action::CancelTimer(_) => drop(self.timer.take()),
            Action::StartLoop => self.start_loop(),
            Action::StopLoop => self.stop_loop(),
            // The record is made when the session is disposed of, so that it holds its own end.
            Action::ExportData => self.run.borrow_mut().flush(self.config.record_metrics),
            Action::Release => self.release(),
        }
    }

    /// Whichever state a timer belongs to, a participant waits in it for at most the load timeout.
    fn start_timer(self: &Rc<Self>) {
        let game = Rc::downgrade(self);
        let limit = self.config.load_timeout;
        self.timer.replace(Some(Timeout::new(limit.min(f64::from(i32::MAX)) as u32, move || {
            let message = format!("expected the game to be loaded within {} ms", js::number(limit));
            let error = PageError::new(ErrorCode::DeadlineExceeded, message);
            game.upgrade().iter().for_each(|game| game.end(Reason::Timeout, Some(error.clone())));
        })));
    }

    fn start_loop(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        let with = |act: fn(&Rc<Game>)| {
            let weak: Weak<Game> = weak.clone();
            move || weak.upgrade().iter().for_each(act)
        };
        let frame = with(|game| game.animation_frame());
        let painted = with(|game| game.after_frame());
        let rings = weak.clone();
        let ring = move |late| rings.upgrade().iter().for_each(|game| game.rang(late));
        self.guards.replace(Some(Guards {
            _animation: AnimationLoop::start(move |_| frame()),
            after_paint: AfterPaint::new(painted),
            alarm: Alarm::new(ring),
            _keyboard: Keyboard::listen(&weak),
        }));
        self.run.borrow_mut().ticker.start(self.clock.now());
        self.visibility_changed();
    }

    fn stop_loop(&self) {
        self.timer.take();
        // The last picture stays on the canvas as it is meant to be, not halfway to it.
        let painted = self.painter.borrow_mut().as_mut().map(|painter| painter.paint(f64::INFINITY));
        let guards = self.guards.take();
        drop((painted, guards));
        let mut run = self.run.borrow_mut();
        run.ticker.stop();
        run.stage = Stage::Loading;
    }

    fn release(&self) {
        self.timer.take();
        self.guards.take();
        self.painter.take();
        self.link.take();
        self.run.borrow_mut().seats = None;
    }

    pub(super) fn start_focus_timer(self: &Rc<Self>) {
        let Some(limit) = self.config.focus_timeout else { return };
        let game = Rc::downgrade(self);
        self.timer.replace(Some(Timeout::new(limit.min(f64::from(i32::MAX)) as u32, move || {
            game.upgrade().iter().for_each(|game| game.end(Reason::FocusLost, None));
        })));
    }

    pub(super) fn stop_focus_timer(&self) {
        self.timer.take();
    }
}
