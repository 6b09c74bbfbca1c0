//! The way to the Worker through shared memory, where the page is cross-origin isolated.
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;

use js_sys::SharedArrayBuffer;
use palaestra_mailbox::{Mailbox, Side, shared_memory};

/// The boxes, and what waits for them. One request at a time is with the Worker: a box holds one message, and of two
/// messages on two ways nobody knows which arrives first.
///
/// Only programs' requests go this way: in a page that plays its functions are not there (`scripts/build/parts.mjs`).
pub(super) struct Shared {
    memory: SharedArrayBuffer,
    pub(super) mailbox: Mailbox,
    /// The number of the request that the Worker has; 0 for none.
    with_worker: Cell<u32>,
    waiting: RefCell<VecDeque<(u32, Vec<u8>)>>,
}

impl Shared {
    /// Where the browser and the page's headers allow it.
    #[inline(never)]
    pub(super) fn new() -> Option<Self> {
        let memory = shared_memory()?;
        let mailbox = Mailbox::new(&memory, Side::Page);
        Some(Self { memory, mailbox, with_worker: Cell::new(0), waiting: RefCell::default() })
    }

    pub(super) fn memory(&self) -> SharedArrayBuffer {
        self.memory.clone()
    }

    /// Takes a request that is bytes, now or when its turn comes; says whether it did. What does not fit is to be posted.
    #[inline(never)]
    pub(super) fn send(&self, id: u32, bytes: &[u8]) -> bool {
        if self.with_worker.get() != 0 {
            self.waiting.borrow_mut().push_back((id, bytes.to_vec()));
            return true;
        }
        self.with_worker.set(id);
        self.mailbox.send(bytes)
    }

    /// Whether the Worker has a request, so that the next one has to wait.
    pub(super) fn busy(&self) -> bool {
        self.with_worker.get() != 0
    }

    /// The Worker gets a request by a message, which is too long for a box.
    pub(super) fn posted(&self, id: u32) {
        self.with_worker.set(id);
    }

    /// The next request whose turn it is, now that `id` was answered.
    #[inline(never)]
    pub(super) fn next(&self, id: u32) -> Option<Vec<u8>> {
        if self.with_worker.get() != id {
            return None;
        }
        let next = self.waiting.borrow_mut().pop_front();
        self.with_worker.set(next.as_ref().map_or(0, |(id, _)| *id));
        next.map(|(_, bytes)| bytes)
    }

    /// Lets go of everything.
    #[inline(never)]
    pub(super) fn stop(&self) {
        self.mailbox.stop();
        self.waiting.take();
    }
}
