//! A game of a match, between the pure game and the page's client of the server (`match/`): what that says, and what it is told.
use js_sys::Array;
use palaestra_play::game::{FromServer, MatchTold, Matched, SeatKind};
use palaestra_protocol::server::PeerState;
use palaestra_protocol::together::{DropoutSetup, MatchMode, NetworkSetup, PathKind, SeatPath, Vitals};
use palaestra_protocol::{ErrorCode, Failure};
use palaestra_session::Reason;
use wasm_bindgen::prelude::*;

use crate::error::PageError;
use crate::js;
use crate::options::{milliseconds, number};

const KNOWN: [&str; 10] =
    ["server", "lobby", "participant", "secret", "group", "timeout", "network", "overlay", "texts", "params"];
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

/// What the client is told.
pub(super) fn told_js(told: &MatchTold) -> JsValue {
    let object = |name: &str, fields: &[(&str, JsValue)]| {
        let object = js::object(fields);
        js::set(&object, "type", &name.into());
        object
    };
    match told {
        MatchTold::Ready => object("ready", &[]),
        MatchTold::Validated { attempt, paths } => {
            let paths: Array = paths.iter().map(|(seat, path)| path_js(*seat, *path)).collect();
            object("validated", &[("attempt", (*attempt).into()), ("paths", paths.into())])
        }
        MatchTold::Failed(reason) => object("failed", &[("reason", reason.into())]),
        MatchTold::Away(away) => object("away", &[("away", (*away).into())]),
        MatchTold::Finished { frames } => object("finished", &[("frames", (*frames).into())]),
        MatchTold::Leave(reason) => object("leave", &[("reason", reason.as_str().into())]),
        MatchTold::Peer { seat, state } => {
            let state = match state {
                PeerState::Connecting => "connecting",
                PeerState::Connected => "connected",
                PeerState::Reconnecting => "reconnecting",
                PeerState::Gone => "gone",
            };
            object("peer", &[("seat", (*seat).into()), ("state", state.into())])
        }
        MatchTold::Left { seat, frame } => object("left", &[("seat", (*seat).into()), ("frame", (*frame).into())]),
        MatchTold::Stalled { by } => object("stalled", &[("by", (*by).into())]),
        MatchTold::Connection(open) => object("socket", &[("open", (*open).into())]),
        MatchTold::Resynced { frame } => object("resynced", &[("frame", (*frame).into())]),
        MatchTold::Vitals(vitals) => {
            let vitals = vitals_js(vitals);
            js::set(&vitals, "type", &"vitals".into());
            vitals
        }
    }
}

fn path_js(seat: u8, path: SeatPath) -> JsValue {
    let name = match path.path {
        PathKind::None => JsValue::NULL,
        PathKind::Relay => "relay".into(),
        PathKind::Direct => "direct".into(),
    };
    let rtt = if path.rtt_ms.is_finite() { f64::from(path.rtt_ms).into() } else { JsValue::NULL };
    js::object(&[("seat", seat.into()), ("path", name), ("rtt_ms", rtt)])
}

fn vitals_js(vitals: &Vitals) -> JsValue {
    let paths: Array = vitals.paths.iter().zip(0..vitals.seats).map(|(path, seat)| path_js(seat, *path)).collect();
    js::object(&[
        ("inputDelay", vitals.input_delay.into()),
        ("rollbacks", vitals.rollbacks.into()),
        ("rolledBack", vitals.rolled_back.into()),
        ("deepest", vitals.deepest.into()),
        ("depth", vitals.depth.into()),
        ("predicted", vitals.predicted.into()),
        ("stalls", vitals.stalls.into()),
        ("ahead", f64::from(vitals.ahead).into()),
        ("paths", paths.into()),
    ])
}
