//! The boxes.
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Atomics, Int32Array, Promise, Reflect, SharedArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;

/// Two words a box, its turn and its length, then the boxes' contents.
const HEADER: u32 = 16;
/// Actions of a step and saved states; what is longer goes by `postMessage`.
const TO_WORKER: u32 = 8 * 1024 - HEADER;
/// Returns of a step and its scene.
const TO_PAGE: u32 = 56 * 1024;
pub(crate) const BYTES: u32 = HEADER + TO_WORKER + TO_PAGE;

/// Whose end it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The page's.
    Page,
    /// The Worker's.
    Worker,
}

/// One of the two boxes: where its words and its content are. A box's turn counts the messages put into it.
struct Slot {
    turn: u32,
    length: u32,
    content: Uint8Array,
}

impl Slot {
    fn to_worker(memory: &SharedArrayBuffer) -> Self {
        let content = Uint8Array::new_with_byte_offset_and_length(memory, HEADER, TO_WORKER);
        Self { turn: 0, length: 1, content }
    }

    fn to_page(memory: &SharedArrayBuffer) -> Self {
        let content = Uint8Array::new_with_byte_offset_and_length(memory, HEADER + TO_WORKER, TO_PAGE);
        Self { turn: 2, length: 3, content }
    }
}

type Wake = Closure<dyn FnMut(JsValue)>;

/// One end of a pair of boxes. Clones are the same end.
///
/// Its functions stay functions of their own, so that modules which share no memory can do without them (`split` in
/// `scripts/build/parts.mjs`).
#[derive(Clone)]
pub struct Mailbox(Rc<Inner>);

struct Inner {
    words: Int32Array,
    inbox: Slot,
    outbox: Slot,
    /// The inbox's turn when it was last looked into.
    seen: Cell<i32>,
    sent: Cell<i32>,
    /// What waits for the inbox. It holds itself: while the browser is to call it, it must not be dropped.
    wake: RefCell<Option<Wake>>,
    stopped: Cell<bool>,
    /// A name, as JavaScript has it: it is needed for every message.
    value: JsValue,
}

impl Mailbox {
    /// One end of the boxes in `memory`, which came from [`shared_memory`](crate::shared_memory).
    #[inline(never)]
    pub fn new(memory: &SharedArrayBuffer, side: Side) -> Self {
        let (to_worker, to_page) = (Slot::to_worker(memory), Slot::to_page(memory));
        let (inbox, outbox) = match side {
            Side::Page => (to_page, to_worker),
            Side::Worker => (to_worker, to_page),
        };
        Self(Rc::new(Inner {
            words: Int32Array::new(memory),
            inbox,
            outbox,
            seen: Cell::new(0),
            sent: Cell::new(0),
            wake: RefCell::new(None),
            stopped: Cell::new(false),
            value: JsValue::from_str("value"),
        }))
    }

    /// Puts a message into the other end's box and says whether it could: not if it is too long for it.
    #[inline(never)]
    pub fn send(&self, message: &[u8]) -> bool {
        let Inner { words, outbox, sent, .. } = &*self.0;
        let length = message.len() as u32;
        if length > outbox.content.length() {
            return false;
        }
        outbox.content.subarray(0, length).copy_from(message);
        words.set_index(outbox.length, length as i32);
        sent.set(sent.get().wrapping_add(1));
        // The store orders what was written before it; both fail for no shared Int32Array, which this is.
        Atomics::store(words, outbox.turn, sent.get()).is_ok() && Atomics::notify(words, outbox.turn).is_ok()
    }

    /// Hands every message that comes to `handle`, until [`stop`](Self::stop).
    #[inline(never)]
    pub fn listen(&self, mut handle: impl FnMut(&[u8]) + 'static) {
        let mailbox = self.clone();
        let mut bytes = Vec::new();
        let wake = Closure::<dyn FnMut(JsValue)>::new(move |_| {
            while mailbox.take(&mut bytes) {
                handle(&bytes);
            }
            mailbox.wait();
        });
        self.0.wake.replace(Some(wake));
        self.wait();
    }

    /// Listens no longer, and lets go of what listened.
    #[inline(never)]
    pub fn stop(&self) {
        self.0.stopped.set(true);
        // The browser still holds what waits: woken, it finds that it has stopped.
        let _ = Atomics::notify(&self.0.words, self.0.inbox.turn);
    }

    /// Takes a message that has not been seen.
    fn take(&self, bytes: &mut Vec<u8>) -> bool {
        let Inner { words, inbox, seen, stopped, .. } = &*self.0;
        let turn = Atomics::load(words, inbox.turn).unwrap_or(seen.get());
        if stopped.get() || turn == seen.replace(turn) {
            return false;
        }
        let length = u32::try_from(words.get_index(inbox.length)).unwrap_or(0).min(inbox.content.length());
        bytes.resize(length as usize, 0);
        inbox.content.subarray(0, length).copy_to(bytes);
        true
    }

    fn wait(&self) {
        let Inner { words, inbox, seen, wake, stopped, value, .. } = &*self.0;
        if stopped.get() {
            // It may be running just now; it is then dropped when it has run.
            drop(wake.take());
            return;
        }
        let waited = Atomics::wait_async(words, inbox.turn, seen.get())
            .and_then(|waiting| Reflect::get(&waiting, value))
            .unwrap_or(JsValue::UNDEFINED);
        // A message that came in between leaves no promise but a word: look again in a moment.
        let promise = waited.dyn_into::<Promise>().unwrap_or_else(|_| Promise::resolve(&JsValue::UNDEFINED));
        if let Some(wake) = &*wake.borrow() {
            let _ = promise.then(wake);
        }
    }
}
