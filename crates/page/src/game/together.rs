//! A game of a match, between the pure game and the page's client of the server (`match/`): what that says, and what it is told.
use js_sys::{Array, Float64Array, Function};
use palaestra_play::game::{Event, FromServer, MatchTold, Matched, SeatKind};
use palaestra_protocol::together::{DropoutSetup, Event as FromWorker, MatchMode, NetworkSetup, SeatPath, Vitals};
use palaestra_protocol::{ErrorCode, Failure};
use palaestra_session::Reason;
use wasm_bindgen::prelude::*;

use crate::error::PageError;
use crate::js;
use crate::options::{milliseconds, number};

const KNOWN: [&str; 12] = [
    "server",
    "lobby",
    "participant",
    "secret",
    "group",
    "timeout",
    "transport",
    "iceServers",
    "network",
    "overlay",
    "texts",
    "params",
];
const NETWORK: [&str; 6] = ["delay", "jitter", "loss", "duplicate", "reorder", "seed"];
/// The longest id of a participant, in characters.
const LONGEST_ID: usize = 128;

/// Checks the option `match`; says whether there is one, and what is done to packets on purpose.
pub(super) fn check(options: &JsValue) -> Result<(bool, Option<NetworkSetup>), PageError> {
    let Some(option) = js::given(options, "match") else { return Ok((false, None)) };
    js::only_known("match", &option, &KNOWN)?;
    let text = |name: &str, most: usize| match js::given(&option, name) {
        None => Ok(false),
        Some(value) => match value.as_string() {
            Some(text) if (1..=most).contains(&text.chars().count()) => Ok(true),
            _ => {
                let found = js::shown(&value);
                Err(PageError::argument(format!(
                    "match.{name}: expected a text of 1 to {most} characters, found {found}"
                )))
            }
        },
    };
    for (name, most) in [("server", 2000), ("participant", LONGEST_ID), ("secret", 1000), ("group", LONGEST_ID)] {
        text(name, most)?;
    }
    if !text("lobby", LONGEST_ID)? {
        return Err(PageError::argument("match.lobby: expected the name of a lobby, found nothing"));
    }
    milliseconds(&option, "timeout", 1.0)?;
    let transport = js::given(&option, "transport");
    if transport.is_some_and(|transport| transport != "auto" && transport != "relay") {
        return Err(PageError::argument("match.transport: expected \"auto\" or \"relay\""));
    }
    if js::given(&option, "iceServers").is_some_and(|servers| !Array::is_array(&servers)) {
        return Err(PageError::argument("match.iceServers: expected a list of objects with `urls`"));
    }
    if js::given(options, "seats").is_some() {
        return Err(PageError::argument("seats: expected none in a match, where the server says who sits where"));
    }
    Ok((true, js::given(&option, "network").map(|network| network_from(&network)).transpose()?))
}

fn network_from(network: &JsValue) -> Result<NetworkSetup, PageError> {
    js::only_known("match.network", network, &NETWORK)?;
    let share = |name| number(network, name, 0.0..=1.0, "a share from 0 to 1");
    let ms = |name| number(network, name, 0.0..=10_000.0, "milliseconds from 0 to 10000");
    Ok(NetworkSetup {
        delay_ms: ms("delay")?.unwrap_or(0.0) as f32,
        jitter_ms: ms("jitter")?.unwrap_or(0.0) as f32,
        loss: share("loss")?.unwrap_or(0.0) as f32,
        duplicate: share("duplicate")?.unwrap_or(0.0) as f32,
        reorder: share("reorder")?.unwrap_or(0.0) as f32,
        seed: number(network, "seed", 0.0..=9.0e15, "a whole number from 0 on")?.unwrap_or(1.0) as u64,
    })
}

/// What the client says. It has been checked there (`match/message.js`): what is missing here is 0.
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
    let kind = |seat: JsValue| match (text(&seat, "kind").as_str(), text(&seat, "policy").as_str()) {
        ("policy", "random") => SeatKind::Random,
        ("policy", _) => SeatKind::Idle,
        _ => SeatKind::Person,
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
        input_delay: number("input_delay") as u8,
        dropout: match text(&of, "dropout").as_str() {
            "end" => DropoutSetup::End,
            "continue" if text(&of, "dropout_policy") == "random" => DropoutSetup::Random,
            "continue" => DropoutSetup::Idle,
            _ => DropoutSetup::Pause,
        },
        grace_ms: number("grace_ms"),
        network,
        url: text(event, "url"),
        facts: text(event, "facts"),
    }
}

/// A word of the Worker as the game hears it: a step is a step, whether others play or not.
pub(super) fn heard(event: FromWorker<'_>) -> Event<'_> {
    match event {
        FromWorker::Stepped(step) => Event::Stepped(step),
        event => Event::Worker(event),
    }
}

/// Tells the client.
pub(super) fn tell(hears: &Function, told: &MatchTold) {
    let (name, numbers, text) = told_js(told);
    let message: [JsValue; 3] = [name.into(), Float64Array::from(&numbers[..]).into(), text.into()];
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
        MatchTold::Finished { frames } => {
            put((*frames).into());
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
