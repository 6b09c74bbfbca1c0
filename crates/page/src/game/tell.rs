//! What a researcher's functions and the browser's profiler are told.
use js_sys::Function;
use palaestra_play::Game;
use palaestra_play::game::PlayedStep;
use palaestra_protocol::{Row, SPANS, STATIONS, STATIONS_ALONE};
use palaestra_session::Transition;
use wasm_bindgen::prelude::*;

use crate::clock::Clock;
use crate::codec::Codec;
use crate::js;

/// Calls a researcher's function. What it throws is reported as the page's other uncaught errors are, and the game goes on.
pub(super) fn call(function: &Function, argument: &JsValue) {
    if let Err(error) = function.call1(&JsValue::UNDEFINED, argument) {
        let report = js::get(&js_sys::global(), "reportError");
        match report.dyn_into::<Function>() {
            Ok(report) => drop(report.call1(&JsValue::UNDEFINED, &error)),
            Err(_) => web_sys::console::error_1(&error),
        }
    }
}

/// Tells `onTransition`.
pub(super) fn tell_transition(function: &Function, transition: &Transition) {
    let told = js::object(&[
        ("from", transition.from.as_str().into()),
        ("to", transition.to.as_str().into()),
        ("at", transition.at.into()),
    ]);
    if let Some(reason) = transition.reason {
        js::set(&told, "reason", &reason.as_str().into());
    }
    call(function, &told);
}

/// Tells `onStep`.
pub(super) fn tell_step(function: &Function, codec: &Codec, stations: &[&str], step: &PlayedStep) {
    match codec.played(&step.returns, &step.actions, &step.score) {
        Ok(row) => {
            js::set(&row, "frameNumber", &f64::from(step.frame).into());
            js::set(&row, "episode", &(step.episode as f64).into());
            js::set(&row, "confirmed", &true.into());
            js::set(&row, "metrics", &row_js(&step.row, stations));
            call(function, &row);
        }
        Err(error) => web_sys::console::error_2(&"palaestra: a step could not be read:".into(), &error),
    }
}

/// The stations that a game's steps can pass.
pub(super) fn stations(game: &Game) -> &'static [&'static str] {
    if game.together() { &STATIONS } else { STATIONS.get(..STATIONS_ALONE).unwrap_or(&STATIONS) }
}

/// A row of metrics, by station.
pub(super) fn row_js(row: &Row, stations: &[&str]) -> JsValue {
    let object = js_sys::Object::new().into();
    stations.iter().zip(row).for_each(|(name, at)| js::set(&object, name, &(*at).into()));
    object
}

/// Writes a step's spans where the browser's profiler shows them. Of each span the browser's list of entries keeps the latest: a
/// long game must not fill it.
pub(super) fn measure(clock: &Clock, frame: u32, row: &Row) {
    let Some(performance) = clock.performance() else { return };
    let Ok(measure) = js::get(performance, "measure").dyn_into::<Function>() else { return };
    let clear = js::get(performance, "clearMeasures").dyn_into::<Function>().ok();
    for (name, from, to) in SPANS {
        let (Some(from), Some(to)) = (row.get(from as usize), row.get(to as usize)) else { continue };
        if from.is_nan() || to.is_nan() {
            continue;
        }
        let options = js::object(&[
            ("start", (*from).into()),
            ("end", f64::max(*from, *to).into()),
            ("detail", js::object(&[("frameNumber", f64::from(frame).into())])),
        ]);
        let name = JsValue::from(format!("palaestra {name}"));
        if let Some(clear) = &clear {
            let _ = clear.call1(performance, &name);
        }
        let _ = measure.call2(performance, &name, &options);
    }
}
