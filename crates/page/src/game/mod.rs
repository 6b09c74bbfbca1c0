//! `play`: one session of one game, from its first state to its last.
//!
//! | file | what it holds |
//! |---|---|
//! | `config.rs` | what was asked for |
//! | `seats.rs`, `input.rs`, `keyboard.rs` | from keys to the joint action |
//! | `ticker.rs` | when a tick is due |
//! | `lead.rs` | how long before that its step is sent |
//! | `step.rs` | one step after another: plan, request, amendments, reply |
//! | `run.rs` | what changes meanwhile, pictures, episodes |
//! | `presence.rs` | pauses, hidden tabs, lost focus |
//! | `metrics.rs` | when each step passed each station |
//! | `life.rs` | the session's transitions and what hangs on them |
//! | `record.rs` | what is handed over at the end |
//! | `handle.rs` | what JavaScript sees |
mod config;
mod guards;
mod handle;
mod input;
mod keyboard;
mod lead;
mod life;
mod metrics;
mod presence;
mod record;
mod run;
mod seats;
mod step;
mod ticker;

use std::cell::{Cell, OnceCell, RefCell};
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use js_sys::{Function, Promise};
use palaestra_env::Spec;
use palaestra_session::{SessionId, State};
use wasm_bindgen::JsValue;

use crate::channel::Link;
use crate::clock::Clock;
use crate::codec::Codec;
use crate::draw::Painter;
use crate::error::PageError;
use config::Config;
pub(crate) use config::flag;
pub(crate) use guards::{AfterPaint, Alarm, AnimationLoop};
use keyboard::Keyboard;
use run::Run;

pub use handle::{GameHandle, live_sessions, play};

/// A game. The browser's callbacks refer to it weakly; a list in `life.rs` keeps it until it is disposed of.
pub(crate) struct Game {
    config: Config,
    clock: Clock,
    session: SessionId,
    state: Cell<State>,
    /// Whether the first frame has run: from then on there is something to hand over.
    started: Cell<bool>,
    error: RefCell<Option<PageError>>,
    link: RefCell<Option<Link>>,
    spec: RefCell<Option<Rc<Spec>>>,
    /// For those who hear of every step.
    codec: OnceCell<Codec>,
    /// The spec as the page sees it.
    shown: RefCell<JsValue>,
    painter: RefCell<Option<Painter>>,
    run: RefCell<Run>,
    guards: RefCell<Option<Guards>>,
    timer: RefCell<Option<Timeout>>,
    settle: RefCell<Option<(Function, Function)>>,
    finished: Promise,
}

impl Game {
    fn recorded_bytes(&self) -> f64 {
        self.run.borrow().recorder.bytes()
    }
}

/// What runs while the session plays, given back when it stops.
struct Guards {
    _animation: AnimationLoop,
    after_paint: Option<AfterPaint>,
    alarm: Alarm,
    _keyboard: Keyboard,
}
