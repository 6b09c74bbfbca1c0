//! The Worker's loop: messages are answered in the order in which they come, and ticks are played when they are due.
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::VecDeque;
use std::rc::{Rc, Weak};

use palaestra_mailbox::PostedBuffer;
use wasm_bindgen::JsValue;
use web_sys::{DedicatedWorkerGlobalScope, Performance};

use crate::post::{Parts, post_again, post_bytes};
use crate::role::Role;
use crate::together::Together;
use crate::waiting::{Alarm, Turn, Wait};

/// How long a Worker may play at a stretch, in milliseconds. Where steps take as long as ticks the next one is always due, and without a turn
/// between them no key and no end would be heard before the grant is over.
const STRETCH_MS: f64 = 4.0;

/// Where the answer to a message goes: back the way it came.
pub(crate) trait Reply {
    fn send(&self, scope: &DedicatedWorkerGlobalScope, reply: &[u8], parts: Option<Parts>);
}

/// By a message of its own.
#[derive(Default)]
pub(crate) struct ByMessage(PostedBuffer);

impl Reply for ByMessage {
    fn send(&self, scope: &DedicatedWorkerGlobalScope, reply: &[u8], parts: Option<Parts>) {
        match parts {
            Some(parts) => parts.post(scope, reply),
            None => post_again(scope, reply, &self.0),
        }
    }
}

/// A message that waits for its turn.
struct Received {
    bytes: Vec<u8>,
    at: f64,
    reply: Rc<dyn Reply>,
}

/// Everything that a Worker has.
pub(crate) struct WorkerLoop {
    scope: DedicatedWorkerGlobalScope,
    performance: Option<Performance>,
    role: RefCell<Role>,
    /// An environment's code may make the browser deliver a message while one is answered: it waits here.
    waiting: RefCell<VecDeque<Received>>,
    busy: Cell<bool>,
    /// What is still to be said is said now: nothing is heard any more.
    closing: Cell<bool>,
    alarm: RefCell<Alarm>,
    /// Made for the first tick: most Workers never play a game.
    wait: OnceCell<Wait>,
    /// Made for the first tick that has to wait for messages.
    turn: OnceCell<Option<Turn>>,
    own: Weak<Self>,
}

impl WorkerLoop {
    pub(crate) fn new(scope: &DedicatedWorkerGlobalScope, role: Role) -> Rc<Self> {
        Rc::new_cyclic(|own: &Weak<Self>| {
            let rings = own.clone();
            Self {
                scope: scope.clone(),
                performance: scope.performance(),
                role: RefCell::new(role),
                waiting: RefCell::default(),
                busy: Cell::new(false),
                closing: Cell::new(false),
                alarm: RefCell::new(Alarm::new(scope, move || rings.upgrade().iter().for_each(|own| own.rang()))),
                wait: OnceCell::new(),
                turn: OnceCell::new(),
                own: own.clone(),
            }
        })
    }

    pub(crate) fn now(&self) -> f64 {
        self.performance.as_ref().map_or(0.0, Performance::now)
    }

    /// Takes a message in; it is answered now, or after what is being answered.
    pub(crate) fn take_in(&self, bytes: &[u8], at: f64, reply: &Rc<dyn Reply>) {
        if self.busy.replace(true) {
            self.waiting.borrow_mut().push_back(Received { bytes: bytes.to_vec(), at, reply: Rc::clone(reply) });
            return;
        }
        self.answer(bytes, at, reply.as_ref());
        loop {
            // Of its own statement: the queue is free while the message is answered.
            let next = self.waiting.borrow_mut().pop_front();
            let Some(next) = next else { break };
            self.answer(&next.bytes, next.at, next.reply.as_ref());
        }
        self.play();
        self.busy.set(false);
    }

    /// Takes a connection of the page's, but for the rare one that comes while a message is answered: the page makes another.
    pub(crate) fn connect(&self, given: &JsValue) {
        if let Ok(mut role) = self.role.try_borrow_mut() {
            role.connect(given, self.now());
        }
        self.wake();
    }

    /// Plays what has become due without a message of the page's.
    pub(crate) fn wake(&self) {
        if self.busy.replace(true) {
            // Whatever it is busy with ends in playing what is due.
            return;
        }
        self.play();
        self.busy.set(false);
    }

    /// Games can be those of a match.
    pub(crate) fn plays_together(self: &Rc<Self>, together: &'static Together) {
        let own = Rc::downgrade(self);
        let wake = move || own.upgrade().iter().for_each(|own| own.wake());
        self.role.borrow_mut().plays_together(together, Rc::new(wake));
    }

    fn answer(&self, message: &[u8], received: f64, reply: &dyn Reply) {
        let parts = Parts::default();
        let mut role = self.role.borrow_mut();
        let (answer, close) = role.answer(message, received, &|| self.now(), &mut |part| parts.put(part));
        reply.send(&self.scope, answer.reply, answer.parts.then_some(parts));
        if close {
            self.alarm.borrow_mut().clear();
            self.closing.set(true);
            self.scope.close();
        }
    }

    /// Plays what is due, and sees to it that what comes next is played in time. Messages are heard until shortly before.
    fn play(&self) {
        let mut role = self.role.borrow_mut();
        let began = self.now();
        while let Some(event) = role.advance(&|| self.now()) {
            post_bytes(&self.scope, event);
            if self.now() - began >= STRETCH_MS
                && !self.closing.get()
                && let Some(turn) = self.turn()
            {
                return turn.ask();
            }
        }
        let mut alarm = self.alarm.borrow_mut();
        match role.due() {
            None => alarm.clear(),
            Some(due) => {
                let wait = self.wait.get_or_init(Wait::new);
                alarm.set(wait.timer(due - self.now()));
            }
        }
    }

    /// What comes back once messages have been heard: by a timer that is set in a message. Timers that set one another wait four milliseconds each, and
    /// messages to itself come before all others in Chromium.
    fn turn(&self) -> Option<&Turn> {
        let again = || {
            let own = self.own.clone();
            Turn::new(move || own.upgrade().iter().for_each(|own| own.alarm.borrow_mut().set(0)))
        };
        self.turn.get_or_init(again).as_ref()
    }

    /// The next tick is near: sleeps through what is left of the wait, then plays.
    fn rang(&self) {
        if self.busy.replace(true) {
            return;
        }
        let due = self.role.borrow().due();
        if let (Some(due), Some(performance)) = (due, &self.performance) {
            self.wait.get_or_init(Wait::new).until(due, performance);
        }
        self.play();
        self.busy.set(false);
    }
}
