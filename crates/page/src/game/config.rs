//! What `play` was asked for, read from a JavaScript object with typed errors.
use js_sys::{Array, Function};
use palaestra_play::game::Start;
use palaestra_play::simulation::FPS;
use palaestra_protocol::InputMode;
use palaestra_protocol::together::NetworkSetup;
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

use super::match_options;
use super::said::{SAID, said_of};
use super::seat::Seat;
use super::seating::seats;
use crate::draw::canvas_from;
use crate::error::PageError;
use crate::js;
use crate::options::{
    Said, flag, fresh_seed, function, kwargs_from, milliseconds, mode, number, reset_options, seed_from, whole,
};
use crate::registry::{self, Entry};

const KNOWN: [&str; 38] = [
    "env",
    "kwargs",
    "canvas",
    "fps",
    "seed",
    "episodes",
    "maxSteps",
    "keys",
    "inputMode",
    "idle",
    "seats",
    "onStep",
    "onTransition",
    "loadTimeout",
    "stepTimeout",
    "focusTimeout",
    "episodePause",
    "metricsCapacity",
    "recordMetrics",
    "recordHashes",
    "userTiming",
    "tween",
    "verify",
    "resetOptions",
    "match",
    "onMatch",
    "participant",
    "condition",
    "notes",
    "startPaused",
    "recordTimes",
    "recordUserAgent",
    "recordAddress",
    "touchControls",
    "gamepad",
    "pointer",
    "controls",
    "save",
];

/// What `play` was asked for, and nothing before it has been read. What depends on the environment's spaces stays as it came until they are known.
#[derive(Default)]
pub(crate) struct Config {
    pub(crate) id: String,
    /// As a plain value's bytes.
    pub(crate) kwargs: Vec<u8>,
    pub(crate) canvas: Option<HtmlCanvasElement>,
    pub(crate) fps: f64,
    pub(crate) seed: u64,
    /// As a plain value's bytes.
    pub(crate) reset_options: Vec<u8>,
    pub(crate) episodes: Option<u64>,
    pub(crate) max_steps: Option<u64>,
    pub(crate) seats: Vec<Seat>,
    /// What the page calls each agent.
    pub(crate) names: Vec<String>,
    pub(crate) idle: Option<Vec<JsValue>>,
    pub(crate) mode: InputMode,
    pub(crate) on_step: Option<Function>,
    pub(crate) on_transition: Option<Function>,
    pub(crate) load_timeout: f64,
    pub(crate) step_timeout: f64,
    /// Nothing: focus may be lost for ever.
    pub(crate) focus_timeout: Option<f64>,
    pub(crate) episode_pause: f64,
    pub(crate) metrics_capacity: usize,
    pub(crate) record_times: bool,
    pub(crate) record_metrics: bool,
    pub(crate) record_user_agent: bool,
    /// What the page has to say of the session, for the header of its record.
    pub(crate) said: Said,
    pub(crate) start: Start,
    pub(crate) record_hashes: bool,
    pub(crate) user_timing: bool,
    pub(crate) tween: bool,
    pub(crate) verify: bool,
    /// Whether it is a game of a match: then every seat has the keys with which a person here would play it.
    pub(crate) together: bool,
    pub(crate) on_match: Option<Function>,
    /// What is done to a match's packets on purpose.
    pub(crate) network: Option<NetworkSetup>,
    pub(crate) entry: Option<Entry>,
}

impl Config {
    #[inline(never)]
    pub(crate) fn read(options: &JsValue) -> Result<Self, PageError> {
        let mut config = Self::default();
        config.fill(options)?;
        Ok(config)
    }

