//! One Worker: what is sent to it, what comes back, and everything that can go wrong between.
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use gloo_events::EventListener;
use js_sys::{Array, ArrayBuffer, Uint8Array};
use palaestra_env::Spec;
use palaestra_protocol::{Body, Due, ErrorCode, Flags, Operation, Reply, RequestWriter};
use wasm_bindgen::prelude::*;
use web_sys::{Worker, WorkerOptions, WorkerType};

use super::listening::Handlers;
use super::module;
use super::pending::{Done, Pending};
use super::shared::Shared;
use crate::clock::Clock;
use crate::error::PageError;
use crate::js;
use crate::spec::spec_from;

/// Bytes from which on a request is given away.
const TRANSFERRED: u32 = 16 * 1024;

/// Hears of a failure.
type Tell = Box<dyn FnOnce(PageError)>;

/// What a request is answered with.
pub(crate) enum Answer<'a> {
    /// To a request.
    Reply(Reply<'a>),
    /// To many steps: the message holds the reply, and what they returned in parts.
    Many(Reply<'a>, &'a Array),
    /// To `make`: the spec, and the object it was read from.
    Made(Box<Spec>, JsValue),
}

/// A Worker with one environment. Clones are the same Worker.
#[derive(Clone)]
pub(crate) struct Link(pub(super) Rc<Inner>);

pub(super) struct Inner {
    pub(super) worker: RefCell<Option<Worker>>,
    pub(super) pending: RefCell<Pending>,
    pub(super) phase: Cell<Phase>,
    pub(super) clock: Clock,
    /// Why it failed, for every later request.
    failure: RefCell<Option<PageError>>,
    /// To be told of a failure once, whatever the requests are told.
    on_failure: RefCell<Option<Tell>>,
    pub(super) handlers: RefCell<Option<Handlers>>,
    pub(super) abort: RefCell<Option<EventListener>>,
    pub(super) closing: RefCell<Option<js_sys::Promise>>,
    pub(super) make: RefCell<JsValue>,
    family: RefCell<String>,
    /// The way through shared memory, if there is one.
    pub(super) shared: Option<Shared>,
    writer: RefCell<RequestWriter>,
    pub(super) incoming: RefCell<Vec<u8>>,
    offset: Cell<f64>,
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
    ///
    /// With `share` it goes through shared memory where the page may have some.
    pub(crate) fn open(id: &str, kwargs: &str, share: bool, deadline_ms: f64, done: Done) -> Self {
        let link = Link(Rc::new(Inner {
            worker: RefCell::new(None),
            pending: RefCell::new(Pending::default()),
            phase: Cell::new(Phase::Loading),
            clock: Clock::new(),
            failure: RefCell::new(None),
            on_failure: RefCell::new(None),
            handlers: RefCell::new(None),
            abort: RefCell::new(None),
            closing: RefCell::new(None),
            make: RefCell::new(js::object(&[("envId", id.into()), ("kwargs", js::parsed(kwargs))])),
            family: RefCell::new(String::new()),
            shared: if share { Shared::new() } else { None },
            writer: RefCell::new(RequestWriter::new()),
            incoming: RefCell::new(Vec::new()),
            offset: Cell::new(0.0),
        }));
        let request = link.0.pending.borrow_mut().add(Flags::default(), deadline_ms, done);
        match module::family(id).and_then(|family| Ok((family, spawn()?))) {
            Ok((family, worker)) => {
                link.0.family.replace(family);
                link.listen(&worker);
                link.listen_shared();
                link.0.worker.replace(Some(worker));
                link.clone().boot(request, false);
            }
            Err(error) => link.fail(error),
        }
        link
    }

    /// Tells somebody once if the Worker fails, beside the requests that are pending then.
    pub(crate) fn on_failure(&self, tell: impl FnOnce(PageError) + 'static) {
        self.0.on_failure.replace(Some(Box::new(tell)));
    }

