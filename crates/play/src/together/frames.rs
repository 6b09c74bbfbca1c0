//! What each of the latest frames returned, and when it was played first.
use palaestra_protocol::StepTimes;

use crate::keyboard::Stroke;

/// Times that nothing has passed yet.
pub(super) const NO_TIMES: StepTimes = StepTimes {
    pressed: f64::NAN,
    queued: f64::NAN,
    called: f64::NAN,
    received: f64::NAN,
    due: f64::NAN,
    began: f64::NAN,
    ended: f64::NAN,
};

/// Strokes that wait for the frame that plays them: one per frame of input delay.
const MOST_STROKES: usize = 64;

/// A frame as it was played last.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) number: u32,
    pub(super) returns: Vec<u8>,
    pub(super) hash: u64,
    pub(super) times: StepTimes,
}

/// A ring of the latest frames.
pub(super) struct Frames {
    ring: Vec<Frame>,
    /// The first frame that has not been played yet.
    next: u32,
    strokes: Vec<(u32, Stroke)>,
}

impl Frames {
    pub(super) fn new(capacity: u32) -> Self {
        let empty = Frame { number: u32::MAX, returns: Vec::new(), hash: 0, times: NO_TIMES };
        Self { ring: vec![empty; capacity.max(1) as usize], next: 0, strokes: Vec::new() }
    }

    fn place(&self, frame: u32) -> usize {
        frame as usize % self.ring.len().max(1)
    }

    /// This frame is the first to see a stroke.
    pub(super) fn struck(&mut self, frame: u32, stroke: Stroke) {
        if self.strokes.len() < MOST_STROKES {
            self.strokes.push((frame, stroke));
        }
    }

    /// A frame has been played. The times count where it is for the first time.
    pub(super) fn played(&mut self, frame: u32, returns: &[u8], hash: u64, times: StepTimes) {
        let first = frame >= self.next;
        let at = self.place(frame);
        let stroke = self.strokes.iter().find(|(at, _)| *at == frame).map(|(_, stroke)| *stroke);
        let Some(kept) = self.ring.get_mut(at) else { return };
        if first || kept.number != frame {
            let (pressed, queued) = stroke.map_or((f64::NAN, f64::NAN), |stroke| (stroke.at, stroke.sent));
            kept.times = StepTimes { pressed, queued, ..times };
            self.next = self.next.max(frame.saturating_add(1));
        }
        kept.number = frame;
        kept.hash = hash;
        kept.returns.clear();
        kept.returns.extend_from_slice(returns);
        self.strokes.retain(|(at, _)| *at > frame);
    }

    /// When the steps ended of the frames from this one on, which were played just now.
    pub(super) fn ended(&mut self, from: u32, ended: f64) {
        let new = self.ring.iter_mut().filter(|kept| kept.number >= from && kept.times.ended.is_nan());
        new.for_each(|kept| kept.times.ended = ended);
    }

    /// The first frame that has not been played yet.
    pub(super) fn next(&self) -> u32 {
        self.next
    }

    pub(super) fn get(&self, frame: u32) -> Option<&Frame> {
        self.ring.get(self.place(frame)).filter(|kept| kept.number == frame)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_wait_for_their_frames_as_many_as_there_may_be() {
        let mut frames = Frames::new(200);
        for number in 0..100 {
            frames.struck(number, Stroke { at: f64::from(number), sent: f64::from(number) + 1.0 });
        }
        for number in 0..100 {
            frames.played(number, &[], 0, NO_TIMES);
            let times = frames.get(number).unwrap().times;
            let waited = (number as usize) < MOST_STROKES;
            assert_eq!((times.pressed.is_finite(), times.queued.is_finite()), (waited, waited), "{number}");
        }
    }
}
