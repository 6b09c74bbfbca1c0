//! How far the Worker may play. The page says so again and again, each time for a moment: when it says nothing, the game stops.
use palaestra_protocol::{Grant, Operation};

use super::output::{Output, Timer};
use super::to_worker::ToWorker;

/// How far ahead the page grants: a page that stalls stops its game after so long.
const AHEAD_MS: f64 = 200.0;
/// How often it grants. Twice may fail before the game notices.
const EVERY_MS: f64 = 60.0;

/// Grants moments, one after another, and takes them back. A grant follows only when the Worker has answered everything before
/// it, however long that takes; to stand still is said at once.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Granting {
    /// The game is to go on.
    goes_on: bool,
    /// What the Worker heard last let it go on.
    granted: bool,
    /// How many grants, and words to stand still, it has not answered. Never more than one of each.
    unanswered: u32,
}

impl Granting {
    /// Grants the next moments, and sees to it that this happens again before they are over.
    pub(super) fn go_on(&mut self, now: f64, worker: &ToWorker, out: &mut Vec<Output>) {
        self.goes_on = true;
        if self.unanswered == 0 {
            self.grant(now, worker, out);
        }
        out.push(Output::SetTimer { timer: Timer::Grant, after: Some(EVERY_MS) });
    }

    /// It is time to grant again, if the game still goes on.
    pub(super) fn rang(&mut self, now: f64, worker: &ToWorker, out: &mut Vec<Output>) {
        if self.goes_on {
            self.go_on(now, worker, out);
        }
    }

    /// The game is to stand still from now on.
    pub(super) fn stand_still(&mut self, now: f64, worker: &ToWorker, out: &mut Vec<Output>) {
        self.stop(out);
        if std::mem::take(&mut self.granted) {
            self.send(Grant { until: None, sent: now }, worker, out);
        }
    }

    /// The game is over, and the Worker will be gone.
    pub(super) fn stop(&mut self, out: &mut Vec<Output>) {
        self.goes_on = false;
        out.push(Output::SetTimer { timer: Timer::Grant, after: None });
    }

    /// The Worker has answered the oldest of what it was told.
    pub(super) fn answered(&mut self, now: f64, worker: &ToWorker, out: &mut Vec<Output>) {
        self.unanswered = self.unanswered.saturating_sub(1);
        // It was told to stand still, and meanwhile the game was to go on again.
        if self.unanswered == 0 && self.goes_on && !self.granted {
            self.grant(now, worker, out);
        }
    }

    fn grant(&mut self, now: f64, worker: &ToWorker, out: &mut Vec<Output>) {
        self.granted = true;
        self.send(Grant { until: Some(now + AHEAD_MS - worker.clock_offset), sent: now }, worker, out);
    }

    fn send(&mut self, grant: Grant, worker: &ToWorker, out: &mut Vec<Output>) {
        self.unanswered = self.unanswered.saturating_add(1);
        worker.ask(Operation::Grant, |payload| grant.write(payload), out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Page {
        granting: Granting,
        worker: ToWorker,
    }

    impl Page {
        fn new() -> Self {
            let mut worker = ToWorker::new(1.0);
            worker.clock_offset = 50.0;
            Self { granting: Granting::default(), worker }
        }

        /// What the Worker is told by an event: until when, or to stand still.
        fn told(&mut self, event: impl FnOnce(&mut Granting, &ToWorker, &mut Vec<Output>)) -> Vec<Option<f64>> {
            let mut out = Vec::new();
            event(&mut self.granting, &self.worker, &mut out);
            let grants = out.iter().filter_map(|output| match output {
                Output::Request { payload, .. } => Some(Grant::read(payload).unwrap().until),
                _ => None,
            });
            grants.collect()
        }

        fn go_on(&mut self, now: f64) -> Vec<Option<f64>> {
            self.told(|granting, worker, out| granting.go_on(now, worker, out))
        }

        fn stand_still(&mut self, now: f64) -> Vec<Option<f64>> {
            self.told(|granting, worker, out| granting.stand_still(now, worker, out))
        }

        fn answered(&mut self, now: f64) -> Vec<Option<f64>> {
            self.told(|granting, worker, out| granting.answered(now, worker, out))
        }
    }

    #[test]
    fn a_grant_is_for_the_workers_clock_and_follows_the_answer_to_the_last_one() {
        let mut page = Page::new();
        assert_eq!(page.go_on(1000.0), [Some(1150.0)]);
        assert_eq!(page.go_on(1060.0), []);
        assert_eq!(page.answered(1070.0), []);
        assert_eq!(page.go_on(1120.0), [Some(1270.0)]);
    }

    #[test]
    fn to_stand_still_is_said_at_once_and_once() {
        let mut page = Page::new();
        assert_eq!(page.stand_still(0.0), []);
        assert_eq!(page.go_on(1000.0), [Some(1150.0)]);
        assert_eq!(page.stand_still(1001.0), [None]);
        assert_eq!(page.stand_still(1002.0), []);
    }

    #[test]
    fn however_often_the_page_pauses_and_goes_on_the_worker_hears_of_it_when_it_has_answered() {
        let mut page = Page::new();
        assert_eq!(page.go_on(1000.0), [Some(1150.0)]);
        assert_eq!(page.stand_still(1001.0), [None]);
        for now in [1002.0, 1003.0, 1004.0] {
            assert_eq!((page.go_on(now), page.stand_still(now)), (vec![], vec![]));
        }
        assert_eq!(page.go_on(1005.0), []);
        // The answer to the grant, and then the one to standing still.
        assert_eq!((page.answered(1006.0), page.answered(1007.0)), (vec![], vec![Some(1157.0)]));
        assert_eq!(page.answered(1008.0), []);
    }

    #[test]
    fn a_timer_that_rings_too_late_grants_nothing() {
        let mut page = Page::new();
        page.go_on(0.0);
        page.stand_still(1.0);
        page.answered(2.0);
        page.answered(2.0);
        assert_eq!(page.told(|granting, worker, out| granting.rang(3.0, worker, out)), []);
    }
}
