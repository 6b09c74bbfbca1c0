//! The order in which messages are answered: each at once, but for a step that waits for its time.
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, Performance};

use crate::held::{Held, Step, Turn};
use crate::responder::{Answer, Responder};
use crate::waiting::{Alarm, Wait};
use crate::worker::{Parts, post_bytes, reset};

/// Everything that a Worker has.
pub(crate) struct Desk {
    pub(crate) scope: DedicatedWorkerGlobalScope,
    performance: Option<Performance>,
    responder: RefCell<Responder>,
    held: RefCell<Held>,
    alarm: RefCell<Alarm>,
    /// Made for the first step that is sent ahead: most Workers are never sent one.
    wait: OnceCell<Wait>,
}

impl Desk {
    pub(crate) fn new(scope: &DedicatedWorkerGlobalScope, responder: Responder) -> Rc<Self> {
        Rc::new_cyclic(|desk: &std::rc::Weak<Self>| {
            let desk = desk.clone();
            Self {
                scope: scope.clone(),
                performance: scope.performance(),
                responder: RefCell::new(responder),
                held: RefCell::default(),
                alarm: RefCell::new(Alarm::new(scope, move || desk.upgrade().iter().for_each(|desk| desk.play_held()))),
                wait: OnceCell::new(),
            }
        })
    }

    pub(crate) fn now(&self) -> f64 {
        self.performance.as_ref().map_or(0.0, Performance::now)
    }

    /// Takes a message in, and answers it if it is its turn.
    pub(crate) fn take_in(&self, message: &[u8], received: f64) {
        let turn = self.held.borrow_mut().turn(message, received);
        match turn {
            Turn::Amendment => {}
            Turn::Now => {
                self.play_at_once();
                self.post_answer(message, received);
            }
            Turn::Later(at) => {
                self.play_at_once();
                self.held.borrow_mut().hold(message, received, at);
                self.wait_for(at);
            }
            Turn::Close => {
                self.let_go();
                self.post_answer(message, received);
            }
        }
    }

    /// A reset, or what is no message at all.
    pub(crate) fn reset(&self, data: &JsValue, received: f64) {
        self.play_at_once();
        let Ok(mut responder) = self.responder.try_borrow_mut() else { return };
        post_bytes(&self.scope, reset(&mut responder, data, received, &|| self.now()));
    }

    pub(crate) fn answer(&self, request: &[u8], received: f64, send: impl FnOnce(Answer<'_>, Parts)) {
        let Ok(mut responder) = self.responder.try_borrow_mut() else { return };
        let parts = Parts::default();
        let answer = responder.answer(request, received, || self.now(), |part| parts.put(part));
        send(answer, parts);
        if answer.last {
            self.scope.close();
        }
    }

    fn post_answer(&self, request: &[u8], received: f64) {
        self.answer(request, received, |answer, parts| parts.post(&self.scope, answer));
    }

    /// Listens for as long as a timer can be relied on: amendments and the end are heard.
    fn wait_for(&self, at: f64) {
        let timer = self.wait.get_or_init(Wait::new).timer(at - self.now());
        let set = timer.is_some_and(|ms| self.alarm.borrow_mut().set(ms));
        if !set {
            self.play_held();
        }
    }

    /// Sleeps through what is left of the wait, then plays.
    fn play_held(&self) {
        let due = self.held.borrow().due();
        if let (Some(at), Some(performance)) = (due, &self.performance) {
            self.wait.get_or_init(Wait::new).until(at, performance);
        }
        self.play_at_once();
    }

    /// Plays what is held, whether its time has come or not.
    fn play_at_once(&self) {
        let step = self.let_go();
        step.iter().for_each(|step| self.post_answer(&step.request, step.received));
    }

    fn let_go(&self) -> Option<Step> {
        self.alarm.borrow_mut().clear();
        self.held.borrow_mut().take()
    }
}
