//! Time that this thread was at work: what other programs do meanwhile does not count.
use std::time::Instant;

/// The system's account of the running thread: nanoseconds at work come first.
#[cfg(target_os = "linux")]
const ACCOUNT: &str = "/proc/thread-self/schedstat";

/// Started; where the system keeps no such account, all time counts.
pub(crate) struct Clock {
    at_work: Option<f64>,
    start: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { at_work: at_work(), start: Instant::now() }
    }

    /// Seconds since the start.
    pub(crate) fn seconds(&self) -> f64 {
        let worked = self.at_work.zip(at_work()).map(|(before, now)| now - before);
        // The account is brought up to date at every tick of the system's.
        worked.filter(|worked| *worked > 0.0).unwrap_or_else(|| self.start.elapsed().as_secs_f64())
    }
}

/// What [`Clock`] counts, for the reference to count the same.
pub(crate) fn counts_work() -> bool {
    at_work().is_some()
}

#[cfg(target_os = "linux")]
fn at_work() -> Option<f64> {
    // Giving way brings the account up to date.
    std::thread::yield_now();
    let account = std::fs::read_to_string(ACCOUNT).ok()?;
    let nanoseconds: u64 = account.split(' ').next()?.parse().ok()?;
    Some(nanoseconds as f64 * 1e-9)
}

#[cfg(not(target_os = "linux"))]
fn at_work() -> Option<f64> {
    None
}
