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

    /// Takes so much out; `false` where there is not so much in it.
    pub(crate) fn take(&mut self, amount: f64) -> bool {
        let now = Instant::now();
        let since = now.saturating_duration_since(self.filled).as_secs_f64();
        self.left = (self.left + since * self.per_second).min(self.most);
        self.filled = now;
        let enough = self.left >= amount;
        if enough {
            self.left -= amount;
        }
        enough
    }
}
