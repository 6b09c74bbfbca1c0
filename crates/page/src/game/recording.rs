//! What a finished session hands over.
use palaestra_env::{Space, Spec};
use palaestra_pack::{Job, Verdict};
use palaestra_protocol::ErrorCode;
use palaestra_record::{Header, Log, write_jsonl};
use palaestra_session::{DisposalReport, Reason};
use serde_json::{Map, Value as Json, json};
use wasm_bindgen::prelude::*;

use super::Game;
use super::metrics::STATIONS;
use super::packing::in_worker;
use crate::channel::family;
use crate::error::PageError;
use crate::js;
use crate::tape::Tape;

/// What a finished session hands over. `www/palaestra.js` wraps it as `GameRecord`.
#[wasm_bindgen]
pub struct Recording {
    header: Header,
    spec: Spec,
    log: Log,
    metrics: bool,
    verify: bool,
    error: Option<PageError>,
    report: Option<DisposalReport>,
    reason: Reason,
    scores: Vec<Vec<f64>>,
}

impl Recording {
    /// Takes the log out of a game that is over.
    pub(super) fn of(game: &Game, reason: Reason, report: Option<DisposalReport>, error: Option<PageError>) -> Self {
        let config = &game.config;
        let mut run = game.run.borrow_mut();
        run.flush(config.record_metrics);
        let mut header = Header::new(&config.id, config.kwargs.clone(), Some(config.seed));
        header.policy = Some(config.seats.iter().map(|seat| seat.name()).collect::<Vec<_>>().join(", "));
        header.rest = rest(game, run.ticker.skipped(), reason, report, error.as_ref());
        let spec = game.spec.borrow().as_deref().cloned();
        game.handed_over.set(run.log.as_bytes().len());
        Self {
            header,
            // Without an environment there was no step either: any spec will do for the events.
            spec: spec.unwrap_or_else(|| Spec::single(&config.id, Space::None, Space::None)),
            log: std::mem::take(&mut run.log),
            metrics: config.record_metrics,
            verify: config.verify,
            error,
            report,
            reason,
            scores: run.scores.clone(),
        }
    }

    /// Of an environment that was driven without a game.
    pub(crate) fn of_tape(tape: &Tape, spec: &Spec, policy: Option<String>) -> Self {
        let (header, log, scores) = tape.parts(&spec.id, policy);
        Self {
            header,
            spec: spec.clone(),
            log,
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

    fn text(&self) -> Result<Vec<u8>, PageError> {
        let mut text = Vec::new();
        write_jsonl(&self.header, &self.spec, &self.log, self.metric_names(), &mut text)
            .map_err(|error| PageError::new(ErrorCode::BadMessage, format!("record: {error}")))?;
        Ok(text)
    }

    fn job(&self) -> Result<Job, PageError> {
        let header = serde_json::to_string(&self.header)
            .map_err(|error| PageError::new(ErrorCode::BadMessage, format!("record: {error}")))?;
        let metrics = self.metric_names().iter().map(|name| (*name).to_owned()).collect();
        let family = family(&self.header.env_id)?.to_owned();
        Ok(Job { header, family, log: self.log.as_bytes().to_vec(), metrics, verify: self.verify })
    }
}

/// What only our own records have in their header.
fn rest(
    game: &Game,
    slowed_ms: f64,
    reason: Reason,
    report: Option<DisposalReport>,
    error: Option<&PageError>,
) -> Map<String, Json> {
    let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok());
    let fields = json!({
        "fps": game.config.fps,
        "time_origin": game.clock.performance().map(web_sys::Performance::time_origin),
        "ended": String::from(js_sys::Date::new_0().to_iso_string()),
        "reason": reason.as_str(),
        "error": error.map(|error| json!({"code": error.code.name(), "message": error.message})),
        "disposal": report,
        "slowed_ms": slowed_ms,
        "user_agent": agent,
    });
    fields.as_object().cloned().unwrap_or_default()
}

#[wasm_bindgen]
impl Recording {
    /// The record's header line.
    #[wasm_bindgen(getter)]
    pub fn header(&self) -> JsValue {
        js::plain(&self.header)
    }

    /// Why the session ended.
    #[wasm_bindgen(getter)]
    pub fn reason(&self) -> String {
        self.reason.to_string()
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
                ("outcome", report.outcome.to_string().into()),
                ("durationMs", report.duration_ms.into()),
                ("rejectedRequests", report.rejected_requests.into()),
            ])
        })
    }

    /// How many steps were made.
    #[wasm_bindgen(getter)]
    pub fn steps(&self) -> f64 {
        self.log.steps() as f64
    }

    /// The returns of the episodes that came to their end: of each, one an agent.
    #[wasm_bindgen(getter)]
    pub fn returns(&self) -> JsValue {
        js::plain(&self.scores)
    }

    /// The record as text, made here and now: JSON Lines.
    pub fn jsonl(&self) -> Result<String, JsValue> {
        Ok(String::from_utf8_lossy(&self.text()?).into_owned())
    }

    /// Packs and replays the record in a Worker of its own: `{bytes, gzip, identical, steps, message}`. Where that Worker
    /// cannot be had the bytes are plain text, made here: no data is lost with it.
    pub async fn pack(&self) -> Result<JsValue, JsValue> {
        let packed = match in_worker(self.job()?, self.log.steps()).await {
            Ok(packed) => packed,
            Err(reason) => {
                let bytes = js_sys::Uint8Array::from(&self.text()?[..]);
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
