//! The record of a game: of one that is over, or what there is so far.
use std::rc::Rc;

use js_sys::Array;
use palaestra_play::Game;
use palaestra_play::game::Output;
use palaestra_record::{HeaderText, Recorder, UNFINISHED};
use palaestra_session::{Reason, Registered, State};
use wasm_bindgen::prelude::*;

use super::config::Config;
use super::seat::Seat;
use super::shell::Shell;
use super::together;
use crate::channel::PolicySeat;
use crate::clock::Clock;
use crate::error::PageError;
use crate::js;
use crate::options::{Said, kwargs_text, put_said};
use crate::record::{Chunks, KeptRecord, RecordHandle, Recorded};
use crate::spec::SpecJs;

impl Shell {
    /// All that was played, when the session is over.
    pub(super) fn record(&self) -> RecordHandle {
        let chunks = self.chunks.clone();
        self.record_with(self.ask(|game| recorded(chunks, game.recorder())), false)
    }

    /// What was played so far.
    pub(super) fn snapshot(&self) -> RecordHandle {
        let mut recorder = self.ask(Game::snapshot);
        // A page's function may ask while chunks of the same step are still to be put away.
        let outputs = self.outputs.borrow();
        let queued = outputs.iter().filter_map(|output| match output {
            Output::Keep(chunk) => Some(chunk.clone()),
            _ => None,
        });
        let more = queued.chain(std::iter::from_fn(|| recorder.take_sealed()));
        let chunks = more.fold(self.chunks.clone(), |all, chunk| all.with(Some(&chunk)));
        self.record_with(recorded(chunks, &recorder), true)
    }

    /// What the chunks that are kept while the game goes on do not say: see `KeptRecord::about`.
    pub(super) fn about(&self) -> Array {
        let recorded = self.ask(|game| recorded(self.chunks.clone(), game.recorder()));
        self.kept_record(recorded, self.state() != State::Disposed).about()
    }

    #[inline(never)]
    fn record_with(&self, recorded: Recorded, unfinished: bool) -> RecordHandle {
        RecordHandle::new(self.kept_record(recorded, unfinished))
    }

    fn kept_record(&self, recorded: Recorded, unfinished: bool) -> KeptRecord {
        let about = self.about_match.borrow().clone();
        let models = self.models.borrow();
        let spec_js = self.parts.borrow().spec_js.clone();
        let game = self.game.borrow();
        record_of((&self.config, &game, about, &models), recorded, spec_js, &self.clock, unfinished)
    }
}

fn recorded(chunks: Chunks, recorder: &Recorder) -> Recorded {
    Recorded { chunks, totals: recorder.totals(), scores: recorder.scores().to_vec() }
}

/// What the session hands over: all that was played, and its end.
fn record_of(
    of: (&Config, &Game, [JsValue; 2], &[Rc<PolicySeat>]),
    recorded: Recorded,
    spec_js: SpecJs,
    clock: &Clock,
    unfinished: bool,
) -> KeptRecord {
    let (config, game, about, models) = of;
    let header = HeaderText {
        env_id: config.id.clone(),
        kwargs: kwargs_text(&config.kwargs),
        seed: Some(game.options().seed),
        policy: Some(policy(config, game, models)),
        rest: if game.matched().is_some() {
            rest_together(about, (config, game), clock, unfinished)
        } else {
            js::object_text(&rest(config, game, clock, unfinished))
        },
    };
    let spec = game.spec().cloned().map(|spec| (spec, spec_js));
    let mut record = KeptRecord::new(recorded, header, spec, game.numbers(), config.verify);
    record.error = game.failure().cloned().map(PageError::from);
    record.report = game.report();
    record.reason = (!unfinished).then(|| game.reason().unwrap_or(Reason::Closed));
    record
}

/// What only our own records have in their header, in the order of its names.
fn rest(config: &Config, game: &Game, clock: &Clock, unfinished: bool) -> Said {
    let agent =
        web_sys::window().filter(|_| config.record_user_agent).and_then(|window| window.navigator().user_agent().ok());
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
    let reason = game.reason().or((!unfinished).then_some(Reason::Closed));
    let json = |value: Option<JsValue>| js::json(&value.unwrap_or(JsValue::NULL));
    let mut rest = config.said.clone();
    let mut put = |name, json| put_said(&mut rest, name, json);
    put("disposal", json(disposal));
    // When it was taken is not when the session ended.
    put(if unfinished { "taken" } else { "ended" }, json(Some(js_sys::Date::new_0().to_iso_string().into())));
    put("error", json(error));
    put("fps", json(Some(game.options().fps.into())));
    put("reason", json(reason.map(|reason| reason.as_str().into())));
    put("slowed_ms", json(Some(game.slowed().into())));
    put("time_origin", json(clock.performance().map(|clock| clock.time_origin().into())));
    if let Some(agent) = agent {
        put("user_agent", json(Some(agent.into())));
    }
    if unfinished {
        put(UNFINISHED, "true".to_owned());
    }
    rest
}

/// Who plays each agent: in a match the same text at every side.
fn policy(config: &Config, game: &Game, models: &[Rc<PolicySeat>]) -> String {
    let names: Vec<String> = match game.matched() {
        Some(matched) => return together::names(matched, models),
        None => config.seats.iter().map(Seat::name).collect(),
    };
    names.join(", ")
}

/// The same of a match, where all sides' records are the same but for `local`, and for their events, times and metrics. In the part of
/// matches: nobody has been matched without it.
#[inline(never)]
fn rest_together(
    [shared, own]: [JsValue; 2],
    (config, game): (&Config, &Game),
    clock: &Clock,
    unfinished: bool,
) -> String {
    let mut local = rest(config, game, clock, unfinished);
    // Readers look for it in one place.
    let whole = local.extract_if(.., |(name, _)| *name == UNFINISHED).next();
    local.retain(|(name, _)| *name != "fps" && js::get(&own, name).is_undefined());
    local.extend(game.resumed().map(|frame| ("resumed_at", frame.to_string())));
    let mut local = js::object_text(&local);
    let own = if own.is_object() { js::json(&own) } else { String::new() };
    if let Some(own) = own.strip_prefix('{').filter(|own| own.len() > 1) {
        local.truncate(local.len() - 1);
        local = format!("{local},{own}");
    }
    let mut rest = vec![("fps", js::json(&game.options().fps.into())), ("local", local), ("match", js::json(&shared))];
    rest.extend(whole);
    js::object_text(&rest)
}
