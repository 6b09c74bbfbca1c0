//! Whether somebody is there. Knows no clock: times come in.
use super::options::Start;
use super::output::{Output, Timer};

/// What keeps a game from going on, and for how long its participant has been away: while the tab is hidden or the window is
/// without the keyboard. A participant who has not seen the game yet, as in a tab opened in the background, is waited for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Presence {
    stopped_by_page: bool,
    /// It has not begun, and a key lets it.
    waits_for_key: bool,
    hidden_since: Option<f64>,
    unfocused: bool,
    away_since: Option<f64>,
    /// Whether the participant has looked at the game.
    seen: bool,
    /// Milliseconds for which the participant may be away; nothing: for ever.
    limit: Option<f64>,
}

/// A stretch of time that is over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Absence {
    pub(super) since: f64,
    pub(super) ms: f64,
}

impl Absence {
    fn until(now: f64, since: f64) -> Self {
        Self { since, ms: now - since }
    }
}

impl Presence {
    pub(super) fn new(now: f64, hidden: bool, limit: Option<f64>, start: Start) -> Self {
        Self {
            stopped_by_page: start != Start::AtOnce,
            waits_for_key: start == Start::Key,
            hidden_since: hidden.then_some(now),
            unfocused: false,
            away_since: None,
            seen: !hidden,
            limit,
        }
    }

    /// Whether no tick may come.
    pub(super) fn paused(&self) -> bool {
        self.stopped_by_page || self.hidden_since.is_some()
    }

    /// Whether the participant is away, as far as was looked.
    pub(super) fn away(&self) -> bool {
        self.away_since.is_some()
    }

    /// Whether the page wants it to stand still.
    pub(super) fn stands_still(&self) -> bool {
        self.stopped_by_page
    }

    /// Whether it has not begun, and a key lets it.
    pub(super) fn waits_for_key(&self) -> bool {
        self.waits_for_key
    }

    /// The page says so. Gives whether that is new.
    pub(super) fn pause(&mut self, paused: bool) -> bool {
        self.waits_for_key &= paused;
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
        self.hidden_since.take().map(|since| Absence::until(now, since))
    }

    /// The window is without the keyboard.
    pub(super) fn lose_focus(&mut self) {
        self.unfocused = true;
    }

    /// The window has the keyboard.
    pub(super) fn find_focus(&mut self) {
        self.unfocused = false;
    }

    /// Begins or ends the participant's absence, now that the game is played and something has changed. Gives an absence that
    /// is over.
    pub(super) fn look(&mut self, now: f64, out: &mut Vec<Output>) -> Option<Absence> {
        if !self.seen && self.hidden_since.is_none() {
            // The participant comes for the first time, and was never away.
            self.seen = true;
            self.away_since = None;
        }
        let away = self.unfocused || self.hidden_since.is_some();
        match (self.away_since, away) {
            (None, true) => {
                self.away_since = Some(now);
                let after = self.limit.filter(|_| self.seen);
                out.push(Output::SetTimer { timer: Timer::Focus, after });
                None
            }
            (Some(since), false) => {
                self.away_since = None;
                out.push(Output::SetTimer { timer: Timer::Focus, after: None });
                Some(Absence::until(now, since))
            }
            _ => None,
        }
    }

    /// The game is over: gives for how long the tab has been hidden, and the participant away, up to now. Who has never seen it was never away.
    pub(super) fn over(&self, now: f64) -> [Option<Absence>; 2] {
        [self.hidden_since, self.away_since.filter(|_| self.seen)]
            .map(|since| since.map(|since| Absence::until(now, since)))
    }

    /// Whether an absence was longer than it may be: timers of a hidden page come late.
    pub(super) fn too_long(&self, absence: Absence) -> bool {
        self.limit.is_some_and(|limit| absence.ms >= limit)
    }

    /// The timer for the participant's absence has rung. Gives whether that is the end: not if somebody is there again.
    pub(super) fn rang(&self) -> bool {
        self.seen && self.limit.is_some() && self.away_since.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timers(out: &mut Vec<Output>) -> Vec<Option<f64>> {
        let after = |output| match output {
            Output::SetTimer { timer: Timer::Focus, after } => after,
            other => panic!("{other:?}"),
        };
        out.drain(..).map(after).collect()
    }

    #[test]
    fn somebody_is_away_from_the_first_sign_of_it_to_the_last() {
        let (mut presence, mut out) = (Presence::new(0.0, false, Some(500.0), Start::AtOnce), Vec::new());
        presence.lose_focus();
        assert_eq!(presence.look(10.0, &mut out), None);
        assert!(presence.hide(20.0) && !presence.hide(25.0));
        assert_eq!(presence.look(20.0, &mut out), None);
        assert_eq!(presence.reveal(30.0), Some(Absence { since: 20.0, ms: 10.0 }));
        // The window can be seen, beside another one that has the keyboard.
        assert_eq!(presence.look(30.0, &mut out), None);
        assert!(presence.rang());
        presence.find_focus();
        let absence = presence.look(40.0, &mut out).unwrap();
        assert_eq!((absence, presence.too_long(absence)), (Absence { since: 10.0, ms: 30.0 }, false));
        assert_eq!(timers(&mut out), [Some(500.0), None]);
        assert!(presence.too_long(Absence { since: 0.0, ms: 500.0 }) && !presence.rang());
    }

    #[test]
    fn who_has_not_seen_the_game_yet_is_waited_for() {
        let (mut presence, mut out) = (Presence::new(0.0, true, Some(500.0), Start::AtOnce), Vec::new());
        assert!(presence.paused());
        assert_eq!(presence.look(10.0, &mut out), None);
        assert_eq!(presence.over(30.0), [Some(Absence { since: 0.0, ms: 30.0 }), None]);
        assert!(!presence.rang());
        assert_eq!(timers(&mut out), [None]);
        presence.reveal(9000.0);
        assert_eq!((presence.look(9000.0, &mut out), presence.rang()), (None, false));
        presence.hide(9100.0);
        assert_eq!((presence.look(9100.0, &mut out), presence.rang()), (None, true));
        assert_eq!(timers(&mut out), [Some(500.0)]);
    }

    #[test]
    fn a_game_can_begin_paused_and_wait_for_a_key_once() {
        let mut presence = Presence::new(0.0, false, None, Start::Paused);
        assert!(presence.paused() && presence.stands_still() && !presence.waits_for_key());
        assert!(presence.pause(false) && !presence.paused());
        let mut presence = Presence::new(0.0, false, None, Start::Key);
        assert!(presence.paused() && presence.waits_for_key());
        assert!(!presence.pause(true) && presence.waits_for_key());
        assert!(presence.pause(false) && !presence.paused() && !presence.waits_for_key());
        assert!(presence.pause(true) && !presence.waits_for_key());
    }

    #[test]
    fn the_page_pauses_beside_the_tab() {
        let mut presence = Presence::new(0.0, false, None, Start::AtOnce);
        assert!(presence.pause(true) && !presence.pause(true) && presence.paused());
        presence.hide(1.0);
        assert!(presence.pause(false) && presence.paused());
        presence.reveal(2.0);
        assert!(!presence.paused());
    }
}
