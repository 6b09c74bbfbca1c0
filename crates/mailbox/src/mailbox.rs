//! The boxes.
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Atomics, Int32Array, Promise, Reflect, SharedArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;

use crate::support::{cores, now};

/// Three words a box: its turn, its length, and whether its reader is looking. Then the boxes' contents.
const HEADER: u32 = 32;
/// Actions of a step and saved states; what is longer goes by `postMessage`.
const TO_WORKER: u32 = 8 * 1024 - HEADER;
/// Returns of a step and its scene.
const TO_PAGE: u32 = 56 * 1024;
pub(crate) const BYTES: u32 = HEADER + TO_WORKER + TO_PAGE;

/// How long a Worker looks for the next message after it has answered one, in milliseconds: a page that steps without a pause
/// sends it within that time.
const WORKER_LOOKS: f64 = 0.1;
/// How long a page looks for an answer: less than it takes a thread to be woken, twice.
const PAGE_LOOKS: f64 = 0.2;
/// Looks in vain after which a page stops looking, and after how many messages it tries again.
const MISSES: u32 = 3;
const TRY_AGAIN: u32 = 64;
/// How often it is looked between two glances at the clock, which leave garbage.
const LOADS: u32 = 64;

/// Whose end it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The page's.
    Page,
    /// The Worker's.
    Worker,
}

/// One of the two boxes: where its words and its content are. A box's turn counts the messages put into it; while its reader
/// is looking at it, nobody need be woken.
struct Slot {
    turn: u32,
    length: u32,
    looking: u32,
    content: Uint8Array,
}

impl Slot {
    fn to_worker(memory: &SharedArrayBuffer) -> Self {
        let content = Uint8Array::new_with_byte_offset_and_length(memory, HEADER, TO_WORKER);
        Self { turn: 0, length: 1, looking: 2, content }
    }

    fn to_page(memory: &SharedArrayBuffer) -> Self {
        let content = Uint8Array::new_with_byte_offset_and_length(memory, HEADER + TO_WORKER, TO_PAGE);
        Self { turn: 3, length: 4, looking: 5, content }
    }
}

type Wake = Closure<dyn FnMut(JsValue)>;
type Handle = Box<dyn FnMut(&[u8])>;

/// One end of a pair of boxes. Clones are the same end.
#[derive(Clone)]
pub struct Mailbox(Rc<Inner>);

struct Inner {
    side: Side,
    words: Int32Array,
    inbox: Slot,
    outbox: Slot,
    /// The inbox's turn when it was last looked into.
    seen: Cell<i32>,
    sent: Cell<i32>,
    bytes: RefCell<Vec<u8>>,
    handle: RefCell<Option<Handle>>,
    /// What waits for the inbox. It holds itself: while the browser is to call it, it must not be dropped.
    wake: RefCell<Option<Wake>>,
    stopped: Cell<bool>,
    /// Looking is of use only where both sides can run at once.
    looks: bool,
    /// When it was last looked in vain, and how often in a row.
    gave_up: Cell<f64>,
    misses: Cell<u32>,
}

impl Mailbox {
    /// One end of the boxes in `memory`, which came from [`shared_memory`](crate::shared_memory).
    pub fn new(memory: &SharedArrayBuffer, side: Side) -> Self {
        let (to_worker, to_page) = (Slot::to_worker(memory), Slot::to_page(memory));
        let (inbox, outbox) = match side {
            Side::Page => (to_page, to_worker),
            Side::Worker => (to_worker, to_page),
        };
        Self(Rc::new(Inner {
            side,
            words: Int32Array::new(memory),
            inbox,
            outbox,
            seen: Cell::new(0),
            sent: Cell::new(0),
            bytes: RefCell::default(),
            handle: RefCell::new(None),
            wake: RefCell::new(None),
            stopped: Cell::new(false),
            looks: cores() > 1,
            gave_up: Cell::new(0.0),
            misses: Cell::new(0),
        }))
    }

    /// Puts a message into the other end's box and says whether it could: not if it is too long for it.
    pub fn send(&self, message: &[u8]) -> bool {
        let Inner { words, outbox, sent, .. } = &*self.0;
        let length = message.len() as u32;
        if length > outbox.content.length() {
            return false;
        }
        outbox.content.subarray(0, length).copy_from(message);
        words.set_index(outbox.length, length as i32);
        sent.set(sent.get().wrapping_add(1));
        // The store orders what was written before it; none of this fails for a shared Int32Array, which this is.
        if Atomics::store(words, outbox.turn, sent.get()).is_err() {
            return false;
        }
        // A reader that stops looking says so before it looks for the last time: either it sees the message or we see that.
        let looking = Atomics::load(words, outbox.looking).unwrap_or(0) != 0;
        looking || Atomics::notify(words, outbox.turn).is_ok()
    }

