//! When each tick of a game is due. Knows no clock: times come in, in milliseconds.

/// How many ticks may be made up for at once. Behind by more, the game slows down instead: after a long stall a participant
/// must not find that seconds have been played without them.
const MOST_BEHIND: f64 = 5.0;

/// Ticks at a fixed pace, however late whoever asks is. None comes sooner than an interval after the one before, however often
/// the game is held up and goes on.
#[derive(Clone, Debug)]
pub struct Ticker {
    interval: f64,
    next: f64,
    slowed: f64,
}

impl Ticker {
    /// Ticks `fps` times a second; the first is due as soon as the game [goes on](Self::go_on) for the first time.
    pub fn new(fps: f64) -> Self {
        Self { interval: 1000.0 / fps, next: f64::NEG_INFINITY, slowed: 0.0 }
    }

    /// Milliseconds by which the game was allowed to slow down.
    pub fn slowed(&self) -> f64 {
        self.slowed
    }

    /// When the next tick is due.
    pub fn due(&self) -> f64 {
        self.next
    }

    /// Takes the next tick and gives when it was due.
    pub fn take(&mut self, now: f64) -> f64 {
        let behind = ((now - self.next) / self.interval).floor();
        let lost = (behind - MOST_BEHIND).max(0.0) * self.interval;
        let due = self.next + lost;
        self.slowed += lost;
        self.next = due + self.interval;
        due
    }

    /// The game stood still on purpose: it was paused, between episodes, or waiting for a key. The ticks of that time were none.
    pub fn go_on(&mut self, now: f64) {
        self.next = self.next.max(now);
    }

    /// The game stood still because its page did. The ticks of that time are not made up for, and slowed it down.
    pub fn stalled(&mut self, now: f64) {
        self.slowed += (now - self.next).max(0.0);
        self.go_on(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(fps: f64, at: f64) -> Ticker {
        let mut ticker = Ticker::new(fps);
        ticker.go_on(at);
        ticker
    }

    /// The ticks that are due by a time.
    fn due(ticker: &mut Ticker, now: f64) -> Vec<f64> {
        std::iter::from_fn(|| (ticker.due() <= now).then(|| ticker.take(now))).collect()
    }

    #[test]
    fn looks_at_any_rate_find_the_same_ticks_at_the_same_times() {
        for fps in [5.0, 30.0, 50.0, 60.0] {
            for hz in [30.0, 60.0, 120.0, 144.0, 240.0] {
                let mut ticker = started(fps, 0.0);
                let looks = (0..=(hz * 10.0) as u32).map(|look| f64::from(look) * 1000.0 / hz);
                let found: Vec<f64> = looks.flat_map(|now| due(&mut ticker, now)).collect();
                assert!((found.len() as f64 - fps * 10.0).abs() <= 1.0, "{fps} fps at {hz} Hz: {}", found.len());
                let on_time = |(i, at): (usize, &f64)| (at - i as f64 * 1000.0 / fps).abs() < 1e-6;
                assert!(found.iter().enumerate().all(on_time), "{fps} fps at {hz} Hz: {found:?}");
            }
        }
    }

    #[test]
    fn a_late_worker_makes_up_for_its_ticks_but_not_for_a_long_silence() {
        let mut ticker = started(10.0, 0.0);
        assert_eq!(ticker.take(0.0), 0.0);
        assert_eq!(due(&mut ticker, 310.0).len(), 3);
        assert_eq!(due(&mut ticker, 10_000.0).len(), 1 + MOST_BEHIND as usize);
        assert!(ticker.slowed() > 9000.0);
        assert_eq!(due(&mut ticker, 10_000.0).len(), 0);
        assert_eq!(due(&mut ticker, 10_100.0).len(), 1);
    }

    #[test]
    fn standing_still_on_purpose_owes_nothing_and_is_no_slowness() {
        let mut ticker = started(10.0, 0.0);
        assert_eq!(ticker.take(0.0), 0.0);
        ticker.go_on(5_000.0);
        assert_eq!((ticker.take(5_000.0), ticker.due(), ticker.slowed()), (5_000.0, 5_100.0, 0.0));
    }

    #[test]
    fn a_stall_of_the_page_is_not_made_up_for_and_is_told() {
        let mut ticker = started(10.0, 0.0);
        assert_eq!(ticker.take(0.0), 0.0);
        ticker.stalled(1_100.0);
        assert_eq!((due(&mut ticker, 1_100.0), ticker.slowed()), (vec![1_100.0], 1_000.0));
    }

    #[test]
    fn no_stopping_and_going_on_makes_a_tick_come_sooner() {
        let mut ticker = started(10.0, 0.0);
        let mut ticks = 0;
        for now in (0..1000).map(f64::from) {
            ticker.go_on(now);
            ticks += due(&mut ticker, now).len();
        }
        assert_eq!(ticks, 10);
    }
}
