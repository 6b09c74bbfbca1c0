//! The option `match` of `play`.
use js_sys::{Array, Object};
use palaestra_protocol::together::NetworkSetup;
use wasm_bindgen::prelude::*;

use super::policy::is_by_policy;
use crate::error::PageError;
use crate::js;
use crate::options::{check_name, flag, milliseconds, number, whole};

const KNOWN: [&str; 15] = [
    "server",
    "lobby",
    "participant",
    "secret",
    "group",
    "size",
    "policy",
    "dropout",
    "timeout",
    "transport",
    "iceServers",
    "network",
    "overlay",
    "texts",
    "params",
];
/// What names a policy.
const POLICIES: &str = "\"random\", \"idle\", \"expert\", {expert} or {onnx}";
const NETWORK: [&str; 6] = ["delay", "jitter", "loss", "duplicate", "reorder", "seed"];

/// Checks the option `match`, which is given; says what is done to packets on purpose.
#[inline(never)]
pub(super) fn check(options: &JsValue, option: &JsValue) -> Result<Option<NetworkSetup>, PageError> {
    js::only_known("match", option, &KNOWN)?;
    let text = |name: &str, most: usize| match js::given(option, name) {
        None => Ok(()),
        Some(value) => match value.as_string() {
            Some(text) if (1..=most).contains(&text.chars().count()) => Ok(()),
            _ => {
                let found = js::shown(&value);
                Err(PageError::argument(format!(
                    "match.{name}: expected a text of 1 to {most} characters, found {found}"
                )))
            }
        },
    };
    text("server", 2000)?;
    text("secret", 1000)?;
    for name in ["participant", "group", "lobby"] {
        js::given(option, name).map_or(Ok(()), |value| check_name("match.", name, &value))?;
    }
    if js::given(option, "lobby").is_none() {
        return Err(PageError::argument("match.lobby: expected the name of a lobby, found nothing"));
    }
    let named = js::given(option, "participant").zip(js::given(options, "participant"));
    if let Some((one, other)) = named.filter(|(one, other)| one != other) {
        let (one, other) = (js::shown(&one), js::shown(&other));
        return Err(PageError::argument(format!(
            "participant: expected match.participant, which is {one}, found {other}"
        )));
    }
    milliseconds(option, "timeout", 1.0)?;
    let overlay = flag(option, "overlay", true);
    overlay.map_err(|error| PageError::argument(format!("match.{}", error.message)))?;
    if whole(option, "size")?.is_some_and(|size| size < 2) {
        return Err(PageError::argument("match.size: expected two people or more"));
    }
    let known = |dropout: &JsValue| ["pause", "end", "continue"].iter().any(|known| *dropout == *known);
    if let Some(found) = js::given(option, "dropout").filter(|dropout| !known(dropout)) {
        let found = js::shown(&found);
        return Err(PageError::argument(format!(
            "match.dropout: expected \"pause\", \"end\" or \"continue\", found {found}"
        )));
    }
    if let Some(found) = js::given(option, "policy").filter(|policy| !is_policy(policy)) {
        let found = js::shown(&found);
        return Err(PageError::argument(format!("match.policy: expected {POLICIES}, found {found}")));
    }
    let transport = js::given(option, "transport");
    if transport.is_some_and(|transport| transport != "auto" && transport != "relay") {
        return Err(PageError::argument("match.transport: expected \"auto\" or \"relay\""));
    }
    if js::given(option, "iceServers").is_some_and(|servers| !Array::is_array(&servers)) {
        return Err(PageError::argument("match.iceServers: expected a list of objects with `urls`"));
    }
    if let Some(seats) = js::given(options, "seats") {
        policies(&seats)?;
    }
    js::given(option, "network").map(|network| network_from(&network)).transpose()
}

/// Whether it is the policy of a seat.
fn is_policy(seat: &JsValue) -> bool {
    match seat.as_string() {
        Some(name) => ["random", "idle", "expert"].contains(&name.as_str()),
        None => is_by_policy(seat),
    }
}

/// Checks `seats`: in a match it can only name policies, for agents that no person plays. The server looks whose they are.
fn policies(seats: &JsValue) -> Result<(), PageError> {
    let expected = format!("in a match the policies of agents that no person plays ({POLICIES})");
    if !seats.is_object() {
        return Err(PageError::argument(format!("seats: expected {expected}, found {}", js::shown(seats))));
    }
    for pair in Object::entries(seats.unchecked_ref::<Object>()).iter().map(|pair| Array::from(&pair)) {
        let seat = pair.get(1);
        if !is_policy(&seat) {
            let (name, found) = (pair.get(0).as_string().unwrap_or_default(), js::shown(&seat));
            return Err(PageError::argument(format!("seats.{name}: expected {expected}, found {found}")));
        }
    }
    Ok(())
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