    /// Hands every message that comes to `handle`, until [`stop`](Self::stop).
    pub fn listen(&self, handle: impl FnMut(&[u8]) + 'static) {
        self.0.handle.replace(Some(Box::new(handle)));
        let mailbox = self.clone();
        let wake = Closure::<dyn FnMut(JsValue)>::new(move |_| {
            match mailbox.0.side {
                Side::Page => while mailbox.deliver() {},
                Side::Worker => mailbox.serve(),
            }
            mailbox.wait();
        });
        self.0.wake.replace(Some(wake));
        self.wait();
    }

    /// Looks for the answer to what was just sent, for a moment, and hands it over if it comes. Otherwise, or if that has
    /// mostly been in vain, it comes as others do.
    pub fn look(&self) {
        let Inner { misses, looks, .. } = &*self.0;
        let tries = misses.get() < MISSES || misses.get().is_multiple_of(TRY_AGAIN);
        misses.set(misses.get().wrapping_add(1));
        if !*looks || !tries {
            return;
        }
        self.set_looking(true);
        let found = self.found_within(PAGE_LOOKS);
        self.set_looking(false);
        if (found || self.news()) && self.deliver() {
            misses.set(0);
        }
    }

    /// Listens no longer, and lets go of what listened.
    pub fn stop(&self) {
        self.0.stopped.set(true);
        // It may be running just now; it is then dropped when it has run.
        drop(self.0.handle.take());
        // The browser still holds what waits: woken, it finds that it has stopped.
        let _ = Atomics::notify(&self.0.words, self.0.inbox.turn);
    }

    /// Handles messages until there are none for a while.
    fn serve(&self) {
        let Inner { looks, gave_up, misses, .. } = &*self.0;
        // A message soon after it gave up: the page is at it without a pause again.
        if now() - gave_up.get() < 3.0 * WORKER_LOOKS {
            misses.set(0);
        }
        self.set_looking(true);
        loop {
            while self.deliver() {}
            if *looks && misses.get() == 0 && self.found_within(WORKER_LOOKS) {
                continue;
            }
            self.set_looking(false);
            if !self.news() {
                break;
            }
            self.set_looking(true);
        }
        misses.set(1);
        gave_up.set(now());
    }

    fn set_looking(&self, looking: bool) {
        let _ = Atomics::store(&self.0.words, self.0.inbox.looking, i32::from(looking));
    }

    /// Whether there is a message that has not been seen.
    fn news(&self) -> bool {
        let Inner { words, inbox, seen, stopped, .. } = &*self.0;
        !stopped.get() && Atomics::load(words, inbox.turn).is_ok_and(|turn| turn != seen.get())
    }

    fn found_within(&self, ms: f64) -> bool {
        let until = now() + ms;
        loop {
            for _ in 0..LOADS {
                // A plain read, which leaves no garbage: whether it is so is asked properly.
                if self.0.words.get_index(self.0.inbox.turn) != self.0.seen.get() && self.news() {
                    return true;
                }
            }
            if now() >= until || self.0.stopped.get() {
                return false;
            }
        }
    }

    /// Hands over a message that has not been seen, and says whether there was one.
    fn deliver(&self) -> bool {
        let Inner { words, inbox, seen, bytes, handle, .. } = &*self.0;
        // Out of its place while it runs: it may send, and look for the answer.
        let Some(mut running) = self.news().then(|| handle.take()).flatten() else { return false };
        seen.set(Atomics::load(words, inbox.turn).unwrap_or(seen.get()));
        let length = u32::try_from(words.get_index(inbox.length)).unwrap_or(0).min(inbox.content.length());
        let mut taken = bytes.take();
        taken.resize(length as usize, 0);
        inbox.content.subarray(0, length).copy_to(&mut taken);
        running(&taken);
        bytes.replace(taken);
        if !self.0.stopped.get() {
            handle.replace(Some(running));
        }
        true
    }

    fn wait(&self) {
        let Inner { words, inbox, seen, wake, stopped, .. } = &*self.0;
        if stopped.get() {
            // It may be running just now; it is then dropped when it has run.
            drop(wake.take());
            return;
        }
        let value = Atomics::wait_async(words, inbox.turn, seen.get())
            .and_then(|waiting| Reflect::get(&waiting, &JsValue::from_str("value")))
            .unwrap_or(JsValue::UNDEFINED);
        // A message that came in between leaves no promise but a word: look again in a moment.
        let promise = value.dyn_into::<Promise>().unwrap_or_else(|_| Promise::resolve(&JsValue::UNDEFINED));
        if let Some(wake) = &*wake.borrow() {
            let _ = promise.then(wake);
        }
    }
}
