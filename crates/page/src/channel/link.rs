//! One Worker: what is sent to it, what comes back, and everything that can go wrong between.
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Interval;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use palaestra_protocol::{ErrorCode, Flags, Operation, ProtocolError, RequestWriter};
use wasm_bindgen::prelude::*;
use web_sys::Worker;

use super::answer::Done;
use super::handlers::Handlers;
use super::module::{self, Loading};
use super::pending::Pending;
use super::policy_seat::PolicySeat;
use super::purpose::Purpose;
use super::shared::Shared;
use crate::clock::Clock;
use crate::codec::StepRequests;
use crate::error::PageError;
use crate::failing::keep_worker;
use crate::js;

/// Bytes from which on a request is given away.
pub(super) const TRANSFERRED: u32 = 16 * 1024;

/// Hears of a failure.
type Tell = Box<dyn FnOnce(PageError)>;

/// Hears of what the Worker says unasked, as it came.
type Hear = Rc<dyn Fn(&[u8]) -> Result<(), ProtocolError>>;

/// A Worker with one environment. Clones are the same Worker.
#[derive(Clone)]
pub(crate) struct Link(pub(super) Rc<Inner>);

pub(super) struct Inner {
    pub(super) worker: RefCell<Option<Worker>>,
    pub(super) pending: RefCell<Pending>,
    pub(super) phase: Cell<Phase>,
    /// Whether the Worker has given a sign of life.
    pub(super) heard: Cell<bool>,
    pub(super) clock: Clock,
    /// Why it failed, for every later request.
    failure: RefCell<Option<PageError>>,
    /// To be told of a failure once, whatever the requests are told.
    pub(super) on_failure: RefCell<Option<Tell>>,
    pub(super) on_event: RefCell<Option<Hear>>,
    pub(super) handlers: RefCell<Option<Handlers>>,
    pub(super) watch: RefCell<Option<Interval>>,
    pub(super) abort: RefCell<Option<EventListener>>,
    pub(super) closing: RefCell<Option<js_sys::Promise>>,
    pub(super) make: RefCell<JsValue>,
    purpose: Purpose,
    pub(super) policies: RefCell<Vec<Rc<PolicySeat>>>,
    /// The files of its environment's family that the Worker needs.
    modules: RefCell<Vec<String>>,
    /// These, while they are waited for.
    pub(super) loading: RefCell<Option<Loading>>,
    /// The way through shared memory, if there is one.
    pub(super) shared: Option<Shared>,
    /// Steps that go past this module.
    pub(super) script_steps: RefCell<Option<StepRequests>>,
    pub(super) writer: RefCell<RequestWriter>,
    pub(super) incoming: RefCell<Vec<u8>>,
    pub(super) offset: Cell<f64>,
}

/// Where the Worker is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Loading,
    Open,
    Closed,
}

impl Link {
    /// Spawns a Worker and makes an environment in it. `done` hears of the outcome; from [`Answer::Made`] on the link takes
    /// requests.
    pub(crate) fn open(id: &str, kwargs: &[u8], purpose: Purpose, deadline_ms: f64, done: Done) -> Self {
        let share = purpose == Purpose::Program { share: true };
        let link = Link(Rc::new(Inner {
            worker: RefCell::new(None),
            pending: RefCell::new(Pending::default()),
            phase: Cell::new(Phase::Loading),
            heard: Cell::new(false),
            clock: Clock::new(),
            failure: RefCell::new(None),
            on_failure: RefCell::new(None),
            on_event: RefCell::new(None),
            handlers: RefCell::new(None),
            watch: RefCell::new(None),
            abort: RefCell::new(None),
            closing: RefCell::new(None),
            make: RefCell::new(js::object(&[("envId", id.into()), ("kwargs", Uint8Array::from(kwargs).into())])),
            purpose,
            policies: RefCell::default(),
            modules: RefCell::default(),
            loading: RefCell::new(None),
            shared: if share { Shared::new() } else { None },
            script_steps: RefCell::new(None),
            writer: RefCell::new(RequestWriter::new()),
            incoming: RefCell::new(Vec::new()),
            offset: Cell::new(0.0),
        }));
        let request = link.0.pending.borrow_mut().add(Flags::default(), deadline_ms, done);
        link.watch();
        match module::modules(id, purpose) {
            Ok(modules) => {
                link.0.modules.replace(modules);
                link.clone().begin(request);
            }
            Err(error) => link.fail(error),
        }
        link
    }

    /// Spawns the Worker: at once, or where the script of one before it may never have come, when this one's has.
    fn begin(self, request: u32) {
        if !module::boot_is_doubtful() {
            return self.start(request);
        }
        wasm_bindgen_futures::spawn_local(async move {
            match self.load(Loading::boot()).await {
                Some(Ok(_)) => self.start(request),
                Some(Err(error)) => self.fail(error),
                None => {}
            }
        });
    }

    fn start(self, request: u32) {
        match module::spawn() {
            Ok(worker) => {
                self.listen(&worker);
                self.listen_shared();
                keep_worker(&worker);
                self.0.worker.replace(Some(worker));
                self.boot(request, false);
            }
            Err(error) => self.fail(error),
        }
    }

    /// What comes of a file; none where this was closed meanwhile, which gives it up.
    pub(super) async fn load(&self, loading: Loading) -> Option<Result<JsValue, PageError>> {
        if self.0.phase.get() != Phase::Loading {
            return None;
        }
        let result = loading.result();
        self.0.loading.replace(Some(loading));
        let result = result.await;
        self.0.loading.take()?.over();
        Some(result)
    }

