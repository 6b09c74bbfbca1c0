//! When the next tick is due, and how far a peer is ahead of the others.

/// Ticks that may be made up for at once; behind by more, the game is slower instead.
const MOST_BEHIND: f64 = 5.0;

/// Behind the others by more than this share of a frame, a peer hurries; ahead by more, it slows down.
const TOLERANCE: f64 = 0.5;

#[derive(Clone, Debug)]
pub(crate) struct Pace {
    interval: f64,
    next: f64,
    /// 1.01 for a peer that hurries, 0.995 for one that waits.
    factor: f64,
}

impl Pace {
    pub(crate) fn new(fps: f64, now: f64) -> Self {
        Self { interval: 1000.0 / fps, next: now, factor: 1.0 }
    }

    pub(crate) fn interval(&self) -> f64 {
        self.interval
    }

    pub(crate) fn due(&self) -> f64 {
        self.next
    }

    /// Takes the tick that is due.
    pub(crate) fn take(&mut self, now: f64) {
        let interval = self.interval / self.factor;
        let behind = ((now - self.next) / interval).floor();
        self.next += (behind - MOST_BEHIND).max(0.0) * interval + interval;
    }

    /// `ahead` is by how many frames this peer is ahead of the others. Whole frames are never left out: it hurries by 1 % or
    /// slows down by 0.5 %, which nobody sees.
    pub(crate) fn steer(&mut self, ahead: f64) {
        self.factor = if ahead > TOLERANCE {
            0.995
        } else if ahead < -TOLERANCE {
            1.01
        } else {
            1.0
        };
    }
}

/// The latest of what was measured, of which the mean is taken without the highest and the lowest third: a burst of late
/// packets moves it little.
#[derive(Clone, Debug, Default)]
pub(crate) struct Offsets {
    latest: [f32; Self::KEPT],
    count: usize,
    at: usize,
}

impl Offsets {
    const KEPT: usize = 30;

    pub(crate) fn add(&mut self, offset: f32) {
        if let Some(place) = self.latest.get_mut(self.at) {
            *place = offset;
        }
        self.at = (self.at + 1) % Self::KEPT;
        self.count = Self::KEPT.min(self.count + 1);
    }

    pub(crate) fn clear(&mut self) {
        (self.count, self.at) = (0, 0);
    }

    pub(crate) fn mean(&self) -> Option<f32> {
        let mut sorted = self.latest;
        let sorted = sorted.get_mut(..self.count)?;
        sorted.sort_unstable_by(f32::total_cmp);
        let cut = self.count / 3;
        let middle = sorted.get(cut..self.count - cut).filter(|middle| !middle.is_empty())?;
        Some(middle.iter().sum::<f32>() / middle.len() as f32)
    }
}
