//! What is heard of a Worker: its messages, its errors, and its silence.
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use palaestra_protocol::ErrorCode;
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent, Worker};

use super::handlers::Handlers;
use super::link::{Link, Phase};
use super::module::{self, BOOT};
use super::pending::counted;
use crate::error::PageError;
use crate::failing::failed;
use crate::js;

/// How often waiting requests are looked at.
const WATCH_MS: u32 = 100;

impl Link {
    pub(super) fn listen(&self, worker: &Worker) {
        let message = self.handler(|link, event: MessageEvent| link.receive(&event.data()));
        let error = self.handler(|link, event: ErrorEvent| {
            // Handled here: the browser need not report it a second time.
            event.prevent_default();
            link.0.heard.set(true);
            // A Worker that cannot load is told by an event without a message, whatever its type says.
            let text = js::given(&event, "message").and_then(|text| text.as_string()).unwrap_or_default();
            let missing = text.is_empty() || link.0.phase.get() == Phase::Loading;
            link.fail(if missing {
                let what = if text.is_empty() { "it or a file it imports is missing".to_owned() } else { text };
                PageError::new(ErrorCode::LoadFailed, format!("{}: {what}", module::url(BOOT)))
            } else {
                PageError::new(ErrorCode::WorkerFailed, text)
            });
        });
        let weak = Rc::downgrade(&self.0);
        // Chromium dispatches it, but to listeners only: its Workers have no `onmessageerror`.
        let message_error = EventListener::new(worker, "messageerror", move |_| {
            let error = PageError::new(ErrorCode::BadMessage, "a message of the Worker could not be read");
            weak.upgrade().into_iter().for_each(|inner| Link(inner).fail(error.clone()));
        });
        worker.set_onmessage(Some(message.as_ref().unchecked_ref()));
        worker.set_onerror(Some(error.as_ref().unchecked_ref()));
        self.0.handlers.replace(Some(Handlers::new(message, error, message_error)));
    }

    /// Looks again and again whether a request has waited for too long, also before there is a Worker to answer it.
    pub(super) fn watch(&self) {
        let weak = Rc::downgrade(&self.0);
        let mut last = self.0.clock.now();
        let watch = Interval::new(WATCH_MS, move || {
            let Some(link) = weak.upgrade().filter(|_| !failed()).map(Link) else { return };
            let now = link.0.clock.now();
            let elapsed = now - std::mem::replace(&mut last, now);
            let steps = link.0.script_steps.borrow().as_ref().is_some_and(|steps| steps.wait(counted(elapsed)));
            if link.0.pending.borrow_mut().wait(elapsed) || steps {
                link.fail(PageError::new(ErrorCode::DeadlineExceeded, "expected a reply by the deadline, found none"));
            }
        });
        self.0.watch.replace(Some(watch));
    }

    /// A handler that does not keep the link alive.
    fn handler<E: wasm_bindgen::convert::FromWasmAbi + 'static>(
        &self,
        handle: impl Fn(Link, E) + 'static,
    ) -> Closure<dyn FnMut(E)> {
        let weak = Rc::downgrade(&self.0);
        Closure::new(move |event: E| {
            if let Some(inner) = weak.upgrade().filter(|_| !failed()) {
                handle(Link(inner), event);
            }
        })
    }
}