    /// Sends the module, or its bytes, and what to make.
    fn boot(self, request: u32, by_bytes: bool) {
        wasm_bindgen_futures::spawn_local(async move {
            let family = self.0.family.borrow().clone();
            let module = if by_bytes { module::bytes(&family).await } else { module::compiled(&family).await };
            if self.0.phase.get() != Phase::Loading {
                return;
            }
            let sent = module.and_then(|module| {
                let make = self.0.make.borrow().clone();
                let shared = self.0.shared.as_ref().map_or(JsValue::UNDEFINED, |shared| shared.memory().into());
                let message =
                    js::object(&[("module", module), ("id", request.into()), ("make", make), ("shared", shared)]);
                self.post(&message)
            });
            match sent {
                Ok(()) => {}
                Err(error) if error.code == ErrorCode::LoadFailed || by_bytes => self.fail(error),
                Err(_cannot_be_cloned) => self.boot(request, true),
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
        let buffer = Uint8Array::new_from_slice(bytes).buffer();
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

    /// Sends a step ahead of its time, which is on the page's clock, and gives its number, for [`Self::amend`]. Its deadline
    /// counts from then. It always goes by a message.
    pub(crate) fn step_at(&self, due: f64, flags: Flags, payload: &[u8], deadline_ms: f64, done: Done) -> u32 {
        if let Some(error) = self.refusal() {
            done(Err(error));
            return 0;
        }
        let ahead = (due - self.0.clock.now()).max(0.0);
        let id = self.0.pending.borrow_mut().add(flags, ahead + deadline_ms, done);
        self.post_due(id, Due { at: due, serial: 0 }, flags, payload);
        id
    }

    /// Says what else is to be played at a step that was sent ahead. The step's reply names the serial that was.
    pub(crate) fn amend(&self, id: u32, due: Due, flags: Flags, payload: &[u8]) {
        if self.0.phase.get() == Phase::Open {
            self.post_due(id, due, flags, payload);
        }
    }

    fn post_due(&self, id: u32, due: Due, flags: Flags, payload: &[u8]) {
        let due = Due { at: due.at - self.0.offset.get(), ..due };
        let buffer = Uint8Array::new_from_slice(self.0.writer.borrow_mut().write_due(due, flags, id, payload)).buffer();
        self.post_buffer(&buffer);
    }

    /// Sends a reset, whose options may have any shape.
    pub(crate) fn reset(&self, seed: Option<u64>, options: &JsValue, flags: Flags, deadline_ms: f64, done: Done) {
        if let Some(error) = self.refusal() {
            return done(Err(error));
        }
        let id = self.0.pending.borrow_mut().add(flags, deadline_ms, done);
        let reset = js::object(&[
            ("seed", seed.map_or(JsValue::NULL, |seed| js_sys::BigInt::from(seed).into())),
            ("options", options.clone()),
            ("scene", flags.scene.into()),
            ("hash", flags.hash.into()),
        ]);
        let message = js::object(&[("id", id.into()), ("reset", reset)]);
        if self.0.shared.as_ref().is_some_and(|shared| !shared.may_post(id, &message)) {
            return;
        }
        self.post_reset(id, &message);
    }

    pub(super) fn post_reset(&self, id: u32, message: &JsValue) {
        match self.post(message) {
            Ok(()) => {}
            // Options that cannot be cloned are the caller's mistake, and the Worker is as well as before.
            Err(error) => {
                let request = self.0.pending.borrow_mut().take(id);
                let error = PageError::argument(format!("reset options: {}", error.message));
                self.answered(id);
                request.into_iter().for_each(|request| (request.done)(Err(error.clone())));
            }
        }
    }

    /// A time of the Worker's clock on the page's.
    pub(crate) fn on_page(&self, worker_time: f64) -> f64 {
        worker_time + self.0.offset.get()
    }

    fn refusal(&self) -> Option<PageError> {
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

    pub(super) fn receive(&self, data: &JsValue) {
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
        let object = js::get(data, "spec");
        match (request, spec_from(&object)) {
            (Some(request), Some(spec)) => {
                let origin = js::get(data, "timeOrigin").as_f64().unwrap_or_default();
                self.0.offset.set(self.0.clock.offset_from(origin));
                self.0.make.replace(JsValue::UNDEFINED);
                js::keep_names(&spec.agents);
                self.0.phase.set(Phase::Open);
                (request.done)(Ok(Answer::Made(Box::new(spec), object)));
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

    /// The end by misfortune: the Worker is terminated at once and every pending request hears why.
    pub(super) fn fail(&self, error: PageError) {
        if self.0.phase.replace(Phase::Closed) == Phase::Closed {
            return;
        }
        self.0.failure.replace(Some(error.clone()));
        let pending = self.0.pending.borrow_mut().take_all();
        self.release();
        pending.into_iter().for_each(|request| (request.done)(Err(error.clone())));
        let tell = self.0.on_failure.take();
        tell.into_iter().for_each(|tell| tell(error.clone()));
    }
}

pub(super) const BOOT: &str = "worker/boot.js";

fn spawn() -> Result<Worker, PageError> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    options.set_name("palaestra environment");
    Worker::new_with_options(&module::url(BOOT), &options).map_err(|error| {
        PageError::new(ErrorCode::LoadFailed, format!("{}: {}", module::url(BOOT), js::message(&error)))
    })
}
