//! What a Worker says, taken apart.
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, Uint8Array};
use palaestra_protocol::{Body, ErrorCode, Reply, Stepped};
use wasm_bindgen::prelude::*;

use super::answer::Answer;
use super::link::{Link, Phase};
use crate::error::PageError;
use crate::failing::failed;
use crate::js;
use crate::spec::spec_from;

impl Link {
    pub(super) fn receive(&self, data: &JsValue) {
        self.0.heard.set(true);
        if let Some(buffer) = data.dyn_ref::<ArrayBuffer>() {
            return self.receive_buffer(buffer, None);
        }
        let message = data.dyn_ref::<Array>();
        match message.and_then(|message| Some((message, message.get(0).dyn_into().ok()?))) {
            Some((message, head)) => self.receive_buffer(&head, Some(message)),
            None => self.receive_object(data),
        }
    }

    fn receive_buffer(&self, buffer: &ArrayBuffer, message: Option<&Array>) {
        // Taken out while in use: what a request's owner does with a reply may send and receive again.
        let mut bytes = std::mem::take(&mut *self.0.incoming.borrow_mut());
        let view = Uint8Array::new(buffer);
        bytes.resize(view.length() as usize, 0);
        view.copy_to(&mut bytes);
        self.receive_reply(&bytes, message);
        *self.0.incoming.borrow_mut() = bytes;
    }

    pub(super) fn receive_reply(&self, bytes: &[u8], message: Option<&Array>) {
        if Stepped::is(bytes) {
            return self.receive_event(bytes);
        }
        let id = Reply::id(bytes).ok();
        id.into_iter().for_each(|id| self.answered(id));
        let request = id.and_then(|id| self.0.pending.borrow_mut().take(id));
        let reply = Reply::read(bytes, request.as_ref().map(|request| request.flags).unwrap_or_default());
        match (request, reply) {
            (Some(request), Ok(Reply { body: Body::Error { code, message }, .. })) => {
                (request.done)(Err(PageError::new(code, message)));
            }
            (Some(request), Ok(reply)) => {
                let answer = message.map_or(Answer::Reply(reply), |message| Answer::Many(reply, message));
                (request.done)(Ok(answer));
            }
            (Some(request), Err(error)) => {
                let error = PageError::new(ErrorCode::BadMessage, format!("reply of the Worker: {error}"));
                (request.done)(Err(error.clone()));
                self.fail(error);
            }
            // Rejected on closing, and answered all the same.
            (None, Ok(_)) if self.0.phase.get() == Phase::Closed => {}
            (None, Ok(Reply { body: Body::Error { code, message }, .. })) => self.fail(PageError::new(code, message)),
            (None, Ok(Reply { id, .. })) => {
                let text = format!("expected a reply to a pending request, found one to {id}");
                self.fail(PageError::new(ErrorCode::BadMessage, text));
            }
            (None, Err(error)) => {
                self.fail(PageError::new(ErrorCode::BadMessage, format!("message of the Worker: {error}")));
            }
        }
    }

    fn receive_event(&self, bytes: &[u8]) {
        if self.0.phase.get() == Phase::Closed {
            return;
        }
        let hear = self.0.on_event.borrow().clone();
        let Some(hear) = hear else {
            let message = "expected a reply of the Worker, found a step of a game";
            return self.fail(PageError::new(ErrorCode::BadMessage, message));
        };
        if let Err(error) = hear(bytes) {
            self.fail(PageError::new(ErrorCode::BadMessage, format!("event of the Worker: {error}")));
        }
    }

    fn receive_object(&self, data: &JsValue) {
        let text = |name| js::given(data, name).filter(|_| data.is_object()).and_then(|text| text.as_string());
        if let Some(text) = text("panic") {
            return self.fail(PageError::new(ErrorCode::Panicked, text));
        }
        if let Some(text) = text("fault") {
            return self.fail(PageError::new(ErrorCode::WorkerFailed, text));
        }
        if text("retry").is_some() {
            // The module arrived unreadable: some browsers refuse to clone one.
            return self.clone().boot(1, true);
        }
        let id = js::get(data, "id").as_f64().filter(|_| data.is_object());
        let request = id.and_then(|id| self.0.pending.borrow_mut().take(id as u32));
        match (request, spec_from(js::get(data, "spec"))) {
            (Some(request), Some((spec, spec_js))) => {
                let [origin, then] = ["timeOrigin", "now"].map(|name| js::get(data, name).as_f64().unwrap_or(f64::NAN));
                self.0.offset.set(self.0.clock.offset_from(origin, then, self.0.offset.get()));
                self.0.make.replace(JsValue::UNDEFINED);
                js::keep_names(&spec.agents);
                self.0.phase.set(Phase::Open);
                (request.done)(Ok(Answer::Made(Box::new(spec), spec_js)));
            }
            (Some(request), _) => {
                let code = text("code").and_then(|code| ErrorCode::from_name(&code)).unwrap_or(ErrorCode::BadMessage);
                let error = PageError::new(code, text("error").unwrap_or_else(|| js::shown(data)));
                (request.done)(Err(error.clone()));
                self.fail(error);
            }
            (None, _) => {
                let found = js::shown(data);
                let error = format!("expected a message of the protocol from the Worker, found {found}");
                self.fail(PageError::new(ErrorCode::BadMessage, error));
            }
        }
    }

    pub(super) fn listen_shared(&self) {
        let weak = Rc::downgrade(&self.0);
        if let Some(shared) = &self.0.shared {
            shared.mailbox.listen(move |bytes| {
                if let Some(inner) = weak.upgrade().filter(|_| !failed()) {
                    Link(inner).receive_reply(bytes, None);
                }
            });
        }
    }

    /// Request `id` was answered: the next one may go.
    pub(super) fn answered(&self, id: u32) {
        let Some(shared) = &self.0.shared else { return };
        let Some(bytes) = shared.next(id) else { return };
        if !shared.mailbox.send(&bytes) {
            self.post_buffer(&palaestra_mailbox::buffer_of(&bytes));
        }
    }
}
