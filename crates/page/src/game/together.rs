//! A game of a match, between the pure game and the page's client of the server (`match/`): what that says, and what it is told.
//!
//! Only games of a match load this file: it is in a part of its own of the module (`scripts/build/parts.mjs`), so what is called from
//! elsewhere stays a function of its own.
use std::rc::Rc;

use js_sys::{Array, Float64Array, Function};
use palaestra_play::game::{Event, FromServer, MatchTold, Matched, SeatKind};
use palaestra_protocol::together::{DropoutSetup, Event as FromWorker, MatchMode, NetworkSetup, SeatPath, Vitals};
use palaestra_protocol::{ErrorCode, Failure, ProtocolError};
use palaestra_session::Reason;
use wasm_bindgen::prelude::*;

use super::policy::by_policy;
use super::seat::{Seat, expert_name};
use crate::channel::PolicySeat;
use crate::error::PageError;
use crate::js;

/// What the client says. It has been checked there (`match/message.js`): what is missing here is 0.
#[inline(never)]
pub(super) fn from_client(event: &JsValue, network: Option<NetworkSetup>) -> Option<FromServer> {
    let number = |name: &str| js::get(event, name).as_f64().unwrap_or_default();
    let text = |name: &str| js::get(event, name).as_string().unwrap_or_default();
    Some(match text("type").as_str() {
        "matched" => FromServer::Matched(Box::new(matched(event, network))),
        "validate" => {
            FromServer::Validate { attempt: number("attempt") as u32, relay: js::get(event, "relay").is_truthy() }
        }
        "start" => FromServer::Start { in_ms: number("in"), input_delay: number("inputDelay") as u8 },
        "ticket" => FromServer::Socket(text("url")),
        "pronounced" => FromServer::Pronounced { seat: number("seat") as u8, frames: number("frames") as u32 },
        "requeued" => FromServer::Requeued,
        "ended" => FromServer::Ended(text("reason").parse().unwrap_or(Reason::Error)),
        "failed" => {
            FromServer::Failed(Failure::new(ErrorCode::MatchFailed, format!("{}: {}", text("code"), text("message"))))
        }
        _ => return None,
    })
}

fn matched(event: &JsValue, network: Option<NetworkSetup>) -> Matched {
    let of = js::get(event, "matched");
    let number = |name: &str| js::get(&of, name).as_f64().unwrap_or_default();
    let text = |from: &JsValue, name: &str| js::get(from, name).as_string().unwrap_or_default();
    let seats = js::get(&of, "seats").dyn_into::<Array>().unwrap_or_default();
    let kind = |seat: JsValue| {
        if text(&seat, "kind") != "policy" {
            return SeatKind::Person;
        }
        match policy(&js::get(&seat, "policy")) {
            DropoutSetup::Random => SeatKind::Random,
            DropoutSetup::Expert { skill } => SeatKind::Expert { skill },
            DropoutSetup::Policy => SeatKind::Policy,
            _ => SeatKind::Idle,
        }
    };
    Matched {
        number: number("number") as u32,
        seat: number("seat") as u8,
        incarnation: number("incarnation") as u32,
        seats: seats.iter().map(kind).collect(),
        fps: number("fps"),
        seed: number("seed") as u64,
        epoch: number("epoch") as u32,
        mode: if text(&of, "mode") == "lockstep" { MatchMode::Lockstep } else { MatchMode::Rollback },
        dropout: match text(&of, "dropout").as_str() {
            "end" => DropoutSetup::End,
            "continue" => policy(&js::get(&of, "dropout_policy")),
            _ => DropoutSetup::Pause,
        },
        grace_ms: number("grace_ms"),
        network,
        url: text(event, "url"),
        facts: text(event, "facts"),
    }
}

/// A policy as the server names it: a name, or an object of an expert with its skill, or of a model.
fn policy(written: &JsValue) -> DropoutSetup {
    match written.as_string().as_deref() {
        Some("random") => DropoutSetup::Random,
        Some("expert") => DropoutSetup::Expert { skill: 1.0 },
        None if !js::get(written, "onnx").is_undefined() => DropoutSetup::Policy,
        None if written.is_object() => {
            DropoutSetup::Expert { skill: js::get(written, "skill").as_f64().unwrap_or(1.0) }
        }
        _ => DropoutSetup::Idle,
    }
}

/// Takes the models of a match that has just been made; of one after it they are those that are here already. What reads them is in the part
/// of policies, which the client has waited for (`match/models.js`).
///
/// # Errors
/// [`PageError`] for a seat of a model that is none.
#[inline(never)]
pub(super) fn take_models(models: &mut Vec<Rc<PolicySeat>>, event: &JsValue) -> Result<(), PageError> {
    let (of, list) = (js::get(event, "matched"), js::get(event, "models"));
    if list.is_undefined() || !models.is_empty() {
        return Ok(());
    }
    let kwargs = js::get(&of, "kwargs");
    for model in Array::from(&list).iter() {
        let agent = js::get(&model, "seat").as_f64().unwrap_or_default() as usize;
        let name = js::get(&model, "agent").as_string().unwrap_or_default();
        let seat = by_policy(&js::get(&model, "policy"), (agent, &name), None, &kwargs)?;
        if let Some(Seat::Policy(policy)) = seat {
            models.push(policy);
        }
    }
    Ok(())
}

