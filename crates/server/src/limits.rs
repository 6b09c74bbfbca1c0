//! How much one side may send.
use std::time::Instant;

/// A bucket that fills with time: what is sent is taken from it.
#[derive(Debug)]
pub(crate) struct Bucket {
    per_second: f64,
    most: f64,
    left: f64,
    filled: Instant,
}

impl Bucket {
    /// So much a second, with so much saved up at most.
    pub(crate) fn new(per_second: f64, most: f64) -> Self {
        Self { per_second, most, left: most, filled: Instant::now() }
    }

    fn fill(&mut self) {
        let now = Instant::now();
        let since = now.saturating_duration_since(self.filled).as_secs_f64();
        self.left = (self.left + since * self.per_second).min(self.most);
        self.filled = now;
    }

    /// Whether nothing was taken out of it lately: it is as good as a new one.
    pub(crate) fn is_full(&mut self) -> bool {
        self.fill();
        self.left >= self.most
    }

    /// Takes so much out; `false` where there is not so much in it.
    pub(crate) fn take(&mut self, amount: f64) -> bool {
        self.fill();
        let enough = self.left >= amount;
        if enough {
            self.left -= amount;
        }
        enough
    }
}

/// What is confirmed of a match may be ahead of its age by so much. Nobody plays ahead of it: it was made before it began.
const AHEAD_SECONDS: f64 = 10.0;
/// A match may go so many times faster than its ticks. Whoever plays hurries by a hundredth at most.
const HURRY: f64 = 2.0;
/// Frames count as one more for each so many bytes of them. Sixteen actions of the greatest length are less.
const FRAME_BYTES: usize = 4 << 10;

/// How many frames of a match there may be, by how old it is.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pace {
    per_second: f64,
    /// When its room was opened, and how many there might be then.
    opened_ms: u64,
    before: f64,
}

impl Pace {
    /// Of a match with so many ticks a second that was made at one time, and whose room is opened at a later one with so many frames in it:
    /// where the server was started anew, its people may have played meanwhile. Where the system's clock was set back since, it goes on from
    /// the frames that are there.
    pub(crate) fn new(fps: f64, created_ms: u64, frames: u64, opened_ms: u64) -> Self {
        let per_second = fps * HURRY;
        let before = (seconds(created_ms, opened_ms) * per_second).max(frames as f64);
        Self { per_second, opened_ms, before }
    }

    /// How many there may be at this time.
    pub(crate) fn most(&self, now_ms: u64) -> u64 {
        (self.before + (seconds(self.opened_ms, now_ms) + AHEAD_SECONDS) * self.per_second) as u64
    }
}

fn seconds(from_ms: u64, to_ms: u64) -> f64 {
    to_ms.saturating_sub(from_ms) as f64 / 1000.0
}

/// As how many frames some count that have so many bytes together.
pub(crate) fn counted(frames: u32, bytes: usize) -> u64 {
    u64::from(frames) + (bytes / FRAME_BYTES) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_frames_as_can_have_been_played_are_taken_also_after_a_restart() {
        const HOUR_MS: u64 = 3_600_000;
        let hour_played = 3_600 * 30;
        let created_ms = 1_700_000_000_000;
        let new = Pace::new(30.0, created_ms, 0, created_ms);
        assert_eq!(new.most(created_ms), 600);
        assert_eq!(new.most(created_ms + HOUR_MS), 2 * hour_played + 600);
        // What was played while the server was not there comes at once when it is.
        let restarted = Pace::new(30.0, created_ms, 900, created_ms + HOUR_MS);
        assert_eq!(restarted.most(created_ms + HOUR_MS), 2 * hour_played + 600);
        // The system's clock was set back by years: it goes on from what is there.
        let set_back = Pace::new(30.0, created_ms, hour_played, 5);
        assert_eq!(set_back.most(5), hour_played + 600);
        assert_eq!(set_back.most(5 + HOUR_MS), 3 * hour_played + 600);
        // Slow ones have their first frames too.
        assert_eq!(Pace::new(0.1, created_ms, 0, created_ms).most(created_ms), 2);
    }

    #[test]
    fn long_frames_count_for_several() {
        assert_eq!(counted(64, 64 * 31), 64);
        assert_eq!(counted(1, 64 << 10), 17);
    }
}
