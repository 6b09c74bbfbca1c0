//! What JavaScript sees of a game.
use std::rc::Rc;

use js_sys::{Float64Array, Function, Promise};
use palaestra_play::game::{Event, Percentiles, Summary};
use palaestra_protocol::{ErrorCode, Failure};
use palaestra_session::{Reason, Registered, State};
use wasm_bindgen::prelude::*;
use web_sys::Worker;

use super::config::Config;
use super::seats::taken;
use super::shell::Shell;
use super::tell::{row_js, stations};
use super::together;
use crate::channel::Link;
use crate::error::PageError;
use crate::js;
use crate::options::seed_js;
use crate::record::RecordHandle;

/// Starts a game. `www/palaestra.js` wraps it as `Game` and documents the options.
///
/// # Errors
/// A `PalaestraError` for options that are none.
#[wasm_bindgen]
pub fn play(options: &JsValue, all: bool) -> Result<GameHandle, JsValue> {
    Ok(GameHandle(Shell::begin(Config::read(options, all)?)?))
}

/// A running game.
#[wasm_bindgen]
pub struct GameHandle(pub(super) Rc<Shell>);

#[wasm_bindgen]
impl GameHandle {
    /// How many steps have been made.
    #[wasm_bindgen(getter, js_name = frameNumber)]
    pub fn frame_number(&self) -> f64 {
        f64::from(self.0.ask(palaestra_play::Game::frame))
    }

    /// The session's state, by name.
    #[wasm_bindgen(getter)]
    pub fn state(&self) -> String {
        self.0.state().as_str().to_owned()
    }

    /// The present episode, from 1 on; 0 before the first.
    #[wasm_bindgen(getter)]
    pub fn episode(&self) -> f64 {
        self.0.ask(|game| game.episode() as f64)
    }

    /// The present episode's return, one per agent.
    #[wasm_bindgen(getter)]
    pub fn score(&self) -> Vec<f64> {
        self.0.ask(|game| if game.started() { game.recorder().score().to_vec() } else { Vec::new() })
    }

    /// The seed, also where it was not given.
    #[wasm_bindgen(getter)]
    pub fn seed(&self) -> JsValue {
        seed_js(self.0.ask(|game| game.options().seed))
    }

    /// Whether no tick comes, because the page said so or because the tab is hidden.
    #[wasm_bindgen(getter)]
    pub fn paused(&self) -> bool {
        self.0.ask(palaestra_play::Game::paused)
    }

    /// The environment's spec, once it is known.
    #[wasm_bindgen(getter)]
    pub fn spec(&self) -> JsValue {
        self.0.spec_js()
    }

    /// How many bytes were recorded, before compression.
    #[wasm_bindgen(getter, js_name = recordedBytes)]
    pub fn recorded_bytes(&self) -> f64 {
        self.0.ask(|game| game.recorder().bytes() as f64)
    }

    /// No tick comes until `resume`.
    ///
    /// # Errors
    /// A `PalaestraError` for a game of a match, which nobody stops for the others.
    pub fn pause(&self) -> Result<(), JsValue> {
        self.stand_still(true)
    }

    /// Goes on after `pause`.
    ///
    /// # Errors
    /// As `pause`.
    pub fn resume(&self) -> Result<(), JsValue> {
        self.stand_still(false)
    }

    fn stand_still(&self, paused: bool) -> Result<(), JsValue> {
        if self.0.config.together {
            let message = "expected a game that is played alone, found one of a match: others play on";
            return Err(PageError::new(ErrorCode::OutOfOrder, message).into());
        }
        self.0.handle(Event::Pause(paused));
        Ok(())
    }

    /// An agent's action at the next tick, whatever keys say.
    ///
    /// # Errors
    /// A `PalaestraError` for an agent that is no person's at this browser, for an action that is none of its, and while nothing is played.
    pub fn act(&self, agent: &str, action: &JsValue) -> Result<(), JsValue> {
        let number = self.0.ask(|game| game.can_act(agent)).map_err(PageError::from)?;
        // Read while nothing is borrowed: the page's own object may call the game.
        let spec = self.0.ask(|game| game.spec().cloned());
        let bytes = spec.map(|spec| taken(&spec, usize::from(number), action));
        let refused = |message| PageError::new(ErrorCode::BadAction, format!("act: action of {agent}: {message}"));
        let bytes = bytes.unwrap_or_else(|| Err(String::new())).map_err(refused)?;
        self.0.handle(Event::Act { agent: number, action: &bytes, at: self.0.now() });
        Ok(())
    }

    /// As if a key of the game went down.
    ///
    /// # Errors
    /// A `PalaestraError` for a code that the game has no use for, and while nothing is played.
    pub fn press(&self, code: &str) -> Result<(), JsValue> {
        self.check_key("press", code)?;
        self.0.handle(Event::KeyDown { code, at: self.0.now() });
        Ok(())
    }

    /// As if it came up.
    ///
    /// # Errors
    /// As `press`.
    pub fn release(&self, code: &str) -> Result<(), JsValue> {
        self.check_key("release", code)?;
        self.0.handle(Event::KeyUp { code, at: self.0.now() });
        Ok(())
    }

    fn check_key(&self, call: &str, code: &str) -> Result<(), PageError> {
        let state = self.0.state();
        if state != State::Playing {
            let message = format!("{call}: expected a game that is played, found one that is {}", state.as_str());
            return Err(PageError::new(ErrorCode::OutOfOrder, message));
        }
        if self.0.ask(|game| game.knows_key(code)) {
            return Ok(());
        }
        let codes = self.0.ask(|game| game.codes().to_vec());
        let (known, meant) = (codes.join(", "), js::meant(code, codes));
        Err(PageError::argument(format!("{call}: expected a key of the game among {known}; found `{code}`{meant}")))
    }

