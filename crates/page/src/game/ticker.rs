//! Fixed ticks, whatever the page has to do. Knows no clock: times come in.

/// How many ticks may be made up for at once. Behind by more, the game slows down instead: after a long stall a participant
/// must not find that seconds have been played without them.
const MOST_BEHIND: f64 = 5.0;

/// Says when a tick is due. Displays of 60, 120 or 144 Hz and pages that are late get the same ticks.
#[derive(Clone, Debug)]
pub(crate) struct Ticker {
    interval: f64,
    /// When the next tick is due; nothing while stopped.
    next: Option<f64>,
    skipped: f64,
}

impl Ticker {
    /// Ticks `fps` times a second once started.
    pub(crate) fn new(fps: f64) -> Self {
        Self { interval: 1000.0 / fps, next: None, skipped: 0.0 }
    }

    /// The first tick is due at once.
    pub(crate) fn start(&mut self, now: f64) {
        self.next = Some(now);
    }

    /// No tick is due until it is started again.
    pub(crate) fn stop(&mut self) {
        self.next = None;
    }

    /// Milliseconds from tick to tick.
    pub(crate) fn interval(&self) -> f64 {
        self.interval
    }

    /// Milliseconds by which the game was allowed to slow down.
    pub(crate) fn skipped(&self) -> f64 {
        self.skipped
    }

    /// When the next tick is due; nothing while stopped.
    pub(crate) fn next(&self) -> Option<f64> {
        self.next
    }

    /// Takes the next tick, perhaps before its time, and gives when it is due. The caller takes another only when that tick's
    /// step is done.
    pub(crate) fn take(&mut self, now: f64) -> Option<f64> {
        let next = self.next?;
        let behind = ((now - next) / self.interval).floor();
        let lost = (behind - MOST_BEHIND).max(0.0) * self.interval;
        self.skipped += lost;
        self.next = Some(next + lost + self.interval);
        Some(next + lost)
    }

    /// The ticks that passed while the game waited for somebody were none: the next is due now, if not later.
    pub(crate) fn waited(&mut self, now: f64) {
        self.next = self.next.map(|next| next.max(now));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ticks that are due by a time.
    fn due(ticker: &mut Ticker, now: f64) -> Vec<f64> {
        std::iter::from_fn(|| ticker.next().filter(|next| *next <= now).and_then(|_| ticker.take(now))).collect()
    }

    #[test]
    fn a_page_of_any_rate_gives_the_same_ticks_at_the_same_times() {
        for fps in [5.0, 30.0, 50.0, 60.0] {
            for hz in [30.0, 60.0, 120.0, 144.0, 240.0] {
                let mut ticker = Ticker::new(fps);
                ticker.start(0.0);
                let looks = (0..=(hz * 10.0) as u32).map(|look| f64::from(look) * 1000.0 / hz);
                let found: Vec<f64> = looks.flat_map(|now| due(&mut ticker, now)).collect();
                assert!((found.len() as f64 - fps * 10.0).abs() <= 1.0, "{fps} fps at {hz} Hz: {}", found.len());
                let on_time = |(i, at): (usize, &f64)| (at - i as f64 * 1000.0 / fps).abs() < 1e-6;
                assert!(found.iter().enumerate().all(on_time), "{fps} fps at {hz} Hz: {found:?}");
            }
        }
    }

    #[test]
    fn a_tick_that_is_taken_ahead_is_due_at_its_time_all_the_same() {
        let mut ticker = Ticker::new(10.0);
        ticker.start(50.0);
        assert_eq!([ticker.take(40.0), ticker.take(145.0), ticker.take(251.0)], [Some(50.0), Some(150.0), Some(250.0)]);
        assert_eq!((ticker.next(), ticker.skipped()), (Some(350.0), 0.0));
    }

    #[test]
    fn a_late_page_makes_up_for_its_ticks_but_not_for_a_stall() {
        let mut ticker = Ticker::new(10.0);
        ticker.start(0.0);
        assert_eq!(ticker.take(0.0), Some(0.0));
        assert_eq!(due(&mut ticker, 310.0).len(), 3);
        assert_eq!(due(&mut ticker, 10_000.0).len(), 1 + MOST_BEHIND as usize);
        assert!(ticker.skipped() > 9000.0);
        assert_eq!(due(&mut ticker, 10_000.0).len(), 0);
        assert_eq!(due(&mut ticker, 10_100.0).len(), 1);
    }

    #[test]
    fn a_stopped_ticker_owes_nothing_for_the_time_it_stood() {
        let mut ticker = Ticker::new(10.0);
        ticker.start(0.0);
        assert_eq!(ticker.take(0.0), Some(0.0));
        ticker.stop();
        assert_eq!((ticker.next(), ticker.take(5_000.0)), (None, None));
        ticker.start(5_000.0);
        assert_eq!((ticker.take(5_000.0), ticker.next()), (Some(5_000.0), Some(5_100.0)));
        assert_eq!(ticker.skipped(), 0.0);
    }

    #[test]
    fn a_game_that_waited_for_a_key_steps_at_once_but_not_before_its_interval_is_over() {
        let mut ticker = Ticker::new(10.0);
        ticker.start(0.0);
        assert_eq!(ticker.take(0.0), Some(0.0));
        ticker.waited(30.0);
        assert_eq!(ticker.take(30.0), Some(100.0));
        ticker.waited(9_000.0);
        assert_eq!((ticker.take(9_000.0), ticker.skipped()), (Some(9_000.0), 0.0));
    }
}
