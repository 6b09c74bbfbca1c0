//! The record of a game that is over.
use palaestra_play::Game;
use palaestra_protocol::STATIONS;
use palaestra_record::HeaderText;
use palaestra_session::Reason;
use wasm_bindgen::prelude::*;

use super::config::Config;
use crate::clock::Clock;
use crate::error::PageError;
use crate::js;
use crate::plain::kwargs_text;
use crate::record::{Chunks, KeptRecord, Recorded};
use crate::spec::SpecJs;

/// What the session hands over: all that was played, and its end.
pub(super) fn record_of(config: &Config, game: &Game, chunks: Chunks, spec_js: SpecJs, clock: &Clock) -> KeptRecord {
    let header = HeaderText {
        env_id: config.id.clone(),
        kwargs: kwargs_text(&config.kwargs),
        seed: Some(config.seed),
        policy: Some(config.seats.iter().map(|seat| seat.name()).collect::<Vec<_>>().join(", ")),
        rest: rest(config, game, clock),
    };
    let spec = game.spec().cloned().map(|spec| (spec, spec_js));
    let metrics: &[&str] = if config.record_metrics { &STATIONS } else { &[] };
    let recorder = game.recorder();
    let recorded = Recorded { chunks, totals: recorder.totals(), scores: recorder.scores().to_vec() };
    let mut record = KeptRecord::new(recorded, header, spec, metrics, config.verify);
    record.error = game.failure().cloned().map(PageError::from);
    record.report = game.report();
    record.reason = game.reason().unwrap_or(Reason::Closed);
    record
}

/// What only our own records have in their header, in the order of its names.
fn rest(config: &Config, game: &Game, clock: &Clock) -> String {
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
    js::json(&js::object(&[
        ("disposal", disposal.unwrap_or(JsValue::NULL)),
        ("ended", js_sys::Date::new_0().to_iso_string().into()),
        ("error", error.unwrap_or(JsValue::NULL)),
        ("fps", config.fps.into()),
        ("reason", game.reason().unwrap_or(Reason::Closed).as_str().into()),
        ("slowed_ms", game.slowed().into()),
        ("time_origin", clock.performance().map_or(JsValue::NULL, |clock| clock.time_origin().into())),
        ("user_agent", agent.map_or(JsValue::NULL, JsValue::from)),
    ]))
}
