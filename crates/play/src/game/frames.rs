//! The animation frames that a display had time for and the page did not use.
use super::percentiles::sorted;

/// Counts the animation frames that did not come. The display's own interval is the shortest usual one seen.
#[derive(Clone, Debug, Default)]
pub(super) struct FrameMeter {
    last: Option<f64>,
    recent: Vec<f64>,
    pub(super) frames: u64,
    pub(super) dropped: u64,
}

impl FrameMeter {
    const RECENT: usize = 60;

    /// The next frame follows a pause and says nothing about the display.
    pub(super) fn interrupted(&mut self) {
        self.last = None;
    }

    pub(super) fn frame(&mut self, at: f64) {
        self.frames += 1;
        let delta = self.last.map(|last| at - last).filter(|delta| *delta > 0.0);
        self.last = Some(at);
        let Some(delta) = delta else { return };
        if self.recent.len() < Self::RECENT {
            self.recent.push(delta);
        } else if let Some(oldest) = self.recent.get_mut(self.frames as usize % Self::RECENT) {
            *oldest = delta;
        }
        let sorted = sorted(self.recent.clone());
        let usual = sorted.get(sorted.len() / 2).copied().unwrap_or(delta);
        self.dropped += ((delta / usual).round() as u64).saturating_sub(1);
    }
}
