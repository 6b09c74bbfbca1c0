//! The record of a game that is over.
use palaestra_record::HeaderText;
use palaestra_session::{DisposalReport, Reason};
use wasm_bindgen::prelude::*;

use super::Game;
use super::metrics::STATIONS;
use crate::error::PageError;
use crate::js;
use crate::record::KeptRecord;

impl Game {
    /// What the session hands over.
    pub(super) fn record(
        &self,
        reason: Reason,
        report: Option<DisposalReport>,
        error: Option<PageError>,
    ) -> KeptRecord {
        let config = &self.config;
        let mut run = self.run.borrow_mut();
        run.flush(config.record_metrics);
        let header = HeaderText {
            env_id: config.id.clone(),
            kwargs: config.kwargs.clone(),
            seed: Some(config.seed),
            policy: Some(config.seats.iter().map(|seat| seat.name()).collect::<Vec<_>>().join(", ")),
            rest: rest(self, run.ticker.skipped(), reason, report, error.as_ref()),
        };
        let spec = self.spec.borrow().as_deref().cloned().map(|spec| (spec, self.shown.borrow().clone()));
        let metrics: &[&str] = if config.record_metrics { &STATIONS } else { &[] };
        let mut record = KeptRecord::new(&run.recorder, header, spec, metrics, config.verify);
        (record.error, record.report, record.reason) = (error, report, reason);
        record
    }
}

/// What only our own records have in their header, in the order of its names.
fn rest(
    game: &Game,
    slowed_ms: f64,
    reason: Reason,
    report: Option<DisposalReport>,
    error: Option<&PageError>,
) -> String {
    let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok());
    let disposal = report.map(|report| {
        js::object(&[
            ("duration_ms", report.duration_ms.into()),
            ("outcome", report.outcome.as_str().into()),
            ("reason", report.reason.as_str().into()),
            ("rejected_requests", report.rejected_requests.into()),
        ])
    });
    let error =
        error.map(|error| js::object(&[("code", error.code.name().into()), ("message", (&error.message).into())]));
    js::json(&js::object(&[
        ("disposal", disposal.unwrap_or(JsValue::NULL)),
        ("ended", js_sys::Date::new_0().to_iso_string().into()),
        ("error", error.unwrap_or(JsValue::NULL)),
        ("fps", game.config.fps.into()),
        ("reason", reason.as_str().into()),
        ("slowed_ms", slowed_ms.into()),
        ("time_origin", game.clock.performance().map_or(JsValue::NULL, |clock| clock.time_origin().into())),
        ("user_agent", agent.map_or(JsValue::NULL, JsValue::from)),
    ]))
}
