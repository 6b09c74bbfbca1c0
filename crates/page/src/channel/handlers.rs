//! What listens to a Worker.
use gloo_events::EventListener;
use wasm_bindgen::prelude::*;
use web_sys::{ErrorEvent, MessageEvent};

/// Dropped as one: after that the Worker's object refers to nothing of ours and nothing of ours to it.
pub(super) struct Handlers {
    _message: Closure<dyn FnMut(MessageEvent)>,
    _error: Closure<dyn FnMut(ErrorEvent)>,
    _message_error: EventListener,
}

impl Handlers {
    pub(super) fn new(
        message: Closure<dyn FnMut(MessageEvent)>,
        error: Closure<dyn FnMut(ErrorEvent)>,
        message_error: EventListener,
    ) -> Self {
        Self { _message: message, _error: error, _message_error: message_error }
    }
}
