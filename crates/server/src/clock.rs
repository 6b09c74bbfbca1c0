//! The lobby's clock: milliseconds since 1970, which never go back and never jump.
use std::sync::OnceLock;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// What the system's clock said once, and how long ago that was.
#[derive(Clone, Copy, Debug)]
struct Clock {
    began_ms: u64,
    began: Instant,
}

impl Clock {
    fn new(system: SystemTime, began: Instant) -> Self {
        let since = system.duration_since(UNIX_EPOCH).unwrap_or_default();
        Self { began_ms: u64::try_from(since.as_millis()).unwrap_or(u64::MAX), began }
    }

    fn read(&self, now: Instant) -> u64 {
        let passed = now.saturating_duration_since(self.began).as_millis();
        self.began_ms.saturating_add(u64::try_from(passed).unwrap_or(u64::MAX))
    }
}

/// Now, by the system's clock as it was when the program first asked, and what has passed since. Who waits, and for how long, does not
/// depend on somebody setting the clock: set back no time limit would pass until it is where it was, set forward all would pass at once.
/// What is stored of one start of the program is comparable with that of the next, which asks the system's clock again.
///
/// While the machine sleeps this clock stands still on Linux and macOS, and that is right for the limits: nobody could come back
/// meanwhile, and each has afterwards what was left. The times that are stored are then too early by the sleep until the program is
/// started again. On Windows it goes on, and what passed in the sleep has passed on waking.
pub(crate) fn now_ms() -> u64 {
    static CLOCK: OnceLock<Clock> = OnceLock::new();
    // The instant of now is taken last: it is not before the one of the clock's beginning.
    let clock = CLOCK.get_or_init(|| Clock::new(SystemTime::now(), Instant::now()));
    clock.read(Instant::now())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn it_goes_on_from_the_systems_clock_by_what_has_passed() {
        let began = Instant::now();
        let clock = Clock::new(UNIX_EPOCH + Duration::from_micros(1_700_000_000_000_900), began);
        let after = |ms: u64| clock.read(began + Duration::from_millis(ms));
        assert_eq!([after(0), after(1), after(86_400_000)], [0, 1, 86_400_000].map(|ms| 1_700_000_000_000 + ms));
        // What lies before its beginning is its beginning.
        let later = Clock { began: began + Duration::from_secs(1), ..clock };
        assert_eq!(later.read(began), 1_700_000_000_000);
        // A system's clock from before 1970 is one as well.
        let early = Clock::new(UNIX_EPOCH - Duration::from_secs(1), began);
        assert_eq!(early.read(began + Duration::from_secs(3)), 3_000);
    }

    #[test]
    fn it_is_the_systems_clock_that_it_began_with_and_does_not_follow_it() {
        let system = || u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis()).unwrap();
        let passing = Instant::now();
        let before = now_ms();
        assert!(before.abs_diff(system()) < 60_000, "nobody has set the clock since the test began");
        std::thread::sleep(Duration::from_millis(20));
        let (passed, least) = (now_ms() - before, 20);
        let most = u64::try_from(passing.elapsed().as_millis()).unwrap() + 1;
        assert!((least..=most).contains(&passed), "{passed} of at most {most}");
    }
}
