//! Waiting for a moment, more exactly than the browser's timers do.
use js_sys::{Atomics, Int32Array, Object, Reflect, WebAssembly};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessagePort, Performance};

/// How long before the moment the Worker stops listening and sleeps: a timer may be late by that much.
const SLEEP_MS: f64 = 2.0;
/// The same where it cannot sleep and has to look at the clock all the time.
const SPIN_MS: f64 = 1.0;

/// The end of a wait: a timer to begin with, during which messages are heard, then a sleep.
pub(crate) enum Wait {
    Sleep(Int32Array),
    Spin,
}

impl Wait {
    /// Sleeping needs shared memory, which a Worker may have for itself also on a page that is not cross-origin isolated, and
    /// a browser that lets Workers block.
    pub(crate) fn new() -> Self {
        Self::memory().map_or(Wait::Spin, Wait::Sleep)
    }

    fn memory() -> Option<Int32Array> {
        let descriptor = Object::new();
        for (name, value) in [("initial", JsValue::from(1)), ("maximum", 1.into()), ("shared", true.into())] {
            Reflect::set(&descriptor, &name.into(), &value).ok()?;
        }
        let word = Int32Array::new(&WebAssembly::Memory::new(&descriptor).ok()?.buffer());
        // Of another value than is there: answered at once, but with an exception where nothing may wait.
        Atomics::wait_with_timeout(&word, 0, 1, 0.0).ok().map(|_| word)
    }

    /// How long a timer may be relied on when a moment is so far away.
    pub(crate) fn timer(&self, left_ms: f64) -> i32 {
        let own = match self {
            Wait::Sleep(_) => SLEEP_MS,
            Wait::Spin => SPIN_MS,
        };
        (left_ms - own).floor().max(0.0) as i32
    }

    /// Blocks until a moment, if it is near: one that is not has a timer of its own.
    pub(crate) fn until(&self, at: f64, performance: &Performance) {
        let left = at - performance.now();
        match self {
            Wait::Sleep(word) if left > 0.0 && left <= 2.0 * SLEEP_MS => {
                drop(Atomics::wait_with_timeout(word, 0, 0, left))
            }
            Wait::Spin if left <= 2.0 * SPIN_MS => while performance.now() < at {},
            _ => {}
        }
    }
}

/// Calls back from a message of its own.
pub(crate) struct Turn {
    sender: MessagePort,
    _receiver: MessagePort,
    _callback: Closure<dyn FnMut()>,
}

impl Turn {
    pub(crate) fn new(take: impl FnMut() + 'static) -> Option<Self> {
        let channel = MessageChannel::new().ok()?;
        let (sender, receiver) = (channel.port1(), channel.port2());
        let callback = Closure::new(take);
        receiver.set_onmessage(Some(callback.as_ref().unchecked_ref()));
        Some(Self { sender, _receiver: receiver, _callback: callback })
    }

    pub(crate) fn ask(&self) {
        let _ = self.sender.post_message(&JsValue::NULL);
    }
}

/// Calls back once after each time it is set, until it is cleared or set again.
pub(crate) struct Alarm {
    scope: DedicatedWorkerGlobalScope,
    callback: Closure<dyn FnMut()>,
    timer: Option<i32>,
}

impl Alarm {
    pub(crate) fn new(scope: &DedicatedWorkerGlobalScope, ring: impl FnMut() + 'static) -> Self {
        Self { scope: scope.clone(), callback: Closure::new(ring), timer: None }
    }

    /// Rings after so many milliseconds.
    pub(crate) fn set(&mut self, ms: i32) {
        self.clear();
        let callback = self.callback.as_ref().unchecked_ref();
        self.timer = self.scope.set_timeout_with_callback_and_timeout_and_arguments_0(callback, ms).ok();
    }

    pub(crate) fn clear(&mut self) {
        self.timer.take().into_iter().for_each(|timer| self.scope.clear_timeout_with_handle(timer));
    }
}
