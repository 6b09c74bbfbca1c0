//! What `play` was asked for, read from a JavaScript object with typed errors.
use js_sys::{Array, Function};
use palaestra_play::game::Start;
use palaestra_play::simulation::FPS;
use palaestra_protocol::InputMode;
use palaestra_protocol::together::NetworkSetup;
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

use super::said::said_of;
use super::seat::Seat;
use super::seating::{seats, usual_seats};
use super::{given, match_options};
use crate::draw::canvas_from;
use crate::error::PageError;
use crate::js;
use crate::options::{
    Said, flag, fresh_seed, function, kwargs_from, milliseconds, mode, number, reset_options, seed_from, whole,
};
use crate::registry::{self, Entry};

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
    /// What is done to a match's packets on purpose.
    pub(crate) network: Option<NetworkSetup>,
    pub(crate) entry: Option<Entry>,
}

impl Config {
    /// `all`: whether something is asked for beside what every game may be (`partsOf` of `game-to-come.js`). The part `options` of this
    /// module reads that.
    #[inline(never)]
    pub(crate) fn read(options: &JsValue, all: bool) -> Result<Self, PageError> {
        let mut config = Self::default();
        config.fill(options, all)?;
        Ok(config)
    }

    /// In its place, field by field: so a refused option has nothing to let go of, where each of them would have all that was read
    /// before it.
    #[inline(never)]
    fn fill(&mut self, options: &JsValue, all: bool) -> Result<(), PageError> {
        if !options.is_object() {
            return Err(PageError::argument(format!(
                "play: expected an object of options, found {}",
                js::shown(options)
            )));
        }
        if all {
            given::known(options)?;
        }
        self.id = js::get(options, "env").as_string().ok_or_else(|| {
            let found = js::shown(&js::get(options, "env"));
            PageError::argument(format!("env: expected the id of an environment, found {found}"))
        })?;
        self.entry = registry::entry(&self.id);
        let strokes = self.entry.as_ref().is_some_and(Entry::single_keystroke);
        self.mode = if strokes { InputMode::SingleKeystroke } else { InputMode::PressedKeys };
        let fps = number(options, "fps", FPS, "ticks per second from 0.1 to 240")?;
        self.fps = fps.or(self.entry.as_ref().and_then(Entry::fps)).unwrap_or(30.0);
        self.seed = seed_from(&js::get(options, "seed"))?.unwrap_or_else(fresh_seed);
        (self.episodes, self.max_steps) = (whole(options, "episodes")?, whole(options, "maxSteps")?);
        (self.load_timeout, self.step_timeout, self.focus_timeout) = (60_000.0, 2_000.0, Some(60_000.0));
        (self.episode_pause, self.metrics_capacity) = (900.0, 20_000);
        (self.record_times, self.record_hashes, self.tween) = (true, true, true);
        self.verify = flag(options, "verify", true)?;
        self.canvas = canvas_of(options)?;
        self.on_step = function(options, "onStep")?;
        self.on_transition = function(options, "onTransition")?;
        if all {
            return self.fill_rest(options);
        }
        (self.names, self.seats) = usual_seats(self.entry.as_ref())?;
        Ok(())
    }

    /// What only some games are asked for.
    #[inline(never)]
    fn fill_rest(&mut self, options: &JsValue) -> Result<(), PageError> {
        self.mode = mode(options, self.mode)?;
        self.load_timeout = milliseconds(options, "loadTimeout", self.load_timeout)?;
        self.step_timeout = milliseconds(options, "stepTimeout", self.step_timeout)?;
        self.focus_timeout = Some(milliseconds(options, "focusTimeout", 60_000.0)?).filter(|ms| ms.is_finite());
        let pause = number(options, "episodePause", 0.0..=60_000.0, "milliseconds from 0 to 60000")?;
        self.episode_pause = pause.unwrap_or(self.episode_pause);
        let capacity = whole(options, "metricsCapacity")?.map(|capacity| capacity.min(1_000_000) as usize);
        self.metrics_capacity = capacity.unwrap_or(self.metrics_capacity);
        for (field, name) in [
            (&mut self.record_times, "recordTimes"),
            (&mut self.record_metrics, "recordMetrics"),
            (&mut self.record_user_agent, "recordUserAgent"),
            (&mut self.record_hashes, "recordHashes"),
            (&mut self.user_timing, "userTiming"),
            (&mut self.tween, "tween"),
        ] {
            *field = flag(options, name, *field)?;
        }
        self.kwargs = kwargs_from(&js::get(options, "kwargs"))?;
        self.reset_options = reset_options(&js::get(options, "resetOptions"))?;
        if let Some(option) = js::given(options, "match") {
            self.together = true;
            self.network = match_options::check(options, &option)?;
        }
        // The script that asks for the match calls it.
        function(options, "onMatch")?;
        self.start = given::start(options, self.together)?;
        self.said = said_of(options)?;
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
