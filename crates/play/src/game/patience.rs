//! Waiting for something with a limit that does not count a machine's sleep.

/// How much waiting one look can count: after the machine slept, or a hidden page's timers did, what is waited for deserves
/// another moment before it is called late.
const MOST_PER_LOOK_MS: f64 = 250.0;
/// How often to look.
const LOOK_MS: f64 = 200.0;

/// Counts waiting, look after look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    left: f64,
    last: f64,
}

impl Patience {
    pub(super) fn new(now: f64, limit: f64) -> Self {
        Self { left: limit, last: now }
    }

    /// Milliseconds until the next look.
    pub(super) fn next_look(&self) -> f64 {
        self.left.clamp(0.0, LOOK_MS)
    }

    /// Counts what has passed since the last look; gives whether that was too long.
    pub(super) fn look(&mut self, now: f64) -> bool {
        self.left -= (now - self.last).clamp(0.0, MOST_PER_LOOK_MS);
        self.last = now;
        self.left <= 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waiting_is_counted_and_sleep_is_not() {
        let mut patience = Patience::new(0.0, 1000.0);
        assert!(!patience.look(200.0));
        assert!(!patience.look(3_600_000.0));
        assert_eq!(patience.left, 550.0);
        assert!(!patience.look(3_600_200.0));
        assert!(!patience.look(3_600_400.0));
        assert_eq!(patience.next_look(), 150.0);
        assert!(patience.look(3_600_551.0));
    }

    #[test]
    fn a_clock_that_goes_back_counts_nothing_and_no_limit_is_for_ever() {
        let mut patience = Patience::new(1000.0, f64::INFINITY);
        assert!(!patience.look(0.0));
        assert!(!patience.look(1.0e12));
        assert_eq!(patience.next_look(), LOOK_MS);
    }
}
