//! A policy in a seat, as a page asks for it.
use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;

use crate::channel::{Manifest, PolicySeat};
use crate::error::PageError;
use crate::js;
use crate::options::{flag, whole};

const KNOWN: [&str; 5] = ["onnx", "manifest", "sample", "frameSkip", "reactionDelay"];

/// The most of frame skip and reaction delay, in ticks.
const MOST: u64 = 1000;

/// Reads the seat of an agent, if it is for a policy.
pub(super) fn policy_from(seat: &JsValue, agent: usize, kwargs: &JsValue) -> Result<Option<Rc<PolicySeat>>, PageError> {
    let Some(onnx) = js::given(seat, "onnx").filter(|_| seat.is_object()) else { return Ok(None) };
    let place = format!("seats.agent_{agent}");
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
        match whole(seat, name).map_err(within)? {
            Some(ticks) if !(least..=MOST).contains(&ticks) => {
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
    let hash = Cell::new(None);
    Ok(Some(Rc::new(PolicySeat { agent, onnx, manifest, overrides, observation, hash })))
}
