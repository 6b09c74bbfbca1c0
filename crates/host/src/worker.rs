//! The Responder tied to the Worker's messages.
use std::cell::RefCell;
use std::panic::PanicHookInfo;
use std::rc::Rc;

use js_sys::{Array, ArrayBuffer, BigInt, Object, Reflect, SharedArrayBuffer, Uint8Array};
use palaestra_env::{Env, Kwargs, MakeError};
use palaestra_mailbox::{Mailbox, Side};
use palaestra_protocol::{ErrorCode, Flags};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, MessageEvent};

use crate::desk::Desk;
use crate::plain::kwargs;
use crate::responder::{Answer, Responder};

/// Bytes from which on a reply is transferred.
const TRANSFERRED: usize = 16 * 1024;

/// Makes an environment by id: the registry, or a test's own.
pub type Make = fn(&str, &Kwargs) -> Result<Env, MakeError>;

/// Takes the page's first message, `{id, make: {envId, kwargs}, shared?}`, answers it with `{id, spec, timeOrigin}` or
/// `{id, code, error}`, and answers every later message until the Worker ends.
///
/// From here on a panic reaches the page as its own text, before the trap does.
pub fn start(first: &JsValue, make: Make) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    std::panic::set_hook(Box::new(report_panic));
    let id = get(first, "id");
    let begun = begin(&get(first, "make"), make).and_then(|responder| Ok((spec(&responder)?, responder)));
    match begun {
        Ok((spec, responder)) => {
            let time_origin = scope.performance().map_or(0.0, |performance| performance.time_origin());
            post(&scope, &[("id", id), ("spec", spec), ("timeOrigin", time_origin.into())]);
            listen(&scope, responder, get(first, "shared").dyn_into().ok());
        }
        Err((code, message)) => {
            post(&scope, &[("id", id), ("code", code.name().into()), ("error", message.into())]);
        }
    }
}

pub(crate) fn begin(request: &JsValue, make: Make) -> Result<Responder, (ErrorCode, String)> {
    let Some(id) = get(request, "envId").as_string() else {
        return Err((ErrorCode::BadMessage, "expected {make: {envId, kwargs}}".into()));
    };
    let kwargs = kwargs(&get(request, "kwargs")).map_err(|error| (ErrorCode::BadArgument, error))?;
    let env = make(&id, &kwargs).map_err(|error| match &error {
        MakeError::UnknownId { .. } => (ErrorCode::UnknownEnvironment, error.to_string()),
        MakeError::Argument(_) => (ErrorCode::BadArgument, error.to_string()),
    })?;
    Ok(Responder::new(env))
}

fn listen(scope: &DedicatedWorkerGlobalScope, responder: Responder, shared: Option<SharedArrayBuffer>) {
    let desk = Desk::new(scope, responder);
    if let Some(shared) = shared {
        let mailbox = Mailbox::new(&shared, Side::Worker);
        let (desk, replies) = (Rc::clone(&desk), mailbox.clone());
        mailbox.listen(move |request| {
            desk.answer(request, desk.now(), |answer, parts| {
                if answer.parts || !replies.send(answer.reply) {
                    parts.post(&desk.scope, answer);
                }
            });
        });
    }
    let mut bytes = Vec::new();
    let handler = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        let received = desk.now();
        let data = event.data();
        match data.dyn_ref::<ArrayBuffer>() {
            Some(buffer) => {
                let view = Uint8Array::new(buffer);
                bytes.resize(view.length() as usize, 0);
                view.copy_to(&mut bytes);
                desk.take_in(&bytes, received);
            }
            None => desk.reset(&data, received),
        }
    });
    scope.set_onmessage(Some(handler.as_ref().unchecked_ref()));
    // The Worker's own end is the only end of its listener.
    handler.forget();
}

/// What many steps returned, on its way: buffers of the browser's, which the page gets without another copy.
#[derive(Default)]
pub(crate) struct Parts(RefCell<Vec<JsValue>>);

impl Parts {
    pub(crate) fn put(&self, part: &[u8]) {
        self.0.borrow_mut().push(Uint8Array::new_from_slice(part).buffer().into());
    }

    /// Posts a reply: with its parts as an array, and everything in it given away.
    pub(crate) fn post(&self, scope: &DedicatedWorkerGlobalScope, answer: Answer<'_>) {
        if !answer.parts {
            return post_bytes(scope, answer.reply);
        }
        let message: Array =
            std::iter::once(Uint8Array::new_from_slice(answer.reply).buffer().into()).chain(self.0.take()).collect();
        let _ = scope.post_message_with_transfer(&message, &message);
    }
}

pub(crate) fn post_bytes(scope: &DedicatedWorkerGlobalScope, reply: &[u8]) {
    let buffer = Uint8Array::new_from_slice(reply).buffer();
    // Given away a buffer is not copied once more; for a small one that takes longer than the copy.
    // A page that cannot take the message hears of it by its deadline.
    let _ = if reply.len() < TRANSFERRED {
        scope.post_message(&buffer)
    } else {
        scope.post_message_with_transfer(&buffer, &Array::of1(&buffer))
    };
}

pub(crate) fn reset<'a>(
    responder: &'a mut Responder,
    data: &JsValue,
    received: f64,
    now: &impl Fn() -> f64,
) -> &'a [u8] {
    let request = get(data, "reset");
    let Some(id) = get(data, "id").as_f64().filter(|_| request.is_object()) else {
        return responder.refuse(0, ErrorCode::BadMessage, "expected a buffer, or {id, reset: {seed, options}}");
    };
    let flags =
        Flags { scene: get(&request, "scene").is_truthy(), hash: get(&request, "hash").is_truthy(), autoreset: false };
    let seed = get(&request, "seed").dyn_into::<BigInt>().ok().and_then(|seed| u64::try_from(seed).ok());
    match kwargs(&get(&request, "options")) {
        Ok(options) => responder.reset(id as u32, seed, &options, flags, received, now),
        Err(error) => responder.refuse(id as u32, ErrorCode::BadArgument, &format!("reset options: {error}")),
    }
}

fn report_panic(info: &PanicHookInfo<'_>) {
    console_error_panic_hook::hook(info);
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    post(&scope, &[("panic", info.to_string().into())]);
}

fn post(scope: &DedicatedWorkerGlobalScope, fields: &[(&str, JsValue)]) {
    let message = Object::new();
    for (name, value) in fields {
        // Setting a field of a fresh plain object cannot fail.
        let _ = Reflect::set(&message, &JsValue::from_str(name), value);
    }
    let _ = scope.post_message(&message);
}

fn get(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &JsValue::from_str(name)).unwrap_or(JsValue::UNDEFINED)
}

/// The spec as an object: its numbers have to be JavaScript's.
pub(crate) fn spec(responder: &Responder) -> Result<JsValue, (ErrorCode, String)> {
    let serializer = serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
    responder.spec().serialize(&serializer).map_err(|error| (ErrorCode::BadMessage, format!("spec: {error}")))
}

#[cfg(all(test, target_arch = "wasm32"))]
#[path = "worker_tests.rs"]
mod tests;