    /// Tells somebody once if the Worker fails, beside the requests that are pending then.
    pub(crate) fn on_failure(&self, tell: impl FnOnce(PageError) + 'static) {
        self.0.on_failure.replace(Some(Box::new(tell)));
    }

    /// Tells somebody of all that a game in the Worker says unasked: every step, and what becomes of a match. What cannot be read is
    /// the Worker's failure.
    pub(crate) fn on_event(&self, hear: impl Fn(&[u8]) -> Result<(), ProtocolError> + 'static) {
        self.0.on_event.replace(Some(Rc::new(hear)));
    }

    /// Policies for seats of the game, which are asked for before the environment is made.
    pub(crate) fn seat(&self, policies: Vec<Rc<PolicySeat>>) {
        self.0.policies.replace(policies);
    }

    /// Sends the module, or its bytes, and what to make.
    pub(super) fn boot(self, request: u32, by_bytes: bool) {
        wasm_bindgen_futures::spawn_local(async move {
            let loading = Loading::modules(&self.0.modules.borrow(), by_bytes);
            let Some(modules) = self.load(loading).await else { return };
            let seats = self.0.policies.borrow().clone();
            let policies = if seats.is_empty() {
                Ok(JsValue::UNDEFINED)
            } else {
                let Some(policies) = self.load_policies(seats, by_bytes).await else { return };
                policies
            };
            let sent = modules.and_then(|modules| {
                let policies = policies?;
                let modules: Array = modules.unchecked_into();
                let (module, parts) = (modules.shift(), modules.into());
                let make = self.0.make.borrow().clone();
                let shared = self.0.shared.as_ref().map_or(JsValue::UNDEFINED, |shared| shared.memory().into());
                // When it was asked, until its answer says how far the two clocks are apart.
                self.0.offset.set(self.0.clock.now());
                let message = js::object(&[
                    ("module", module),
                    ("parts", parts),
                    ("id", request.into()),
                    ("make", make),
                    ("game", self.0.purpose.game()),
                    ("shared", shared),
                    ("policies", policies),
                ]);
                self.post(&message)
            });
            match sent {
                Ok(()) => {}
                // As `post` says it.
                Err(cannot_be_cloned) if cannot_be_cloned.code == ErrorCode::BadMessage && !by_bytes => {
                    self.boot(request, true);
                }
                Err(error) => self.fail(error),
            }
        });
    }

    /// Sends a request. `done` is called exactly once, perhaps at once.
    pub(crate) fn request(&self, operation: Operation, flags: Flags, payload: &[u8], deadline_ms: f64, done: Done) {
        if let Some(error) = self.refusal() {
            return done(Err(error));
        }
        let id = self.0.pending.borrow_mut().add(flags, deadline_ms, done);
        let mut writer = self.0.writer.borrow_mut();
        let bytes = writer.write(operation, flags, id, payload);
        if self.0.shared.as_ref().is_some_and(|shared| shared.send(id, bytes)) {
            return;
        }
        let buffer = palaestra_mailbox::buffer_of(bytes);
        drop(writer);
        self.post_buffer(&buffer);
    }

    /// Posts bytes; many are given away instead of being copied once more.
    pub(super) fn post_buffer(&self, buffer: &ArrayBuffer) {
        let sent = match &*self.0.worker.borrow() {
            Some(worker) if buffer.byte_length() >= TRANSFERRED => {
                worker.post_message_with_transfer(buffer, &Array::of1(buffer))
            }
            Some(worker) => worker.post_message(buffer),
            None => return,
        };
        sent.unwrap_or_else(|error| self.fail(PageError::new(ErrorCode::BadMessage, js::message(&error))));
    }

    /// The Worker, while there is one.
    pub(crate) fn worker(&self) -> Option<Worker> {
        self.0.worker.borrow().clone()
    }

    /// What to add to a time of the Worker's clock to have it on the page's.
    pub(crate) fn clock_offset(&self) -> f64 {
        self.0.offset.get()
    }

    pub(super) fn refusal(&self) -> Option<PageError> {
        match self.0.phase.get() {
            Phase::Open => None,
            Phase::Loading => Some(PageError::new(ErrorCode::OutOfOrder, "expected the environment to be made first")),
            Phase::Closed => Some(self.0.failure.borrow().clone().unwrap_or_else(PageError::closed)),
        }
    }

    pub(super) fn post(&self, message: &JsValue) -> Result<(), PageError> {
        match &*self.0.worker.borrow() {
            Some(worker) => {
                worker.post_message(message).map_err(|error| PageError::new(ErrorCode::BadMessage, js::message(&error)))
            }
            None => Err(PageError::closed()),
        }
    }

    /// The end by misfortune: the Worker is terminated at once and every pending request hears why.
    pub(super) fn fail(&self, error: PageError) {
        if self.0.phase.replace(Phase::Closed) == Phase::Closed {
            return;
        }
        self.0.failure.replace(Some(error.clone()));
        let pending = self.0.pending.borrow_mut().take_all();
        self.0.end_steps(&error);
        let tell = self.0.on_failure.take();
        self.release();
        pending.into_iter().for_each(|request| (request.done)(Err(error.clone())));
        tell.into_iter().for_each(|tell| tell(error.clone()));
    }
}
