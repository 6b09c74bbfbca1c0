//! The end of a Worker by request: bounded, complete, and the same for everybody who asks.
use std::cell::RefCell;
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use js_sys::{Promise, Uint8Array};
use palaestra_play::game::Teardown;
use palaestra_protocol::{Flags, Operation, RequestWriter};
use palaestra_session::DisposalOutcome;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::answer::Done;
use super::link::{Inner, Link, Phase};
use super::module;
use super::shared::Shared;
use crate::error::PageError;
use crate::failing::{Deferred, let_go_of_worker};
use crate::js;

fn report_js(teardown: Teardown) -> JsValue {
    js::object(&[
        ("outcome", teardown.outcome.as_str().into()),
        ("durationMs", teardown.duration_ms.into()),
        ("rejectedRequests", teardown.rejected.into()),
    ])
}

/// The report that a promise of [`Link::close`] carries.
pub(crate) fn teardown_from(report: &JsValue) -> Teardown {
    let number = |name| js::get(report, name).as_f64().unwrap_or_default();
    let outcome = js::get(report, "outcome").as_string().unwrap_or_default();
    let outcomes = [DisposalOutcome::Graceful, DisposalOutcome::NeverStarted];
    Teardown {
        outcome: outcomes.into_iter().find(|o| o.as_str() == outcome).unwrap_or(DisposalOutcome::Forced),
        duration_ms: number("durationMs"),
        rejected: number("rejectedRequests") as u32,
    }
}

impl Link {
    /// Rejects every pending request, asks the Worker to finish, waits for its word for at most `grace_ms`, terminates it in
    /// any case and lets go of everything. The promise resolves, never rejects, to the report; asked again, it is the same one.
    pub(crate) fn close(&self, grace_ms: u32) -> Promise {
        if let Some(closing) = &*self.0.closing.borrow() {
            return closing.clone();
        }
        let closed = Deferred::new();
        let promise = closed.promise();
        self.0.closing.replace(Some(promise.clone()));
        self.begin_close(grace_ms, closed);
        promise
    }

    fn begin_close(&self, grace_ms: u32, closed: Deferred) {
        let began = self.0.clock.now();
        let phase = self.0.phase.replace(Phase::Closed);
        let pending = self.0.pending.borrow_mut().take_all();
        let rejected = pending.len() as u32 + self.0.end_steps(&PageError::closed());
        pending.into_iter().for_each(|request| (request.done)(Err(PageError::closed())));
        let link = self.clone();
        let settle = move |outcome| {
            link.release();
            let report = Teardown { outcome, duration_ms: link.0.clock.now() - began, rejected };
            closed.resolve(&report_js(report));
        };
        match phase {
            Phase::Open => self.ask_to_finish(grace_ms, settle),
            Phase::Loading => settle(DisposalOutcome::NeverStarted),
            // It failed before, and was terminated then.
            Phase::Closed => settle(DisposalOutcome::Forced),
        }
    }

    /// Waits for the Worker's word or for the time to pass; whichever comes second finds nothing left to do.
    fn ask_to_finish(&self, grace_ms: u32, settle: impl FnOnce(DisposalOutcome) + 'static) {
        let settle = Rc::new(RefCell::new(Some(settle)));
        let finish = move |outcome| {
            let settle = settle.borrow_mut().take();
            settle.into_iter().for_each(|settle| settle(outcome));
        };
        let late = finish.clone();
        let timeout = Timeout::new(grace_ms, move || late(DisposalOutcome::Forced));
        let word: Done = Box::new(move |answer| {
            // Dropped, and with it cancelled, when the word is there.
            let _timeout = timeout;
            finish(if answer.is_ok() { DisposalOutcome::Graceful } else { DisposalOutcome::Forced });
        });
        let id = self.0.pending.borrow_mut().add(Flags::default(), f64::INFINITY, word);
        let close = RequestWriter::new().write(Operation::Close, Flags::default(), id, &[]).to_vec();
        if self.post(&Uint8Array::from(&close[..]).buffer()).is_err() {
            let request = self.0.pending.borrow_mut().take(id);
            request.into_iter().for_each(|request| (request.done)(Err(PageError::closed())));
        }
    }

    /// Closes the Worker when the signal says so, for as long as there is one: a signal may live much longer.
    pub(crate) fn close_on_abort(&self, signal: &AbortSignal, grace_ms: u32) {
        if self.0.phase.get() == Phase::Closed {
            return;
        }
        let weak = Rc::downgrade(&self.0);
        let listener = EventListener::once(signal, "abort", move |_| {
            weak.upgrade().into_iter().for_each(|inner| drop(Link(inner).close(grace_ms)));
        });
        self.0.abort.replace(Some(listener));
    }

    pub(super) fn release(&self) {
        self.0.release();
    }
}

impl Inner {
    /// Rejects the steps that a script has asked for, and all to come; says how many they were.
    pub(super) fn end_steps(&self, error: &PageError) -> u32 {
        self.script_steps.take().map_or(0, |steps| steps.reject(&error.clone().into()))
    }

    /// Terminates the Worker and lets go of it and of everything that listened to it.
    fn release(&self) {
        if let Some(worker) = self.worker.take() {
            worker.set_onmessage(None);
            worker.set_onerror(None);
            worker.terminate();
            let_go_of_worker(&worker);
            if !self.heard.get() {
                module::ended_in_silence();
            }
        }
        self.loading.take();
        self.shared.iter().for_each(Shared::stop);
        // Requests that can no longer be answered go with it, and what they hold: timers, closures, promises.
        let unanswered = self.pending.borrow_mut().take_all();
        drop(unanswered);
        self.end_steps(&PageError::closed());
        self.handlers.take();
        self.watch.take();
        self.on_event.take();
        self.on_failure.take();
        self.abort.take();
        self.make.replace(JsValue::UNDEFINED);
        self.incoming.take();
    }
}

impl Drop for Inner {
    /// An environment that the page forgot instead of closing it: a Worker nobody can reach must not live on.
    fn drop(&mut self) {
        self.release();
    }
}
