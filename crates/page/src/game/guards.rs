//! What a game has asked the browser for: each gives itself back when it is dropped.
use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{MessageChannel, MessagePort};

use crate::failing::failed;

/// Calls back at every animation frame until dropped.
pub(crate) struct AnimationLoop {
    // Refers to itself only by the browser's request, which dropping cancels.
    _callback: Rc<Closure<dyn FnMut(f64)>>,
    request: Rc<Cell<Option<i32>>>,
}

impl AnimationLoop {
    pub(crate) fn start(mut frame: impl FnMut(f64) + 'static) -> Self {
        let request: Rc<Cell<Option<i32>>> = Rc::default();
        let again = Rc::clone(&request);
        let callback = Rc::new_cyclic(|own: &std::rc::Weak<Closure<dyn FnMut(f64)>>| {
            let own = own.clone();
            Closure::new(move |at: f64| {
                again.set(None);
                if failed() {
                    return;
                }
                // Asked for first: a frame that fails is not the last one, and one that stops the loop cancels it.
                if let Some(callback) = own.upgrade() {
                    again.set(ask(&callback));
                }
                frame(at);
            })
        });
        request.set(ask(&callback));
        Self { _callback: callback, request }
    }
}

fn ask(callback: &Closure<dyn FnMut(f64)>) -> Option<i32> {
    web_sys::window()?.request_animation_frame(callback.as_ref().unchecked_ref()).ok()
}

impl Drop for AnimationLoop {
    fn drop(&mut self) {
        if let (Some(window), Some(request)) = (web_sys::window(), self.request.take()) {
            let _ = window.cancel_animation_frame(request);
        }
    }
}

/// Calls back after the browser has painted what this animation frame drew: a message sent within a frame is delivered after
/// the frame's own painting.
pub(crate) struct AfterPaint {
    sender: MessagePort,
    receiver: MessagePort,
    _callback: Closure<dyn FnMut()>,
}

impl AfterPaint {
    pub(crate) fn new(painted: impl FnMut() + 'static) -> Option<Self> {
        let channel = MessageChannel::new().ok()?;
        let (sender, receiver) = (channel.port1(), channel.port2());
        let callback = Closure::new(painted);
        receiver.set_onmessage(Some(callback.as_ref().unchecked_ref()));
        Some(Self { sender, receiver, _callback: callback })
    }

    pub(crate) fn request(&self) {
        let _ = self.sender.post_message(&JsValue::NULL);
    }
}

impl Drop for AfterPaint {
    fn drop(&mut self) {
        self.receiver.set_onmessage(None);
        self.receiver.close();
        self.sender.close();
    }
}
