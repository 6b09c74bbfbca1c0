//! The Worker's beginning: its first message, and what listens to all others.
use std::panic::PanicHookInfo;
use std::rc::Rc;

use js_sys::{ArrayBuffer, Reflect, SharedArrayBuffer, Uint8Array};
use palaestra_env::{Env, Kwargs, MakeError};
use palaestra_mailbox::{Mailbox, Side};
use palaestra_protocol::{ErrorCode, Failure, read_kwargs};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::post::{Parts, post_bytes, post_object};
use crate::responder::Responder;
use crate::role::Role;
use crate::seated;
use crate::together::Together;
use crate::worker_loop::{ByMessage, Reply, WorkerLoop};

/// Makes an environment by id: the registry, or a test's own.
pub type Make = fn(&str, &Kwargs) -> Result<Env, MakeError>;

/// Takes the page's first message, `{id, make: {envId, kwargs}, game?, shared?, seat?}`, answers it with `{id, spec, timeOrigin, now}` or
/// `{id, code, error}`, and answers every later message until the Worker ends. `game`: it is for a game, or a text for a rollout, and without the part of the module
/// that answers a program's requests. `seat` is a function that seats policies at the environment of a spec (see `seated.rs`).
///
/// `together` is [`TOGETHER`](crate::TOGETHER) for a family that has games for several people.
///
/// From here on a panic reaches the page as its own text, before the trap does.
pub fn start(first: &JsValue, make: Make, together: Option<&'static Together>) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    std::panic::set_hook(Box::new(report_panic));
    let id = get(first, "id");
    let made = make_responder(&get(first, "make"), make).and_then(|responder| {
        let spec = spec_js(&responder);
        let policies = seated::seat(&get(first, "seat"), &spec)?;
        Ok((responder, spec, policies))
    });
    match made {
        Ok((responder, spec, policies)) => {
            let [time_origin, now] =
                scope.performance().map_or([0.0; 2], |performance| [performance.time_origin(), performance.now()]);
            post_object(&scope, &[("id", id), ("spec", spec), ("timeOrigin", time_origin.into()), ("now", now.into())]);
            let mut role = Role::new(responder).with_policies(policies);
            let game = get(first, "game");
            let (game, rolls_out) = (game.is_truthy(), game.is_string());
            if game {
                role.only_plays();
            }
            if rolls_out {
                role.rolls_out();
            }
            let shared = if game { None } else { get(first, "shared").dyn_into().ok() };
            listen(&scope, role, shared, together);
        }
        Err(Failure { code, message }) => {
            post_object(&scope, &[("id", id), ("code", code.name().into()), ("error", message.into())]);
        }
    }
}

/// An environment as `{envId, kwargs}` says; the arguments are a plain value's bytes.
pub(crate) fn make_responder(request: &JsValue, make: Make) -> Result<Responder, Failure> {
    let Some(id) = get(request, "envId").as_string() else {
        return Err(Failure::new(ErrorCode::BadMessage, "expected {make: {envId, kwargs}}"));
    };
    let kwargs = get(request, "kwargs");
    let bytes = match kwargs.dyn_ref::<Uint8Array>() {
        Some(bytes) => bytes.to_vec(),
        None if kwargs.is_undefined() => Vec::new(),
        None => {
            return Err(Failure::new(ErrorCode::BadArgument, "expected the bytes of keyword arguments, found others"));
        }
    };
    let kwargs = read_kwargs(&bytes).map_err(|error| Failure::new(ErrorCode::BadArgument, error))?;
    let env = make(&id, &kwargs).map_err(|error| {
        let code = match &error {
            MakeError::UnknownId { .. } => ErrorCode::UnknownEnvironment,
            MakeError::Argument(_) => ErrorCode::BadArgument,
        };
        Failure::new(code, error.to_string())
    })?;
    Ok(Responder::new(env))
}

/// Through the shared memory if it fits, otherwise by a message.
struct ByMailbox(Mailbox);

impl Reply for ByMailbox {
    fn send(&self, scope: &DedicatedWorkerGlobalScope, reply: &[u8], parts: Option<Parts>) {
        match parts {
            Some(parts) => parts.post(scope, reply),
            None if self.0.send(reply) => {}
            None => post_bytes(scope, reply),
        }
    }
}

fn listen(
    scope: &DedicatedWorkerGlobalScope,
    role: Role,
    shared: Option<SharedArrayBuffer>,
    together: Option<&'static Together>,
) {
    let worker = WorkerLoop::new(scope, role);
    together.into_iter().for_each(|together| worker.plays_together(together));
    if let Some(shared) = shared {
        let mailbox = Mailbox::new(&shared, Side::Worker);
        let (worker, reply) = (Rc::clone(&worker), Rc::new(ByMailbox(mailbox.clone())) as Rc<dyn Reply>);
        mailbox.listen(move |request| worker.take_in(request, worker.now(), &reply));
    }
    let mut bytes = Vec::new();
    let reply: Rc<dyn Reply> = Rc::new(ByMessage::default());
    let handler = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let received = worker.now();
        let data = event.data();
        bytes.clear();
        if let Some(buffer) = data.dyn_ref::<ArrayBuffer>() {
            let view = Uint8Array::new(buffer);
            bytes.resize(view.length() as usize, 0);
            view.copy_to(&mut bytes);
        } else if !get(&data, "seat").is_undefined() {
            return worker.connect(&data);
        }
        // What else is no buffer is answered as an empty one is: it is no request.
        worker.take_in(&bytes, received, &reply);
    });
    scope.set_onmessage(Some(handler.as_ref().unchecked_ref()));
    // The Worker's own end is the only end of its listener.
    handler.forget();
}

fn report_panic(info: &PanicHookInfo<'_>) {
    let text = JsValue::from(info.to_string());
    web_sys::console::error_1(&text);
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    post_object(&scope, &[("panic", text)]);
}

pub(crate) fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// The spec's bytes.
pub(crate) fn spec_js(responder: &Responder) -> JsValue {
    Uint8Array::new_from_slice(&responder.spec().to_bytes()).into()
}

#[cfg(all(test, target_arch = "wasm32"))]
#[path = "worker_tests.rs"]
mod tests;
