//! What a finished session hands over.
use std::convert::Infallible;

use js_sys::Array;
use palaestra_env::{Space, Spec};
use palaestra_pack::{Job, Verdict};
use palaestra_play::Game;
use palaestra_protocol::{ErrorCode, STATIONS};
use palaestra_record::{HeaderText, Record, write_lines};
use palaestra_session::{DisposalReport, Reason};
use wasm_bindgen::prelude::*;

use super::config::Config;
use super::packing::in_worker;
use crate::channel::family;
use crate::clock::Clock;
use crate::error::PageError;
use crate::js;
use crate::plain::json_text;
use crate::tape::Tape;

/// What a finished session hands over. `www/palaestra.js` wraps it as `GameRecord`.
#[wasm_bindgen]
pub struct Recording {
    header: HeaderText,
    spec: Spec,
    record: Record,
    metrics: bool,
    verify: bool,
    error: Option<PageError>,
    report: Option<DisposalReport>,
    reason: Reason,
    scores: Vec<Vec<f64>>,
}

impl Recording {
    /// Of a game that is over.
    pub(super) fn of(config: &Config, game: &Game, chunks: Vec<Vec<u8>>, clock: &Clock) -> Self {
        let reason = game.reason().unwrap_or(Reason::Closed);
        let error = game.failure().cloned().map(PageError::from);
        let header = HeaderText {
            env_id: config.id.clone(),
            kwargs: kwargs_text(&config.kwargs),
            seed: Some(config.seed),
            policy: Some(config.seats.iter().map(|seat| seat.name()).collect::<Vec<_>>().join(", ")),
            rest: rest(config, game, reason, error.as_ref(), clock),
        };
        Self {
            header,
            // Without an environment there was no step either: any spec will do for the events.
            spec: game.spec().cloned().unwrap_or_else(|| Spec::single(&config.id, Space::None, Space::None)),
            record: Record::made_of(chunks, game.recorder().totals()),
            metrics: config.record_metrics,
            verify: config.verify,
            error,
            report: game.report(),
            reason,
            scores: game.recorder().scores().to_vec(),
        }
    }

    /// Of an environment that was driven without a game.
    pub(crate) fn of_tape(tape: &Tape, spec: &Spec, policy: Option<String>) -> Self {
        let (header, record, scores) = tape.parts(&spec.id, policy);
        Self {
            header,
            spec: spec.clone(),
            record,
            metrics: false,
            verify: true,
            error: None,
            report: None,
            reason: Reason::Complete,
            scores,
        }
    }

    fn metric_names(&self) -> &'static [&'static str] {
        if self.metrics { &STATIONS } else { &[] }
    }

    fn text(&self) -> Result<String, PageError> {
        let mut text = self.header.complete(&self.spec.agents, Some(self.record.totals().steps)).into_bytes();
        text.push(b'\n');
        write_lines(&self.spec, &self.record, self.metric_names(), js::TEXTS, |line| {
            text.extend_from_slice(line);
            Ok::<(), Infallible>(())
        })
        .map_err(|error| PageError::new(ErrorCode::BadMessage, format!("record: {error}")))?;
        String::from_utf8(text).map_err(|_| PageError::new(ErrorCode::BadMessage, "record: expected a text in UTF-8"))
    }

    fn job(&self) -> Result<Job, PageError> {
        let metrics = self.metric_names().iter().map(|name| (*name).to_owned()).collect();
        let family = family(&self.header.env_id)?;
        Ok(Job {
            header: self.header.text(),
            family,
            chunks: self.record.chunks().to_vec(),
            metrics,
            verify: self.verify,
        })
    }
}

/// What only our own records have in their header, in the order of its names.
fn rest(config: &Config, game: &Game, reason: Reason, error: Option<&PageError>, clock: &Clock) -> String {
    let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok());
    let disposal = game.report().map(|report| {
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
        ("fps", config.fps.into()),
        ("reason", reason.as_str().into()),
        ("slowed_ms", game.slowed().into()),
        ("time_origin", clock.performance().map_or(JsValue::NULL, |clock| clock.time_origin().into())),
        ("user_agent", agent.map_or(JsValue::NULL, JsValue::from)),
    ]))
}

#[wasm_bindgen]
impl Recording {
    /// The record's header line.
    #[wasm_bindgen(getter)]
    pub fn header(&self) -> JsValue {
        js::parsed(&self.header.text())
    }

    /// Why the session ended.
    #[wasm_bindgen(getter)]
    pub fn reason(&self) -> String {
        self.reason.as_str().to_owned()
    }

    /// What went wrong, if it ended so.
    #[wasm_bindgen(getter)]
    pub fn error(&self) -> JsValue {
        self.error.clone().map_or(JsValue::NULL, JsValue::from)
    }

    /// How the Worker went.
    #[wasm_bindgen(getter)]
    pub fn disposal(&self) -> JsValue {
        self.report.map_or(JsValue::NULL, |report| {
            js::object(&[
                ("outcome", report.outcome.as_str().into()),
                ("durationMs", report.duration_ms.into()),
                ("rejectedRequests", report.rejected_requests.into()),
            ])
        })
    }

    /// How many steps were made.
    #[wasm_bindgen(getter)]
    pub fn steps(&self) -> f64 {
        self.record.totals().steps as f64
    }

    /// The returns of the episodes that came to their end: of each, one an agent.
    #[wasm_bindgen(getter)]
    pub fn returns(&self) -> Array {
        self.scores
            .iter()
            .map(|scores| scores.iter().map(|score| JsValue::from_f64(*score)).collect::<Array>())
            .collect()
    }

    /// The record as text, made here and now: JSON Lines.
    pub fn jsonl(&self) -> Result<String, JsValue> {
        Ok(self.text()?)
    }

    /// Packs and replays the record in a Worker of its own: `{bytes, gzip, identical, steps, message}`. Where that Worker
    /// cannot be had the bytes are plain text, made here: no data is lost with it.
    pub async fn pack(&self) -> Result<JsValue, JsValue> {
        let packed = match in_worker(self.job()?, self.record.totals().steps).await {
            Ok(packed) => packed,
            Err(reason) => {
                let bytes = js_sys::Uint8Array::from(self.text()?.as_bytes());
                return Ok(js::object(&[
                    ("bytes", bytes.into()),
                    ("gzip", false.into()),
                    ("identical", JsValue::NULL),
                    ("steps", 0.into()),
                    ("message", format!("not verified: {reason}").into()),
                ]));
            }
        };
        let (identical, steps, message) = match &packed.verdict {
            Verdict::Identical { steps } => (true.into(), *steps, format!("verified: {steps} steps identical")),
            Verdict::Different(difference) => (false.into(), 0, format!("verification failed: {difference}")),
            Verdict::NotAsked => (JsValue::NULL, 0, "not verified: not asked for".to_owned()),
        };
        Ok(js::object(&[
            ("bytes", js_sys::Uint8Array::from(&packed.bytes[..]).into()),
            ("gzip", true.into()),
            ("identical", identical),
            ("steps", (steps as f64).into()),
            ("message", message.into()),
        ]))
    }
}

/// The header's arguments: always an object.
pub(crate) fn kwargs_text(kwargs: &[u8]) -> String {
    if kwargs.is_empty() { "{}".to_owned() } else { json_text(kwargs) }
}
