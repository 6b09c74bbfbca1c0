//! Whether somebody is there: pauses, a hidden tab, a lost keyboard.
use std::rc::Rc;

use palaestra_session::Reason;

use super::Game;
use super::run::Run;
use super::seats::Seats;

/// Why no tick comes.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Paused {
    pub(super) by_page: bool,
    /// Since when the tab is hidden.
    pub(super) hidden_since: Option<f64>,
    /// Since when the window has not had the keyboard.
    pub(super) unfocused_since: Option<f64>,
}

impl Paused {
    fn any(self) -> bool {
        self.by_page || self.hidden_since.is_some()
    }
}

impl Run {
    /// Starts or stops the ticks after the reasons to pause have changed.
    pub(super) fn repause(&mut self, now: f64) {
        self.metrics.interrupted();
        if self.paused.any() {
            self.ticker.stop();
        } else {
            self.ticker.start(now);
        }
    }
}

impl Game {
    /// The keyboard is gone: its keys are up, and the limit for being away runs.
    pub(super) fn focus_lost(self: &Rc<Self>) {
        let now = self.clock.now();
        {
            let mut run = self.run.borrow_mut();
            run.seats.iter_mut().for_each(Seats::clear);
            if run.paused.unfocused_since.is_some() {
                return;
            }
            run.paused.unfocused_since = Some(now);
        }
        self.start_focus_timer();
    }

    /// The keyboard is back, unless it was away for too long: timers of a hidden page may come late.
    pub(super) fn focus_found(self: &Rc<Self>) {
        let now = self.clock.now();
        let since = self.run.borrow_mut().paused.unfocused_since.take();
        self.stop_focus_timer();
        if let Some(since) = since {
            self.note(&[("at", since.into()), ("event", "focus_lost".into()), ("ms", (now - since).into())]);
            if self.config.focus_timeout.is_some_and(|limit| now - since >= limit) {
                self.end(Reason::FocusLost, None);
            }
        }
    }

    /// A hidden tab pauses the game; how long it was hidden goes into the record.
    pub(super) fn visibility_changed(self: &Rc<Self>) {
        let now = self.clock.now();
        let hidden = web_sys::window().and_then(|window| window.document()).is_some_and(|document| document.hidden());
        let since = {
            let mut run = self.run.borrow_mut();
            let since = run.paused.hidden_since;
            run.paused.hidden_since = hidden.then(|| since.unwrap_or(now));
            run.repause(now);
            since
        };
        match (hidden, since) {
            (true, None) => self.focus_lost(),
            (false, Some(since)) => {
                self.note(&[("at", since.into()), ("event", "hidden".into()), ("ms", (now - since).into())]);
                self.focus_found();
            }
            _ => {}
        }
    }

    /// Pauses or goes on because the page says so.
    pub(super) fn pause(&self, paused: bool) {
        let now = self.clock.now();
        {
            let mut run = self.run.borrow_mut();
            if run.paused.by_page == paused {
                return;
            }
            run.paused.by_page = paused;
            run.repause(now);
        }
        let event = if paused { "paused" } else { "resumed" };
        self.note(&[("at", now.into()), ("event", event.into())]);
    }
}
