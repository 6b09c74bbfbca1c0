//! When the server is asked for a state: by whoever came back and got none, and where the browsers' states differ.
use palaestra_protocol::server::{STATES_PER_SECOND, STATES_SAVED};

/// How long the others have to give a state before the server is asked, and until it is asked again: doubled each time, at most the second.
const FIRST_PAUSE_MS: f64 = 2_000.0;
const LAST_PAUSE_MS: f64 = 8_000.0;
/// Questions may arrive closer together than they were sent: one that the server would take is not asked.
const MOST_SAVED: f64 = STATES_SAVED - 1.0;
const PER_MS: f64 = STATES_PER_SECOND / 1_000.0;

/// Questions, never more than the server takes.
pub(super) struct Asking {
    at: f64,
    pause: f64,
    /// How many may be asked at once, and when that was so.
    saved: (f64, f64),
}

impl Asking {
    /// Nothing is asked before the [beginning](Self::begin).
    pub(super) fn new() -> Self {
        Self { at: f64::INFINITY, pause: FIRST_PAUSE_MS, saved: (MOST_SAVED, 0.0) }
    }

    /// When the next question is due, if there is one to ask.
    pub(super) fn due(&self) -> f64 {
        self.at
    }

    /// The game begins: what is missing then is asked for a little later.
    pub(super) fn begin(&mut self, now: f64) {
        self.set(now, now + FIRST_PAUSE_MS);
    }

    /// Something is missing that only the server has.
    pub(super) fn at_once(&mut self, now: f64) {
        self.set(now, now);
    }

    /// The connection is lost, and the answer with it.
    pub(super) fn lost(&mut self, now: f64) {
        if self.at < f64::INFINITY {
            self.set(now, self.at.min(now + FIRST_PAUSE_MS));
        }
    }

    /// It was asked just now.
    pub(super) fn asked(&mut self, now: f64) {
        self.saved = (self.saved_at(now) - 1.0, now);
        self.at = (now + self.pause).max(self.taken_from(now));
        self.pause = (self.pause * 2.0).min(LAST_PAUSE_MS);
    }

    fn set(&mut self, now: f64, at: f64) {
        (self.at, self.pause) = (at.max(self.taken_from(now)), FIRST_PAUSE_MS);
    }

    fn saved_at(&self, now: f64) -> f64 {
        let (saved, at) = self.saved;
        (saved + (now - at).max(0.0) * PER_MS).min(MOST_SAVED)
    }

    /// When the server would take one more.
    fn taken_from(&self, now: f64) -> f64 {
        now + (1.0 - self.saved_at(now)).max(0.0) / PER_MS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Asks whenever it is due, until then.
    fn asked(asking: &mut Asking, until: f64) -> Vec<f64> {
        let mut asked = Vec::new();
        while asking.due() < until {
            let at = asking.due();
            asked.push(at);
            asking.asked(at);
        }
        asked
    }

    #[test]
    fn nobody_who_waits_asks_more_often_than_the_server_takes_and_nobody_stops_asking() {
        let mut asking = Asking::new();
        assert_eq!(asked(&mut asking, 1e9), [0.0; 0]);
        asking.begin(100.0);
        let waits = asked(&mut asking, 40_000.0);
        assert_eq!(waits, [2_100.0, 4_100.0, 8_100.0, 16_100.0, 24_100.0, 32_100.0]);
    }

    #[test]
    fn however_often_states_differ_or_connections_are_lost_the_server_takes_every_question() {
        for change in [Asking::at_once as fn(&mut Asking, f64), Asking::lost] {
            let mut asking = Asking::new();
            asking.begin(0.0);
            let (mut left, mut filled, mut questions) = (STATES_SAVED, 0.0, 0);
            for step in 0..600 {
                let now = f64::from(step) * 100.0;
                change(&mut asking, now);
                for at in asked(&mut asking, now + 100.0) {
                    // A second of them arrives at the same time.
                    let arrives = (at / 1_000.0).ceil() * 1_000.0;
                    left = (left + (arrives - filled) * PER_MS).min(STATES_SAVED) - 1.0;
                    (filled, questions) = (arrives, questions + 1);
                    assert!(left >= 0.0, "at {at}");
                }
            }
            assert!(questions >= 10, "{questions}");
        }
    }
}
