//! `watch`: an environment in a Worker follows a match that others play, and is drawn as it is. What is said to the server, and what
//! the page is told, is JavaScript (`watch/`), in a file that only pages load which watch.
use std::cell::RefCell;
use std::rc::{Rc, Weak};

use js_sys::{Array, Float64Array, Function, Promise};
use palaestra_env::Spec;
use palaestra_protocol::together::{Event, Told};
use palaestra_protocol::{Flags, Operation, Stepped};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::HtmlCanvasElement;

use crate::channel::{Answer, Link};
use crate::clock::Clock;
use crate::codec::Codec;
use crate::draw::{AtlasLoading, Painter, canvas_from, painter_for};
use crate::error::PageError;
use crate::game::AnimationLoop;
use crate::js;
use crate::options::{flag, kwargs_from, milliseconds, reset_options};
use crate::spec::SpecJs;

/// How long the Worker may take to answer, and to say goodbye.
const ANSWER_MS: f64 = 5_000.0;
const GRACE_MS: u32 = 100;

/// An environment that follows a match. `www/palaestra.js` has it made, `watch/` drives it.
#[wasm_bindgen]
pub struct SpectatorHandle(Rc<Inner>);

struct Inner {
    canvas: Option<HtmlCanvasElement>,
    /// Milliseconds in which things move to where a step put them.
    duration: f64,
    /// Whether the page wants to hear of every step.
    steps: bool,
    clock: Clock,
    /// Nobody once it is closed.
    hears: RefCell<Option<Function>>,
    link: RefCell<Option<Link>>,
    atlas: RefCell<Option<AtlasLoading>>,
    painter: RefCell<Option<Painter>>,
    codec: RefCell<Option<Rc<Codec>>>,
    animation: RefCell<Option<AnimationLoop>>,
}

/// Makes an environment that is to follow a match. `options` has `canvas`, `kwargs`, `loadTimeout`, `duration` and `steps`; `hears` is
/// told `[name, numbers, text, value]`, as `watch/heard.js` reads it.
///
/// # Errors
/// A `PalaestraError` for options that are none.
#[wasm_bindgen(js_name = openSpectator)]
pub fn open_spectator(id: &str, options: &JsValue, hears: Function) -> Result<SpectatorHandle, JsValue> {
    let kwargs = kwargs_from(&js::get(options, "kwargs"))?;
    let inner = Rc::new(Inner {
        canvas: js::given(options, "canvas").map(|canvas| canvas_from(&canvas)).transpose()?,
        duration: js::get(options, "duration").as_f64().unwrap_or_default(),
        steps: flag(options, "steps", false)?,
        clock: Clock::new(),
        hears: RefCell::new(Some(hears)),
        link: RefCell::default(),
        atlas: RefCell::default(),
        painter: RefCell::default(),
        codec: RefCell::default(),
        animation: RefCell::default(),
    });
    let weak = Rc::downgrade(&inner);
    let made = Box::new(move |answer: Result<Answer<'_>, PageError>| {
        let Some(own) = weak.upgrade() else { return };
        match answer {
            Ok(Answer::Made(spec, spec_js)) => spawn_local(async move { own.made(*spec, spec_js).await }),
            Ok(_) => {}
            Err(error) => own.fail(error),
        }
    });
    let link = Link::open(id, &kwargs, false, milliseconds(options, "loadTimeout", 60_000.0)?, made);
    let weak = Rc::downgrade(&inner);
    link.on_event(move |event| weak.upgrade().iter().for_each(|own| own.event(event)));
    let weak = Rc::downgrade(&inner);
    link.on_failure(move |error| weak.upgrade().iter().for_each(|own| own.fail(error.clone())));
    inner.link.replace(Some(link));
    Ok(SpectatorHandle(inner))
}

#[wasm_bindgen]
impl SpectatorHandle {
    /// Follows a match: `head` is a `Watch` of `palaestra_protocol` without its options.
    ///
    /// # Errors
    /// A `PalaestraError` for reset options that are none.
    pub fn watch(&self, head: &[u8], options: &JsValue) -> Result<(), JsValue> {
        let payload = [head, &reset_options(options)?].concat();
        let weak: Weak<Inner> = Rc::downgrade(&self.0);
        let done = Box::new(move |answer: Result<Answer<'_>, PageError>| {
            if let (Err(error), Some(own)) = (answer, weak.upgrade()) {
                own.fail(error);
            }
        });
        if let Some(link) = &*self.0.link.borrow() {
            link.request(Operation::Watch, Flags::default(), &payload, ANSWER_MS, done);
        }
        Ok(())
    }

    /// Ends the Worker; the last picture stays. A promise of the report; nothing is heard any more.
    pub fn close(&self) -> Promise {
        self.0.hears.take();
        self.0.atlas.take();
        self.0.animation.take();
        if let Some(mut painter) = self.0.painter.take() {
            painter.paint(f64::INFINITY);
        }
        let link = self.0.link.borrow().clone();
        link.map_or_else(|| Promise::resolve(&JsValue::UNDEFINED), |link| link.close(GRACE_MS))
    }
}

