//! The record of a game that is over.
use palaestra_play::Game;
use palaestra_record::HeaderText;
use palaestra_session::Reason;
use wasm_bindgen::prelude::*;

use super::config::Config;
use super::seat::Seat;
use super::tell::stations;
use crate::clock::Clock;
use crate::error::PageError;
use crate::js;
use crate::plain::kwargs_text;
use crate::record::{Chunks, KeptRecord, Recorded};
use crate::spec::SpecJs;

/// What the session hands over: all that was played, and its end.
pub(super) fn record_of(
    (config, about): (&Config, [JsValue; 2]),
    game: &Game,
    chunks: Chunks,
    spec_js: SpecJs,
    clock: &Clock,
) -> KeptRecord {
    let header = HeaderText {
        env_id: config.id.clone(),
        kwargs: kwargs_text(&config.kwargs),
        seed: Some(game.options().seed),
        policy: Some(policy(config, game)),
        rest: if config.together { rest_together(about, game, clock) } else { js::json(&rest(game, clock)) },
    };
    let spec = game.spec().cloned().map(|spec| (spec, spec_js));
    let metrics: &[&str] = if config.record_metrics { stations(game) } else { &[] };
    let recorder = game.recorder();
    let recorded = Recorded { chunks, totals: recorder.totals(), scores: recorder.scores().to_vec() };
    let mut record = KeptRecord::new(recorded, header, spec, metrics, config.verify);
    record.error = game.failure().cloned().map(PageError::from);
    record.report = game.report();
    record.reason = game.reason().unwrap_or(Reason::Closed);
    record
}

/// What only our own records have in their header, in the order of its names.
fn rest(game: &Game, clock: &Clock) -> JsValue {
    let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok());
    let disposal = game.report().map(|report| {
        js::object(&[
            ("duration_ms", report.duration_ms.into()),
            ("outcome", report.outcome.as_str().into()),
            ("reason", report.reason.as_str().into()),
            ("rejected_requests", report.rejected_requests.into()),
        ])
    });
    let error = game
        .failure()
        .map(|failure| js::object(&[("code", failure.code.name().into()), ("message", (&failure.message).into())]));
    js::object(&[
        ("disposal", disposal.unwrap_or(JsValue::NULL)),
        ("ended", js_sys::Date::new_0().to_iso_string().into()),
        ("error", error.unwrap_or(JsValue::NULL)),
        ("fps", game.options().fps.into()),
        ("reason", game.reason().unwrap_or(Reason::Closed).as_str().into()),
        ("slowed_ms", game.slowed().into()),
        ("time_origin", clock.performance().map_or(JsValue::NULL, |clock| clock.time_origin().into())),
        ("user_agent", agent.map_or(JsValue::NULL, JsValue::from)),
    ])
}

/// Who plays each agent: in a match the same text at every side.
fn policy(config: &Config, game: &Game) -> String {
    let names: Vec<String> = match game.matched() {
        Some(matched) => matched.seats.iter().map(|kind| kind.name().to_owned()).collect(),
        None => config.seats.iter().map(Seat::name).collect(),
    };
    names.join(", ")
}

/// The same of a match, where all sides' records are the same but for `local`, and for their events and metrics.
fn rest_together([shared, own]: [JsValue; 2], game: &Game, clock: &Clock) -> String {
    let local = rest(game, clock);
    let own = if own.is_object() { own } else { js::object(&[]) };
    for name in js_sys::Object::keys(own.unchecked_ref::<js_sys::Object>()).iter() {
        let _ = js_sys::Reflect::set(&local, &name, &js_sys::Reflect::get(&own, &name).unwrap_or(JsValue::NULL));
    }
    if let Some(frame) = game.resumed() {
        js::set(&local, "resumed_at", &frame.into());
    }
    js::json(&js::object(&[("fps", game.options().fps.into()), ("local", local), ("match", shared)]))
}