/// What has been loaded for the seats of models: the text of a list for the server, or nothing.
fn loaded(models: &[Rc<PolicySeat>]) -> String {
    let models = models.iter().map(|model| {
        let [sha256, manifest] = &*model.loaded.borrow();
        format!("{{\"seat\":{},\"sha256\":\"{sha256}\",\"manifest\":{manifest}}}", model.agent)
    });
    let models: Vec<String> = models.collect();
    if models.is_empty() { String::new() } else { format!("[{}]", models.join(",")) }
}

/// Who plays each agent, as records' headers name it: the same text at every side.
#[inline(never)]
pub(super) fn names(matched: &Matched, models: &[Rc<PolicySeat>]) -> String {
    let name = |(seat, kind): (usize, &SeatKind)| match kind {
        SeatKind::Policy => {
            let model = models.iter().find(|model| model.agent == seat);
            model.map(|model| model.name.borrow().clone()).unwrap_or_default()
        }
        SeatKind::Expert { skill } => expert_name(*skill),
        kind => kind.name().to_owned(),
    };
    let names: Vec<String> = matched.seats.iter().enumerate().map(name).collect();
    names.join(", ")
}

/// A word of the Worker as the game hears it: a step is a step, whether others play or not.
///
/// # Errors
/// [`ProtocolError`] for bytes that are none.
#[inline(never)]
pub(super) fn heard(bytes: &[u8]) -> Result<Event<'_>, ProtocolError> {
    FromWorker::read(bytes).map(|event| match event {
        FromWorker::Stepped(step) => Event::Stepped(step),
        event => Event::Worker(event),
    })
}

/// Tells the client.
#[inline(never)]
pub(super) fn tell(hears: &Function, told: &MatchTold, models: &[Rc<PolicySeat>]) {
    let (name, numbers, text) = told_js(told);
    let text = if *told == MatchTold::Ready { loaded(models).into() } else { text.into() };
    let message: [JsValue; 3] = [name.into(), Float64Array::from(&numbers[..]).into(), text];
    super::tell::call(hears, &Array::from_iter(message.iter()));
}

/// What the client is told: a name and numbers, and perhaps a text. `match/told.js` says what each number is; made here, every
/// object would cost every page that plays alone.
fn told_js(told: &MatchTold) -> (&'static str, Vec<f64>, &str) {
    let mut numbers = Vec::new();
    let mut put = |number: f64| numbers.push(number);
    let (name, text) = match told {
        MatchTold::Ready => ("ready", ""),
        MatchTold::Failed(reason) => ("failed", reason.as_str()),
        MatchTold::Leave(reason) => ("leave", reason.as_str()),
        MatchTold::Away(away) => {
            put((*away).into());
            ("away", "")
        }
        MatchTold::Connection(open) => {
            put((*open).into());
            ("socket", "")
        }
        MatchTold::Finished { frames, planned } => {
            put((*frames).into());
            put((*planned).into());
            ("finished", "")
        }
        MatchTold::Peer { seat, state } => {
            put((*seat).into());
            put((*state as u8).into());
            ("peer", "")
        }
        MatchTold::Left { seat, frame } => {
            put((*seat).into());
            put((*frame).into());
            ("left", "")
        }
        MatchTold::Stalled { by } => {
            put((*by).into());
            ("stalled", "")
        }
        MatchTold::Resynced { frame } => {
            put((*frame).into());
            ("resynced", "")
        }
        MatchTold::Validated { attempt, paths } => {
            put((*attempt).into());
            for (seat, path) in paths {
                put_path(*seat, path, &mut put);
            }
            ("validated", "")
        }
        MatchTold::Vitals(vitals) => {
            put(vitals.input_delay.into());
            put(vitals.ahead.into());
            let Vitals { rollbacks, rolled_back, deepest, depth, predicted, stalls, .. } = *vitals;
            for count in [rollbacks, rolled_back, deepest, depth, predicted, stalls] {
                put(count.into());
            }
            for (path, seat) in vitals.paths.iter().zip(0..vitals.seats) {
                put_path(seat, path, &mut put);
            }
            ("vitals", "")
        }
    };
    (name, numbers, text)
}

fn put_path(seat: u8, path: &SeatPath, put: &mut impl FnMut(f64)) {
    put(seat.into());
    put((path.path as u8).into());
    put(path.rtt_ms.into());
}
