//! What `play` was asked for, read from a JavaScript object with typed errors.
use js_sys::{Array, Function, Object, Reflect};
use palaestra_play::simulation::FPS;
use palaestra_protocol::InputMode;
use palaestra_protocol::together::NetworkSetup;
use wasm_bindgen::prelude::*;
use web_sys::HtmlCanvasElement;

use super::match_options;
use super::policy::{by_policy, expert_from};
use super::seat::{Keys, Seat};
use crate::draw::canvas_from;
use crate::error::PageError;
use crate::js;
use crate::options::{flag, function, kwargs_from, milliseconds, mode, number, reset_options, seed_from, whole};
use crate::registry::{self, Entry};

const KNOWN: [&str; 26] = [
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
];

/// What `play` was asked for. What depends on the environment's spaces stays as it came until they are known.
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
    pub(crate) record_metrics: bool,
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
    pub(crate) fn read(options: &JsValue) -> Result<Self, PageError> {
        if !options.is_object() {
            return Err(PageError::argument(format!(
                "play: expected an object of options, found {}",
                js::shown(options)
            )));
        }
        js::only_known("play", options, &KNOWN)?;
        let id = js::get(options, "env").as_string().ok_or_else(|| {
            let found = js::shown(&js::get(options, "env"));
            PageError::argument(format!("env: expected the id of an environment, found {found}"))
        })?;
        let found = registry::entry(&id);
        let entry = found.as_ref();
        let strokes = entry.is_some_and(Entry::single_keystroke);
        let default_mode = if strokes { InputMode::SingleKeystroke } else { InputMode::PressedKeys };
        // What needs no letting go of comes first: with every value that does, each later error has one more to drop.
        let fps = number(options, "fps", FPS, "ticks per second from 0.1 to 240")?;
        let seed = seed_from(&js::get(options, "seed"))?;
        let (episodes, max_steps) = (whole(options, "episodes")?, whole(options, "maxSteps")?);
        let mode = mode(options, default_mode)?;
        let [load_timeout, step_timeout, focus_timeout] =
            [("loadTimeout", 60_000.0), ("stepTimeout", 2_000.0), ("focusTimeout", 60_000.0)]
                .map(|(name, default)| milliseconds(options, name, default));
        let (load_timeout, step_timeout, focus_timeout) = (load_timeout?, step_timeout?, focus_timeout?);
        let episode_pause = number(options, "episodePause", 0.0..=60_000.0, "milliseconds from 0 to 60000")?;
        let metrics_capacity = whole(options, "metricsCapacity")?;
        let mut flags = [
            ("recordMetrics", false),
            ("recordHashes", true),
            ("userTiming", false),
            ("tween", true),
            ("verify", true),
        ];
        for (name, value) in &mut flags {
            *value = flag(options, name, *value)?;
        }
        let [record_metrics, record_hashes, user_timing, tween, verify] = flags.map(|(_, value)| value);
        let canvas = js::given(options, "canvas").map(|canvas| canvas_from(&canvas)).transpose()?;
        let (on_step, on_transition) = (function(options, "onStep")?, function(options, "onTransition")?);
        let kwargs = kwargs_from(&js::get(options, "kwargs"))?;
        let reset_options = reset_options(&js::get(options, "resetOptions"))?;
        let (together, network) = match_options::check(options)?;
        let on_match = function(options, "onMatch")?;
        let seats = seats(options, entry, together)?;
        Ok(Self {
            kwargs,
            canvas,
            fps: fps.or(entry.and_then(Entry::fps)).unwrap_or(30.0),
            seed: seed.unwrap_or_else(fresh_seed),
            reset_options,
            episodes,
            max_steps,
            seats,
            idle: js::given(options, "idle").map(|idle| match idle.dyn_ref::<Array>() {
                Some(list) => list.iter().collect(),
                None => vec![idle],
            }),
            mode,
            on_step,
            on_transition,
            load_timeout,
            step_timeout,
            focus_timeout: Some(focus_timeout).filter(|ms| ms.is_finite()),
            episode_pause: episode_pause.unwrap_or(900.0),
            metrics_capacity: metrics_capacity.unwrap_or(20_000).min(1_000_000) as usize,
            record_metrics,
            record_hashes,
            user_timing,
            tween,
            verify,
            together,
            on_match,
            network,
            id,
            entry: found,
        })
    }
}

