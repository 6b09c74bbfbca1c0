//! A game in a page: events go in to the pure [`Game`], and what it asks for is carried out, in order.
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use js_sys::{Function, Promise};
use palaestra_play::Game;
use palaestra_play::game::{Event, Output};
use palaestra_protocol::{ErrorCode, Flags, ProtocolError, Stepped};
use palaestra_session::{Registered, Registry, SessionId, State};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlCanvasElement;

use super::config::Config;
use super::keyboard::{Hears, hidden, listen_to_presence, unfocused};
use super::parts::Parts;
use super::rules::rules_of;
use super::{tell, together};
use crate::channel::PolicySeat;
use crate::clock::Clock;
use crate::error::PageError;
use crate::failing::{Deferred, failed, fetch_part};
use crate::record::{Chunks, Followed, record_full};

thread_local! {
    /// The one registry of the page's sessions. A page need not hold on to what `play` gave it: a game lives until it is disposed of.
    static SESSIONS: RefCell<Registry<Rc<Shell>>> = RefCell::default();
}

/// How many sessions the page's registry holds.
pub(crate) fn live_sessions() -> usize {
    SESSIONS.with_borrow(Registry::len)
}

/// A game, and all that belongs to it in this page. The browser's callbacks refer to it weakly.
pub(crate) struct Shell {
    pub(super) config: Config,
    pub(super) clock: Clock,
    /// What the page gave, until the session is disposed of: what it refers to may refer to the game, as a canvas does whose listener
    /// pauses it.
    pub(super) canvas: RefCell<Option<HtmlCanvasElement>>,
    on_step: RefCell<Option<Function>>,
    on_transition: RefCell<Option<Function>>,
    /// In a match: its client, what records say of it in their headers, that of all sides and that of this one, and the models of its seats.
    pub(super) on_match: RefCell<Option<Function>>,
    pub(super) about_match: RefCell<[JsValue; 2]>,
    pub(super) models: RefCell<Vec<Rc<PolicySeat>>>,
    pub(super) game: RefCell<Game>,
    /// What is to be done, in order. While it is carried out, more may be asked for: that comes after.
    pub(super) outputs: RefCell<VecDeque<Output>>,
    busy: Cell<bool>,
    pub(super) parts: RefCell<Parts>,
    /// The sealed chunks of the record, which the browser keeps.
    pub(super) chunks: Chunks,
    followed: Followed,
    id: Cell<Option<SessionId>>,
    finished: Deferred,
}

impl Registered for Shell {
    fn state(&self) -> State {
        self.game.borrow().state()
    }
}

/// Refers to a game without keeping it.
#[derive(Clone)]
pub(super) struct Handle(Weak<Shell>);

impl Handle {
    /// None any more where this module has panicked.
    fn shell(&self) -> Option<Rc<Shell>> {
        self.0.upgrade().filter(|_| !failed())
    }
}

impl Hears for Handle {
    fn hear(&self, event: Event<'_>) {
        if let Some(shell) = self.shell() {
            shell.handle(event);
        }
    }

    fn takes_key(&self, code: &str, on_button: bool) -> bool {
        self.shell().is_some_and(|shell| shell.game.borrow().takes_key(code, on_button))
    }
}

impl Shell {
    /// Begins a session.
    ///
    /// # Errors
    /// [`PageError`] for a canvas on which another game draws: two on one would flicker, and both hear the same keys.
    pub(super) fn begin(mut config: Config) -> Result<Rc<Self>, PageError> {
        let draws = |shell: &Shell, canvas| shell.state().is_live() && shell.canvas.borrow().as_ref() == Some(canvas);
        let taken = |canvas| SESSIONS.with_borrow(|sessions| sessions.iter().any(|(_, shell)| draws(shell, canvas)));
        if config.canvas.as_ref().is_some_and(taken) {
            let text =
                "canvas: expected one on which no other game draws; found one that a game has: dispose of that first";
            return Err(PageError::new(ErrorCode::OutOfOrder, text));
        }
        let clock = Clock::new();
        let mut outputs = Vec::new();
        let game = Game::new(clock.now(), rules_of(&config), hidden(), &mut outputs);
        let (canvas, on_step, on_transition) =
            (config.canvas.take(), config.on_step.take(), config.on_transition.take());
        let shell = Rc::new(Self {
            config,
            canvas: RefCell::new(canvas),
            on_step: RefCell::new(on_step),
            on_transition: RefCell::new(on_transition),
            on_match: RefCell::default(),
            about_match: RefCell::new([JsValue::NULL, JsValue::NULL]),
            models: RefCell::default(),
            clock,
            game: RefCell::new(game),
            outputs: RefCell::new(outputs.into()),
            busy: Cell::new(false),
            parts: RefCell::default(),
            chunks: Chunks::new(),
            followed: Followed::default(),
            id: Cell::new(None),
            finished: Deferred::new(),
        });
        shell.id.set(Some(SESSIONS.with_borrow_mut(|sessions| sessions.register(Rc::clone(&shell)))));
        shell.parts.borrow_mut().presence = listen_to_presence(&shell.as_handle());
        if unfocused() {
            shell.handle(Event::FocusLost);
        }
        shell.carry_out();
        Ok(shell)
    }

    pub(super) fn as_handle(self: &Rc<Self>) -> Handle {
        Handle(Rc::downgrade(self))
    }

