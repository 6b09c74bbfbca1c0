//! The animation frames that a display had time for and the page did not use.

/// Counts the animation frames that did not come. The display's own interval is the median of the latest ones.
#[derive(Clone, Debug, Default)]
pub(super) struct FrameMeter {
    last: Option<f64>,
    /// The latest intervals, of which the next takes the place of one after another; and the same in order.
    recent: Vec<f64>,
    next: usize,
    in_order: Vec<f64>,
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
        match self.recent.get_mut(self.next) {
            None => self.recent.push(delta),
            Some(oldest) => {
                let oldest = std::mem::replace(oldest, delta);
                let place = self.in_order.partition_point(|interval| *interval < oldest);
                if place < self.in_order.len() {
                    self.in_order.remove(place);
                }
            }
        }
        self.next = (self.next + 1) % Self::RECENT;
        self.in_order.insert(self.in_order.partition_point(|interval| *interval < delta), delta);
        let usual = self.in_order.get(self.in_order.len() / 2).copied().unwrap_or(delta);
        self.dropped += ((delta / usual).round() as u64).saturating_sub(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_displays_interval_is_the_median_however_short_one_was_and_frames_are_missed_by_it() {
        let (mut meter, mut at) = (FrameMeter::default(), 0.0);
        let mut after = |interval: f64| {
            at += interval;
            meter.frame(at);
            meter.dropped
        };
        (0..20).for_each(|_| assert_eq!(after(16.0), 0));
        (0..40).for_each(|_| assert_eq!(after(0.0), 0, "told twice of one frame"));
        assert_eq!(after(16.0), 0);
        assert_eq!(after(4.0), 0, "one that came early");
        assert_eq!((after(16.0), after(16.0)), (0, 0), "the display is no faster for that");
        assert_eq!((after(48.0), after(16.0)), (2, 2), "two did not come");
    }

    #[test]
    fn the_intervals_in_order_are_the_latest_ones() {
        let mut meter = FrameMeter::default();
        let mut at = 0.0;
        for frame in 0_u32..500 {
            at += f64::from(frame * 7919 % 31 + 1);
            meter.frame(at);
            let mut latest = meter.recent.clone();
            latest.sort_by(f64::total_cmp);
            assert_eq!(meter.in_order, latest, "{frame}");
        }
        assert_eq!(meter.recent.len(), FrameMeter::RECENT);
    }
}
