//! The Worker of a game: made, heard and let go.
use std::rc::Rc;

use palaestra_play::game::Event;
use palaestra_protocol::{ErrorCode, Failure};
use palaestra_session::Registered;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::keyboard::Hears;
use super::seats::{policies_of, purpose_of};
use super::shell::Shell;
use crate::channel::{Answer, Link, teardown_from};
use crate::error::PageError;

/// How long a Worker may take to say goodbye.
const GRACE_MS: u32 = 100;

impl Shell {
    /// Makes the Worker, and hears it.
    pub(super) fn open(self: &Rc<Self>) {
        if !self.state().is_live() {
            return;
        }
        let shell = Rc::clone(self);
        let made = Box::new(move |answer: Result<Answer<'_>, PageError>| match answer {
            Ok(Answer::Made(spec, spec_js)) => spawn_local(async move { shell.made(Rc::new(*spec), spec_js).await }),
            Ok(_) => shell.handle(Event::Failed(Failure::new(ErrorCode::BadMessage, "expected a spec of the Worker"))),
            Err(error) => shell.handle(Event::Failed(error.into())),
        });
        // The session's own timer watches over loading. Shared memory gains nothing at the pace of a game.
        let purpose = self.ask(|game| purpose_of(&self.config, game.matched()));
        let link = Link::open(&self.config.id, &self.config.kwargs, purpose, f64::INFINITY, made);
        link.seat(policies_of(&self.config, &self.models.borrow()));
        let handle = self.as_handle();
        link.on_failure(move |error| handle.hear(Event::Failed(error.into())));
        let weak = Rc::downgrade(self);
        link.on_event(move |bytes| weak.upgrade().map_or(Ok(()), |shell| shell.heard(bytes)));
        if self.state().is_live() {
            self.parts.borrow_mut().link = Some(link);
        } else {
            drop(link.close(GRACE_MS));
        }
    }

    /// Lets the Worker go, and hears that it has.
    pub(super) fn close(self: &Rc<Self>) {
        let closing = self.parts.borrow().link.as_ref().map(|link| link.close(GRACE_MS));
        let shell = Rc::clone(self);
        spawn_local(async move {
            let report = match closing {
                Some(closing) => JsFuture::from(closing).await.ok(),
                None => None,
            };
            shell.handle(Event::WorkerGone(report.as_ref().map(teardown_from)));
        });
    }
}