    /// Asks something of the game.
    pub(super) fn ask<T>(&self, ask: impl FnOnce(&Game) -> T) -> T {
        ask(&self.game.borrow())
    }

    /// The time on the page's clock.
    pub(super) fn now(&self) -> f64 {
        self.clock.now()
    }

    /// Settles when the session is disposed of.
    pub(super) fn finished(&self) -> Promise {
        self.finished.promise()
    }

    /// The spec as the page sees it; null before it is known.
    pub(super) fn spec_js(&self) -> JsValue {
        let spec = self.parts.borrow().spec_js.object.clone();
        if spec.is_undefined() { JsValue::NULL } else { spec }
    }

    /// Takes in what happened. The game changes at once; what it asks for is carried out after what it asked for before.
    pub(super) fn handle(self: &Rc<Self>, event: Event<'_>) {
        let mut outputs = Vec::new();
        self.game.borrow_mut().handle(self.clock.now(), event, &mut outputs);
        self.outputs.borrow_mut().extend(outputs);
        self.carry_out();
    }

    fn carry_out(self: &Rc<Self>) {
        if self.busy.replace(true) {
            return;
        }
        loop {
            // Of its own statement: the queue is free while an output is carried out.
            let next = self.outputs.borrow_mut().pop_front();
            let Some(output) = next else { break };
            self.perform(output);
        }
        // Every sealed chunk has been put away by now.
        self.ask(|game| self.followed.follow(game.recorder(), &self.chunks));
        self.busy.set(false);
    }

    fn perform(self: &Rc<Self>, output: Output) {
        match output {
            Output::OpenWorker => {
                // Whoever called gets to hold the game before anything can happen to it.
                let shell = Rc::clone(self);
                spawn_local(async move { shell.open() });
            }
            Output::Request { operation, payload, deadline } => {
                let flags =
                    Flags { scene: self.canvas.borrow().is_some(), hash: self.config.record_hashes, autoreset: false };
                self.parts.borrow().request(self.as_handle(), (operation, flags), &payload, deadline);
            }
            Output::SetTimer { timer, after } => self.parts.borrow_mut().set_timer(self.as_handle(), timer, after),
            Output::StartLoop => {
                let weak = Rc::downgrade(self);
                let frame = move || weak.upgrade().iter().for_each(|shell| shell.animation_frame());
                self.parts.borrow_mut().start(&self.as_handle(), frame);
                // For the end, at which the site may be out of reach.
                fetch_part("record");
            }
            Output::StopLoop => self.parts.borrow_mut().stop(),
            Output::Show { scene, duration, cut } => {
                self.parts.borrow_mut().show(&scene, self.clock.now(), duration, cut);
            }
            Output::Keep(chunk) => self.chunks.add(&chunk),
            Output::TellTransition(transition) => {
                let hears = self.on_transition.borrow().clone();
                hears.iter().for_each(|hears| tell::tell_transition(hears, &transition));
            }
            Output::TellMatch(told) => {
                let hears = self.on_match.borrow().clone();
                hears.iter().for_each(|hears| together::tell(hears, &told, &self.models.borrow()));
            }
            Output::TellStep(step) => {
                let (codec, hears) = (self.parts.borrow_mut().codec(), self.on_step.borrow().clone());
                hears.iter().for_each(|hears| tell::tell_step(hears, &codec, self.ask(tell::stations), &step));
            }
            Output::Measure { frame, row } => tell::measure(&self.clock, frame, &row),
            Output::CloseWorker => self.close(),
            Output::Release => self.parts.borrow_mut().release(),
            Output::Finished => self.finish(),
        }
    }

    /// Hears of what the Worker says unasked. A game alone knows steps and nothing else.
    pub(super) fn heard(self: &Rc<Self>, bytes: &[u8]) -> Result<(), ProtocolError> {
        self.handle(if self.config.together { together::heard(bytes)? } else { Event::Stepped(Stepped::read(bytes)?) });
        // A chunk is compressed in its own time, so that it was the last one shows at a later step.
        if self.chunks.full() {
            self.handle(Event::Failed(record_full().into()));
        }
        Ok(())
    }

    fn animation_frame(self: &Rc<Self>) {
        self.handle(Event::AnimationFrame);
        let drawn = self.parts.borrow_mut().paint(&self.clock);
        drawn.into_iter().for_each(|(began, ended)| self.handle(Event::Drawn { began, ended }));
        let will_hear = self.parts.borrow().will_hear_of_paint();
        if !will_hear {
            self.handle(Event::Painted);
        }
    }

    /// Everything has been let go of: hand over what was recorded.
    fn finish(self: &Rc<Self>) {
        if let Some(id) = self.id.take() {
            let released = SESSIONS.with_borrow_mut(|sessions| {
                let removed = sessions.remove(id);
                sessions.prove_released(id).and(removed.map(drop))
            });
            if let Err(error) = released {
                web_sys::console::error_1(&format!("palaestra: {error}").into());
            }
        }
        drop((self.canvas.take(), self.on_step.take(), self.on_transition.take(), self.on_match.take()));
        let failure = self.ask(|game| game.failure().filter(|_| !game.started()).cloned());
        self.finished.settle(match failure {
            // Nothing was played: there is nothing to hand over but the reason.
            Some(failure) => Err(failure.into()),
            None => Ok(self.record().into()),
        });
    }
}
