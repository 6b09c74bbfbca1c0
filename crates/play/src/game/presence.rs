//! Whether somebody is there. Knows no clock: times come in.

/// What keeps a game from going on, and for how long its participant has been away.
#[derive(Clone, Copy, Debug)]
pub(super) struct Presence {
    stopped_by_page: bool,
    hidden_since: Option<f64>,
    unfocused_since: Option<f64>,
    /// Whether the participant has seen the game. One who opens it in a background tab is waited for.
    seen: bool,
}

/// A stretch of time that is over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Absence {
    pub(super) since: f64,
    pub(super) ms: f64,
}

impl Presence {
    pub(super) fn new(now: f64, hidden: bool) -> Self {
        Self { stopped_by_page: false, hidden_since: hidden.then_some(now), unfocused_since: None, seen: !hidden }
    }

    /// Whether no tick may come.
    pub(super) fn paused(&self) -> bool {
        self.stopped_by_page || self.hidden_since.is_some()
    }

    /// Whether the tab is hidden.
    pub(super) fn hidden(&self) -> bool {
        self.hidden_since.is_some()
    }

    /// Whether the participant has looked at the game.
    pub(super) fn seen(&self) -> bool {
        self.seen
    }

    /// The page says so. Gives whether that is new.
    pub(super) fn pause(&mut self, paused: bool) -> bool {
        std::mem::replace(&mut self.stopped_by_page, paused) != paused
    }

    /// The tab is hidden. Gives whether that is new.
    pub(super) fn hide(&mut self, now: f64) -> bool {
        let new = self.hidden_since.is_none();
        self.hidden_since.get_or_insert(now);
        new
    }

    /// The tab can be seen. Gives for how long it could not.
    pub(super) fn reveal(&mut self, now: f64) -> Option<Absence> {
        self.seen = true;
        self.hidden_since.take().map(|since| Absence { since, ms: now - since })
    }

    /// The window is without the keyboard. Gives whether that is new.
    pub(super) fn lose_focus(&mut self, now: f64) -> bool {
        let new = self.unfocused_since.is_none();
        self.unfocused_since.get_or_insert(now);
        new
    }

    /// The window has the keyboard. Gives for how long it was without.
    pub(super) fn find_focus(&mut self, now: f64) -> Option<Absence> {
        self.unfocused_since.take().map(|since| Absence { since, ms: now - since })
    }
}
