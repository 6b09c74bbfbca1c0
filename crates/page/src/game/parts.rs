//! What a game has acquired of the browser: its Worker, its canvas, its timers and listeners. Each gives itself back when it is
//! dropped.
use std::rc::Rc;

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use palaestra_play::game::{Event, Timer};
use palaestra_protocol::{Body, ErrorCode, Failure, Flags, Operation, Reply};

use super::guards::{AfterPaint, AnimationLoop};
use super::keyboard::{Hears, Keyboard};
use crate::channel::{Answer, Link};
use crate::clock::Clock;
use crate::codec::Codec;
use crate::draw::{AtlasLoading, Painter};
use crate::error::PageError;
use crate::spec::SpecJs;

/// Everything that is given back when the session is disposed of.
#[derive(Default)]
pub(super) struct Parts {
    pub(super) link: Option<Link>,
    pub(super) painter: Option<Painter>,
    /// The picture that it draws sprites from, while it is waited for.
    pub(super) atlas: Option<AtlasLoading>,
    pub(super) presence: Option<[EventListener; 3]>,
    timers: [Option<Timeout>; Timer::ALL.len()],
    playing: Option<Playing>,
    /// The spec as the page sees it, and what reads steps by it.
    pub(super) spec_js: SpecJs,
    codec: Option<Rc<Codec>>,
}

/// What runs while the session plays.
struct Playing {
    _animation: AnimationLoop,
    after_paint: Option<AfterPaint>,
    _keyboard: Keyboard,
}

impl Parts {
    /// Sends a request; its outcome is heard.
    pub(super) fn request<H: Hears>(
        &self,
        hears: H,
        (operation, flags): (Operation, Flags),
        payload: &[u8],
        deadline: f64,
    ) {
        let Some(link) = &self.link else { return };
        let done = Box::new(move |answer: Result<Answer<'_>, PageError>| match answer {
            Ok(Answer::Reply(Reply { body: Body::Returns { returns, scene, .. }, .. })) => {
                hears.hear(Event::Began { returns, scene });
            }
            Ok(Answer::Reply(Reply { body: Body::Done, .. })) => hears.hear(Event::Done(operation)),
            Ok(_) => {
                let message = format!("expected a reply to {} of the Worker, found another", operation.name());
                hears.hear(Event::Failed(Failure::new(ErrorCode::BadMessage, message)));
            }
            Err(error) => hears.hear(Event::Failed(error.into())),
        });
        link.request(operation, flags, payload, deadline, done);
    }

    /// Has a timer ring, or not.
    pub(super) fn set_timer<H: Hears>(&mut self, hears: H, timer: Timer, after: Option<f64>) {
        let timeout = after.map(|ms| {
            let ms = ms.ceil().clamp(0.0, f64::from(i32::MAX)) as u32;
            Timeout::new(ms, move || hears.hear(Event::Rang(timer)))
        });
        if let Some(slot) = self.timers.get_mut(timer as usize) {
            *slot = timeout;
        }
    }

    /// Begins to listen, and to draw at every animation frame.
    pub(super) fn start<H: Hears + Clone>(&mut self, hears: &H, frame: impl FnMut() + 'static) {
        let mut frame = frame;
        let painted = hears.clone();
        self.playing = Some(Playing {
            _animation: AnimationLoop::start(move |_| frame()),
            after_paint: AfterPaint::new(move || painted.hear(Event::Painted)),
            _keyboard: Keyboard::listen(hears),
        });
    }

    /// Stops that. The last picture stays on the canvas as it is meant to be, not halfway to it.
    pub(super) fn stop(&mut self) {
        self.playing = None;
        if let Some(painter) = &mut self.painter {
            painter.paint(f64::INFINITY);
        }
    }

    /// Takes a scene in.
    pub(super) fn show(&mut self, scene: &[u8], now: f64, duration: f64, cut: bool) {
        let shown = self.painter.as_mut().map(|painter| painter.show(scene, now, duration, cut));
        if let Some(Err(error)) = shown {
            // The game is whole without its picture; the researcher hears of it where the page's other faults are.
            web_sys::console::error_1(&format!("palaestra: scene of frame: {error}").into());
        }
    }

    /// Paints what is to be seen now; gives from when to when, if there was anything to paint.
    pub(super) fn paint(&mut self, clock: &Clock) -> Option<(f64, f64)> {
        let began = clock.now();
        self.painter.as_mut().is_some_and(|painter| painter.paint(began)).then(|| (began, clock.now()))
    }

    /// Asks to hear when the browser has painted; says whether it can.
    pub(super) fn will_hear_of_paint(&self) -> bool {
        let after = self.playing.as_ref().and_then(|playing| playing.after_paint.as_ref());
        after.map(AfterPaint::request).is_some()
    }

    /// What reads steps for those who hear of each.
    pub(super) fn codec(&mut self) -> Rc<Codec> {
        Rc::clone(self.codec.get_or_insert_with(|| Rc::new(Codec::new(&self.spec_js.object))))
    }

    /// Lets go of everything but what the page may still ask for.
    pub(super) fn release(&mut self) {
        let spec_js = std::mem::take(&mut self.spec_js);
        *self = Self { spec_js, ..Self::default() };
    }
}