    /// What was played so far, as a record that says that it is unfinished. The game goes on as if nobody had asked. In a part of its own
    /// of the module, with what makes a record's file.
    ///
    /// # Errors
    /// A `PalaestraError` before the first episode has begun.
    pub fn snapshot(&self) -> Result<RecordHandle, JsValue> {
        if !self.0.ask(palaestra_play::Game::started) {
            let message = "snapshot: expected a game whose first episode has begun, found one before that";
            return Err(PageError::new(ErrorCode::OutOfOrder, message).into());
        }
        Ok(if self.0.state() == State::Disposed { self.0.record() } else { self.0.snapshot() })
    }

    /// The client of the server says something: see `from_client`.
    pub fn together(&self, event: &JsValue) {
        let about = js::get(event, "about");
        if !about.is_undefined() {
            self.0.about_match.replace([js::get(&about, "shared"), js::get(&about, "own")]);
        }
        // The end tells the client, which reads the models: they are let go of before.
        let taken = together::take_models(&mut self.0.models.borrow_mut(), event);
        if let Err(error) = taken {
            return self.0.handle(Event::Failed(error.into()));
        }
        if let Some(message) = together::from_client(event, self.0.config.network) {
            self.0.handle(Event::Match(message));
        }
    }

    /// Ends the session of a match for which nothing could be loaded.
    #[wasm_bindgen(js_name = noMatch)]
    pub fn no_match(&self, message: &str) {
        let failure = Failure::new(ErrorCode::MatchFailed, format!("{}: {message}", ErrorCode::LoadFailed.name()));
        self.0.handle(Event::Failed(failure));
    }

    /// Has the client of the server hear of the match.
    #[wasm_bindgen(js_name = onTogether)]
    pub fn on_together(&self, hears: Function) {
        self.0.on_match.replace(Some(hears));
    }

    /// The game's Worker, while there is one: the client gives it connections to other browsers.
    #[wasm_bindgen(getter)]
    pub fn worker(&self) -> Option<Worker> {
        self.0.parts.borrow().link.as_ref().and_then(Link::worker)
    }

    /// Settles when the session is disposed of: with its record, or with the error that kept it from starting.
    #[wasm_bindgen(getter)]
    pub fn finished(&self) -> Promise {
        self.0.finished()
    }

    /// Ends the session for a reason, from any state and any number of times; gives `finished`.
    ///
    /// # Errors
    /// A `PalaestraError` for a reason that is none; nothing has happened then.
    pub fn dispose(&self, reason: Option<String>) -> Result<Promise, JsValue> {
        let reason = match reason {
            None => Reason::Closed,
            Some(name) => Reason::ALL.into_iter().find(|reason| reason.as_str() == name).ok_or_else(|| {
                let known = Reason::ALL.map(Reason::as_str).join(", ");
                PageError::argument(format!("expected a reason ({known}), got {}", js::shown(&name.into())))
            })?,
        };
        self.0.handle(Event::Dispose(reason));
        Ok(self.finished())
    }

    /// The latest step's stamps, by station.
    #[wasm_bindgen(js_name = lastRow)]
    pub fn last_row(&self) -> JsValue {
        self.0.ask(|game| row_js(&game.metrics().last(), stations(game)))
    }

    /// When the latest input's key went down, and when a tick took it.
    #[wasm_bindgen(js_name = lastInput)]
    pub fn last_input(&self) -> Vec<f64> {
        self.0.ask(palaestra_play::Game::last_input).to_vec()
    }

    /// The last steps, or every step kept: a Float64Array per station, and the frame of the first.
    pub fn columns(&self, last: Option<u32>) -> JsValue {
        self.0.ask(|game| {
            let first = game.metrics().from(last.map(|last| last as usize));
            let columns = js::object(&[("firstFrame", (first as f64).into())]);
            for (station, name) in stations(game).iter().enumerate() {
                let column: Vec<f64> = game.metrics().column(station, first).collect();
                js::set(&columns, name, &Float64Array::from(&column[..]));
            }
            columns
        })
    }

    /// Percentiles of every span, over the last steps or over every step kept.
    pub fn summary(&self, last: Option<u32>) -> JsValue {
        let last = last.map(|last| last as usize);
        summary_js(&self.0.ask(|game| game.metrics().summary(game.metrics().from(last))))
    }

    /// How many steps there have been rows of.
    #[wasm_bindgen(js_name = rowCount)]
    pub fn row_count(&self) -> f64 {
        self.0.ask(|game| game.metrics().count() as f64)
    }
}

/// How many sessions the page's registry holds: none once all are disposed of.
#[wasm_bindgen(js_name = liveSessions)]
pub fn live_sessions() -> usize {
    super::shell::live_sessions()
}

fn summary_js(summary: &Summary) -> JsValue {
    let span = |span: &Percentiles| {
        js::object(&[
            ("count", (span.count as f64).into()),
            ("p50", span.p50.into()),
            ("p95", span.p95.into()),
            ("p99", span.p99.into()),
            ("max", span.max.into()),
        ])
    };
    js::object(&[
        ("count", (summary.count as f64).into()),
        ("queue", span(&summary.queue)),
        ("wait", span(&summary.wait)),
        ("crossing", span(&summary.crossing)),
        ("step", span(&summary.step)),
        ("roundTrip", span(&summary.round_trip)),
        ("render", span(&summary.render)),
        ("total", span(&summary.total)),
        ("animationFrames", (summary.animation_frames as f64).into()),
        ("droppedFrames", (summary.dropped_frames as f64).into()),
    ])
}
