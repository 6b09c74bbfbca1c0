//! Whether a step of many environments is worth more than one thread.
use std::time::Duration;

/// A step that takes less than this on one thread is never shared: waking the others takes some of it.
const WORTH_SHARING: Duration = Duration::from_micros(150);

/// So many steps after which the way that was slower is tried again: the machine may have become free, or busy.
const AGAIN: u32 = 256;

/// How long steps take on one thread, and on several. What they return is the same.
#[derive(Debug, Default)]
pub(crate) struct Pace {
    alone: Option<Duration>,
    shared: Option<Duration>,
    steps: u32,
    /// Never several threads.
    only_alone: bool,
}

impl Pace {
    /// Always on one thread.
    pub(crate) fn alone() -> Self {
        Self { only_alone: true, ..Self::default() }
    }

    /// Whether the next step is to be shared among threads.
    pub(crate) fn shares(&mut self) -> bool {
        self.steps = self.steps.wrapping_add(1);
        let faster = match (self.alone, self.shared) {
            _ if self.only_alone => return false,
            (Some(alone), _) if alone < WORTH_SHARING => return false,
            (Some(alone), Some(shared)) => shared < alone,
            (Some(_), None) => true,
            (None, _) => false,
        };
        faster != self.steps.is_multiple_of(AGAIN)
    }

    /// Takes in how long a step took.
    pub(crate) fn took(&mut self, shared: bool, time: Duration) {
        let known = if shared { &mut self.shared } else { &mut self.alone };
        // A few slow ones change little.
        *known = Some(known.map_or(time, |known| (known * 7 + time) / 8));
    }
}
