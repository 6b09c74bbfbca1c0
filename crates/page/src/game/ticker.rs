//! Fixed ticks out of uneven frames. Knows no clock: times come in.

/// How many ticks may be made up for at once. Behind by more, the game slows down instead: after a long stall a participant
/// must not find that seconds have been played without them.
const MOST_BEHIND: f64 = 5.0;

/// Says when a tick is due. Displays of 60, 120 or 144 Hz get the same ticks.
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

    /// Whether a tick is due, and if so takes it. The caller asks again only when that tick's step is done.
    pub(crate) fn take(&mut self, now: f64) -> bool {
        let Some(next) = self.next.filter(|next| now >= *next) else { return false };
        let behind = ((now - next) / self.interval).floor();
        let lost = (behind - MOST_BEHIND).max(0.0) * self.interval;
        self.skipped += lost;
        self.next = Some(next + lost + self.interval);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ticks that frames at `hz` give in `seconds`, one step a frame and as many as are due.
    fn ticks(hz: f64, fps: f64, seconds: f64) -> u32 {
        let mut ticker = Ticker::new(fps);
        ticker.start(0.0);
        let frames = (hz * seconds) as u32;
        let mut ticks = 0;
        for frame in 0..=frames {
            while ticker.take(f64::from(frame) * 1000.0 / hz) {
                ticks += 1;
            }
        }
        ticks
    }

    #[test]
    fn every_display_gives_the_same_number_of_ticks() {
        for fps in [5.0, 30.0, 50.0, 60.0] {
            for hz in [30.0, 60.0, 120.0, 144.0, 240.0] {
                let found = ticks(hz, fps, 10.0);
                let expected = (fps * 10.0) as u32;
                assert!(found.abs_diff(expected) <= 1, "{fps} fps at {hz} Hz: {found}");
            }
        }
    }

    #[test]
    fn a_late_frame_makes_up_for_its_ticks_but_a_stall_does_not() {
        let mut ticker = Ticker::new(10.0);
        ticker.start(0.0);
        assert!(ticker.take(0.0));
        let due = |ticker: &mut Ticker, now| std::iter::from_fn(|| ticker.take(now).then_some(())).count();
        assert_eq!(due(&mut ticker, 310.0), 3);
        assert_eq!(due(&mut ticker, 10_000.0), 1 + MOST_BEHIND as usize);
        assert!(ticker.skipped() > 9000.0);
        assert_eq!(due(&mut ticker, 10_000.0), 0);
        assert_eq!(due(&mut ticker, 10_100.0), 1);
    }

    #[test]
    fn a_stopped_ticker_owes_nothing_for_the_time_it_stood() {
        let mut ticker = Ticker::new(10.0);
        ticker.start(0.0);
        assert!(ticker.take(0.0));
        ticker.stop();
        assert!(!ticker.take(5_000.0));
        ticker.start(5_000.0);
        assert!(ticker.take(5_000.0));
        assert!(!ticker.take(5_050.0));
        assert_eq!(ticker.skipped(), 0.0);
    }
}
