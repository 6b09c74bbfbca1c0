//! A policy in a seat, as a page asks for it.
use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use super::seat::Seat;
use crate::channel::{Manifest, PolicySeat, Terms};
use crate::error::PageError;
use crate::js;
use crate::options::{flag, number, whole_from};
use crate::registry::{self, Entry};

/// The last three are a match's: by what its records name the model, the file's SHA-256, and what computes that (`match/models.js`).
const KNOWN: [&str; 8] = ["onnx", "manifest", "sample", "frameSkip", "reactionDelay", "named", "sha256", "digest"];

/// The most of frame skip and reaction delay, in ticks.
const MOST: u64 = 1000;

/// Whether a seat is for a model or for an expert. What reads such a seat is in a part of its own of the module, which is loaded before a
/// game with one begins (`partsOf` of `game-to-come.js`).
pub(crate) fn is_by_policy(seat: &JsValue) -> bool {
    ["onnx", "expert"].into_iter().any(|name| js::given(seat, name).is_some())
}

/// Reads the seat of an agent, if it is for a model or for an expert.
#[inline(never)]
pub(crate) fn by_policy(
    seat: &JsValue,
    (agent, name): (usize, &str),
    entry: Option<&Entry>,
    kwargs: &JsValue,
) -> Result<Option<Seat>, PageError> {
    if seat.is_object() && js::given(seat, "expert").is_some() {
        return expert_from(Some(seat), name, entry).map(|skill| Some(Seat::Expert(skill)));
    }
    Ok(policy_from(seat, (agent, name), kwargs)?.map(Seat::Policy))
}

/// Reads the seat of an agent, if it is for a model.
fn policy_from(
    seat: &JsValue,
    (agent, name): (usize, &str),
    kwargs: &JsValue,
) -> Result<Option<Rc<PolicySeat>>, PageError> {
    let Some(onnx) = js::given(seat, "onnx").filter(|_| seat.is_object()) else { return Ok(None) };
    let place = format!("seats.{name}");
    let within = |error: PageError| PageError::argument(format!("{place}: {}", error.message));
    let Some(onnx) = onnx.as_string() else {
        let found = js::shown(&onnx);
        return Err(PageError::argument(format!("{place}.onnx: expected the address of a model, found {found}")));
    };
    js::only_known(&place, seat, &KNOWN)?;
    let mut overrides = Vec::new();
    if js::given(seat, "sample").is_some() {
        overrides.push(("sample", flag(seat, "sample", false).map_err(within)?.into()));
    }
    for (name, field, least) in [("frameSkip", "frame_skip", 1), ("reactionDelay", "reaction_delay", 0)] {
        match whole_from(seat, name, least).map_err(within)? {
            Some(ticks) if ticks > MOST => {
                let text = format!("{place}.{name}: expected {least} to {MOST} ticks, found {ticks}");
                return Err(PageError::argument(text));
            }
            ticks => overrides.extend(ticks.map(|ticks| (field, JsValue::from(ticks as u32)))),
        }
    }
    let manifest = match js::given(seat, "manifest") {
        None => Manifest::Given(js::object(&[])),
        Some(manifest) => manifest.as_string().map_or(Manifest::Given(manifest), Manifest::At),
    };
    let observation = js::get(kwargs, "observation").as_string().unwrap_or_default();
    let terms = js::get(seat, "named").as_string().zip(js::get(seat, "digest").dyn_into().ok());
    let sha256 = js::get(seat, "sha256").as_string();
    let terms = terms.map(|(named, digest)| Terms { named, sha256, digest });
    let name = RefCell::new(format!("onnx {onnx}"));
    let loaded = RefCell::default();
    Ok(Some(Rc::new(PolicySeat { agent, place, onnx, manifest, overrides, observation, name, terms, loaded })))
}

/// The skill of an environment's expert in an agent's seat: of `'expert'`, where there is no object, or of `{ expert: true, skill }`.
///
/// # Errors
/// [`PageError`] for other fields, for a skill that is no probability, and where nobody knows how to play the environment: it says
/// where somebody does.
#[inline(never)]
pub(crate) fn expert_from(seat: Option<&JsValue>, name: &str, entry: Option<&Entry>) -> Result<f64, PageError> {
    let place = format!("seats.{name}");
    let within = |error: PageError| PageError::argument(format!("{place}: {}", error.message));
    let mut skill = None;
    if let Some(seat) = seat {
        js::only_known(&place, seat, &["expert", "skill"])?;
        if !flag(seat, "expert", true).map_err(within)? {
            return Err(PageError::argument(format!("{place}.expert: expected true, found false")));
        }
        skill = number(seat, "skill", 0.0..=1.0, "a probability from 0 to 1").map_err(within)?;
    }
    if entry.and_then(Entry::expert).is_none() {
        let have = registry::with_experts();
        return Err(PageError::argument(format!("{place}: expected an environment with an expert, among {have}")));
    }
    Ok(skill.unwrap_or(1.0))
}