impl Inner {
    async fn made(self: Rc<Self>, spec: Spec, spec_js: SpecJs) {
        if let Some(canvas) = &self.canvas {
            match painter_for(canvas, &spec, |atlas| self.atlas.replace(atlas)).await {
                Ok(painter) => drop(self.painter.replace(Some(painter))),
                Err(error) => return self.fail(error),
            }
            if self.hears.borrow().is_none() {
                return;
            }
            let weak = Rc::downgrade(&self);
            let paint = move |_| weak.upgrade().iter().for_each(|own| own.paint());
            self.animation.replace(Some(AnimationLoop::start(paint)));
        }
        self.codec.replace(Some(Rc::new(Codec::new(&spec_js.object))));
        self.tell("made", &[], "", &spec_js.object);
    }

    fn paint(&self) {
        if let Some(painter) = &mut *self.painter.borrow_mut() {
            painter.paint(self.clock.now());
        }
    }

    fn event(&self, event: Event<'_>) {
        match event {
            Event::Shown(shown) => self.show(shown.scene, true),
            Event::Began(began) => {
                self.show(began.scene, true);
                self.tell("began", &[began.episode.into(), began.frame.into()], "", &JsValue::UNDEFINED);
            }
            Event::Stepped(step) => self.stepped(&step),
            Event::Told(told) => self.told(&told),
            Event::Vitals(_) => {}
        }
    }

    fn stepped(&self, step: &Stepped<'_>) {
        self.show(step.scene, false);
        let codec = self.codec.borrow().clone().filter(|_| self.steps);
        let row = codec.map_or(Ok(JsValue::UNDEFINED), |codec| codec.played(step.returns, step.actions, &[]));
        match row {
            Ok(row) => {
                let hash = step.hash.map(|hash| format!("{hash:016x}")).unwrap_or_default();
                self.tell("step", &[step.frame.into(), (!step.scene.is_empty()).into()], &hash, &row);
            }
            Err(error) => self.fail(crate::codec::thrown(error)),
        }
    }

    fn show(&self, scene: &[u8], cut: bool) {
        if let Some(painter) = self.painter.borrow_mut().as_mut().filter(|_| !scene.is_empty()) {
            // A broken scene leaves the last one.
            let _ = painter.show(scene, self.clock.now(), self.duration, cut);
        }
    }

    fn told(&self, told: &Told<'_>) {
        let (name, numbers, text): (_, [f64; 2], _) = match *told {
            Told::SocketOpen { frames, connected, .. } => ("open", [frames.into(), connected.into()], ""),
            Told::SocketLost { code, retry_ms, text } => ("lost", [code.into(), retry_ms.into()], text),
            Told::SocketRefused { code, text } => ("closed", [code.into(), 0.0], text),
            Told::Joined { episode, frame } => ("joined", [episode.into(), frame.into()], ""),
            Told::Differs { frame, .. } => ("differs", [frame.into(), 0.0], ""),
            _ => return,
        };
        self.tell(name, &numbers, text, &JsValue::UNDEFINED);
    }

    fn fail(&self, error: PageError) {
        self.tell("failed", &[], "", &error.into());
    }

    fn tell(&self, name: &str, numbers: &[f64], text: &str, value: &JsValue) {
        let hears = self.hears.borrow().clone();
        let message: [JsValue; 4] = [name.into(), Float64Array::from(numbers).into(), text.into(), value.clone()];
        // What it throws is the page's own business.
        hears.iter().for_each(|hears| drop(hears.call1(&JsValue::UNDEFINED, &Array::from_iter(message.iter()))));
    }
}

impl Drop for Inner {
    /// A page that forgot it: a Worker nobody can reach must not live on.
    fn drop(&mut self) {
        self.link.take().iter().for_each(|link| drop(link.close(GRACE_MS)));
    }
}
