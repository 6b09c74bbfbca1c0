//! What a game has asked the browser for: each gives itself back when it is dropped.
use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use web_sys::{MessageChannel, MessagePort};

use crate::clock::Clock;

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

/// Calls back once after each time it is set, with the milliseconds by which it is late, until it is dropped.
pub(crate) struct Alarm {
    callback: Closure<dyn FnMut()>,
    timer: Rc<Cell<Option<i32>>>,
    /// When it is to ring.
    at: Rc<Cell<f64>>,
    clock: Clock,
}

impl Alarm {
    pub(crate) fn new(ring: impl Fn(f64) + 'static) -> Self {
        let (timer, at, clock) = (Rc::new(Cell::new(None)), Rc::new(Cell::new(0.0)), Clock::new());
        let callback = {
            let (timer, at, clock) = (Rc::clone(&timer), Rc::clone(&at), clock.clone());
            Closure::new(move || {
                timer.set(None);
                ring(clock.now() - at.get());
            })
        };
        Self { callback, timer, at, clock }
    }

    /// Rings after so many milliseconds, of which the browser counts the whole ones; with nothing, not at all.
    pub(crate) fn set(&self, ms: Option<f64>) {
        self.clear();
        let (Some(window), Some(ms)) = (web_sys::window(), ms) else { return };
        let ms = ms.floor().clamp(0.0, f64::from(i32::MAX));
        self.at.set(self.clock.now() + ms);
        let callback = self.callback.as_ref().unchecked_ref();
        self.timer.set(window.set_timeout_with_callback_and_timeout_and_arguments_0(callback, ms as i32).ok());
    }

    fn clear(&self) {
        if let (Some(window), Some(timer)) = (web_sys::window(), self.timer.take()) {
            window.clear_timeout_with_handle(timer);
        }
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        self.clear();
    }
}