    /// In its place, field by field: so a refused option has nothing to let go of, where each of them would have all that was read
    /// before it.
    #[inline(never)]
    fn fill(&mut self, options: &JsValue) -> Result<(), PageError> {
        if !options.is_object() {
            return Err(PageError::argument(format!(
                "play: expected an object of options, found {}",
                js::shown(options)
            )));
        }
        js::only_known("play", options, &KNOWN)?;
        self.id = js::get(options, "env").as_string().ok_or_else(|| {
            let found = js::shown(&js::get(options, "env"));
            PageError::argument(format!("env: expected the id of an environment, found {found}"))
        })?;
        self.entry = registry::entry(&self.id);
        let strokes = self.entry.as_ref().is_some_and(Entry::single_keystroke);
        let default_mode = if strokes { InputMode::SingleKeystroke } else { InputMode::PressedKeys };
        let fps = number(options, "fps", FPS, "ticks per second from 0.1 to 240")?;
        self.fps = fps.or(self.entry.as_ref().and_then(Entry::fps)).unwrap_or(30.0);
        self.seed = seed_from(&js::get(options, "seed"))?.unwrap_or_else(fresh_seed);
        (self.episodes, self.max_steps) = (whole(options, "episodes")?, whole(options, "maxSteps")?);
        self.mode = mode(options, default_mode)?;
        self.load_timeout = milliseconds(options, "loadTimeout", 60_000.0)?;
        self.step_timeout = milliseconds(options, "stepTimeout", 2_000.0)?;
        self.focus_timeout = Some(milliseconds(options, "focusTimeout", 60_000.0)?).filter(|ms| ms.is_finite());
        let pause = number(options, "episodePause", 0.0..=60_000.0, "milliseconds from 0 to 60000")?;
        self.episode_pause = pause.unwrap_or(900.0);
        self.metrics_capacity = whole(options, "metricsCapacity")?.unwrap_or(20_000).min(1_000_000) as usize;
        for (field, name, default) in [
            (&mut self.record_times, "recordTimes", true),
            (&mut self.record_metrics, "recordMetrics", false),
            (&mut self.record_user_agent, "recordUserAgent", false),
            (&mut self.record_hashes, "recordHashes", true),
            (&mut self.user_timing, "userTiming", false),
            (&mut self.tween, "tween", true),
            (&mut self.verify, "verify", true),
        ] {
            *field = flag(options, name, default)?;
        }
        self.canvas = canvas_of(options)?;
        self.on_step = function(options, "onStep")?;
        self.on_transition = function(options, "onTransition")?;
        self.kwargs = kwargs_from(&js::get(options, "kwargs"))?;
        self.reset_options = reset_options(&js::get(options, "resetOptions"))?;
        if let Some(option) = js::given(options, "match") {
            self.together = true;
            self.network = match_options::check(options, &option)?;
        }
        self.on_match = function(options, "onMatch")?;
        self.start = start_of(options, self.together)?;
        if SAID.iter().any(|name| js::given(options, name).is_some()) {
            self.said = said_of(options)?;
        }
        (self.names, self.seats) = seats(options, self.entry.as_ref(), self.together)?;
        self.idle = js::given(options, "idle").map(|idle| match idle.dyn_ref::<Array>() {
            Some(list) => list.iter().collect(),
            None => vec![idle],
        });
        Ok(())
    }
}

/// Where it is drawn, if anywhere. `null` is what a page has whose canvas was not found, and would play unseen.
fn canvas_of(options: &JsValue) -> Result<Option<HtmlCanvasElement>, PageError> {
    let canvas = js::get(options, "canvas");
    if canvas.is_undefined() { Ok(None) } else { canvas_from(&canvas).map(Some) }
}

/// What the first step waits for.
fn start_of(options: &JsValue, together: bool) -> Result<Start, PageError> {
    let Some(value) = js::given(options, "startPaused") else { return Ok(Start::AtOnce) };
    let start = match (value.as_bool(), value.as_string().as_deref()) {
        (Some(false), _) => Start::AtOnce,
        (Some(true), _) => Start::Paused,
        (_, Some("key")) => Start::Key,
        _ => {
            let message = format!("startPaused: expected true, false or \"key\", found {}", js::shown(&value));
            return Err(PageError::argument(message));
        }
    };
    if together && start != Start::AtOnce {
        return Err(PageError::argument("startPaused: expected none in a match, which begins for all at once"));
    }
    Ok(start)
}