/// A seed for a game that was given none; it stands in the record like any other.
fn fresh_seed() -> u64 {
    (js_sys::Math::random() * f64::from(u32::MAX)) as u64
}

fn seats(options: &JsValue, entry: Option<&Entry>, together: bool) -> Result<Vec<Seat>, PageError> {
    let agents = entry.map_or(1, |entry| entry.agents(&js::get(options, "kwargs")));
    let own = js::given(options, "keys").map(|keys| bindings(&keys, "keys")).transpose()?;
    let by_seat = entry.is_some_and(Entry::keys_go_with_seats);
    let keys_of = |person: usize, agent: usize| match &own {
        Some(own) if person == 0 => Keys::own(own.clone()),
        _ => {
            let set = if by_seat { agent } else { person };
            Keys { bindings: entry.map(|entry| entry.keys(set)).unwrap_or_default(), own: false }
        }
    };
    if together {
        return Ok((0..agents).map(|agent| Seat::Person(keys_of(0, agent))).collect());
    }
    let chosen = js::given(options, "seats");
    if let Some(chosen) = &chosen {
        let names = (0..agents).map(|agent| format!("agent_{agent}")).collect::<Vec<_>>();
        let stranger = Object::keys(chosen.unchecked_ref::<Object>())
            .iter()
            .filter_map(|name| name.as_string())
            .find(|name| !names.contains(name));
        if let Some(stranger) = stranger {
            let known = names.join(", ");
            return Err(PageError::argument(format!("seats: expected an agent among {known}; found `{stranger}`")));
        }
    }
    // People sit down in agent order: the first has the first set of keys, whoever's seat it is, unless keys go with seats.
    let mut people = 0;
    (0..agents)
        .map(|agent| {
            let name = format!("agent_{agent}");
            let seat = chosen.as_ref().and_then(|seats| js::given(seats, &name));
            let person = |people: &mut usize| {
                *people += 1;
                Seat::Person(keys_of(*people - 1, agent))
            };
            Ok(match seat {
                None if agent == 0 => person(&mut people),
                None => Seat::Random,
                Some(seat) => match seat.as_string().as_deref() {
                    Some("human") => person(&mut people),
                    Some("random") => Seat::Random,
                    Some("idle") => Seat::Idle,
                    Some("expert") => Seat::Expert(expert_from(None, agent, entry)?),
                    Some(_) => {
                        let found = js::shown(&seat);
                        return Err(PageError::argument(format!(
                            "seats.{name}: expected \"human\", \"random\", \"idle\", \"expert\", {{expert}}, {{keys}}, {{onnx}} or {{action}}, found {found}"
                        )));
                    }
                    None => match (js::given(&seat, "keys"), js::given(&seat, "action")) {
                        (Some(keys), _) => {
                            people += 1;
                            Seat::Person(Keys::own(bindings(&keys, "keys")?))
                        }
                        (None, Some(action)) => Seat::Fixed(action),
                        // Python's None is an action too, where an environment has one.
                        (None, None) if Reflect::has(&seat, &"action".into()).unwrap_or(false) => {
                            Seat::Fixed(JsValue::NULL)
                        }
                        (None, None) => {
                            let chosen = by_policy(&seat, agent, entry, &js::get(options, "kwargs"))?;
                            chosen.unwrap_or(Seat::Fixed(seat))
                        }
                    },
                },
            })
        })
        .collect()
}

fn bindings(keys: &JsValue, name: &str) -> Result<Vec<(String, JsValue)>, PageError> {
    if !keys.is_object() {
        let found = js::shown(keys);
        return Err(PageError::argument(format!("{name}: expected an object of key codes and actions, found {found}")));
    }
    let pairs = Object::entries(keys.unchecked_ref::<Object>());
    Ok(pairs
        .iter()
        .map(|pair| Array::from(&pair))
        .filter_map(|pair| Some((pair.get(0).as_string()?, pair.get(1))))
        .collect())
}
