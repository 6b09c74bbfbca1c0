//! Confirmed frames on their way to the server. It is told of them in batches, says how far they are on its disk, and after a
//! lost connection is told again from there on.
use std::collections::VecDeque;

use palaestra_protocol::server::{ConfirmedItem, ConfirmedWriter};

/// A batch leaves when it has so many frames, or after so many milliseconds.
const BATCH_FRAMES: u32 = 64;
const BATCH_MS: f64 = 500.0;
/// Frames and bytes of one message: what is told again comes in longer ones.
const MOST_FRAMES: u32 = 256;
const MOST_BYTES: usize = 32 << 10;
/// Messages at once: a server takes only so much per second.
const MOST_MESSAGES: usize = 4;
const AGAIN_MS: f64 = 300.0;
/// What is kept of what the server has not stored. A match of hours without a server is no match of its any more.
const MOST_KEPT: usize = 4 << 20;
/// What a frame takes beside its actions.
const OVERHEAD: usize = 48;

struct Step {
    actions: Box<[u8]>,
    hash: u64,
}

struct Reset {
    /// The frame that follows.
    frame: u32,
    seed: u64,
    hash: u64,
}

/// What the server has not stored yet.
pub(super) struct History {
    /// The options of every reset, as JSON text; empty for none.
    options: String,
    /// The frame of the first step that is kept.
    first: u32,
    steps: VecDeque<Step>,
    resets: VecDeque<Reset>,
    /// Up to where it has been sent on this connection; nothing where there is none.
    sent: Option<u32>,
    since: f64,
    /// The server took as much as it may be sent at once: more is sent then.
    not_before: f64,
    bytes: usize,
}

impl History {
    /// Empty. `options` are every reset's, as the text of a JSON object.
    pub(super) fn new(options: String) -> Self {
        let (steps, resets) = (VecDeque::new(), VecDeque::new());
        Self { options, first: 0, steps, resets, sent: None, since: 0.0, not_before: 0.0, bytes: 0 }
    }

    /// How many frames were confirmed.
    pub(super) fn frames(&self) -> u32 {
        self.first.saturating_add(self.steps.len() as u32)
    }

    /// Whether the server has all of it.
    pub(super) fn is_stored(&self) -> bool {
        self.steps.is_empty()
    }

    /// This browser's part begins with this frame.
    pub(super) fn begin_at(&mut self, frame: u32) {
        if self.steps.is_empty() {
            self.first = frame;
            self.sent = self.sent.map(|_| frame);
        }
    }

    /// An episode begins.
    pub(super) fn reset(&mut self, frame: u32, seed: u64, hash: u64) {
        self.resets.push_back(Reset { frame, seed, hash });
    }

    /// A frame is confirmed. What had to be forgotten for it, if any: the first such frame and the one after the last.
    pub(super) fn step(&mut self, now: f64, actions: &[u8], hash: u64) -> Option<(u32, u32)> {
        if self.sent == Some(self.frames()) {
            self.since = now;
        }
        self.bytes += actions.len() + OVERHEAD;
        self.steps.push_back(Step { actions: actions.into(), hash });
        if self.bytes <= MOST_KEPT {
            return None;
        }
        let from = self.first;
        while self.bytes > MOST_KEPT / 2 {
            self.forget_first();
        }
        Some((from, self.first))
    }

    fn forget_first(&mut self) {
        if let Some(step) = self.steps.pop_front() {
            self.bytes = self.bytes.saturating_sub(step.actions.len() + OVERHEAD);
            self.first += 1;
        }
        while self.resets.front().is_some_and(|reset| reset.frame < self.first) {
            self.resets.pop_front();
        }
    }

    /// The server has stored so many frames.
    pub(super) fn acknowledge(&mut self, frames: u32) {
        while self.first < frames && !self.steps.is_empty() {
            self.forget_first();
        }
        self.sent = self.sent.map(|sent| sent.max(self.first));
    }

    /// There is a connection, on which the server says that it has stored so many frames of this seat. What it lacks and is not
    /// kept here any more cannot be told, and what comes after would be refused.
    pub(super) fn connected(&mut self, frames: u32, joined_at: u32) {
        self.acknowledge(frames);
        let gap = self.first > frames && self.first > joined_at;
        self.sent = (!gap).then_some(self.first);
        (self.since, self.not_before) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
    }

    pub(super) fn disconnected(&mut self) {
        self.sent = None;
    }

    /// When a batch is to be sent.
    pub(super) fn due(&self) -> Option<f64> {
        let waiting = self.frames().checked_sub(self.sent?)?;
        let due = if waiting >= BATCH_FRAMES { f64::NEG_INFINITY } else { self.since + BATCH_MS };
        (waiting > 0).then_some(due.max(self.not_before))
    }

    /// Sends what is due, and with `all` what is not.
    pub(super) fn advance(&mut self, now: f64, all: bool, mut send: impl FnMut(&[u8])) {
        if self.due().is_none_or(|due| due > now && !all) {
            return;
        }
        for _ in 0..MOST_MESSAGES {
            let Some(message) = self.next_message() else { break };
            send(&message);
        }
        self.since = now;
        self.not_before = if self.sent < Some(self.frames()) { now + AGAIN_MS } else { now };
    }

    fn next_message(&mut self) -> Option<Vec<u8>> {
        let first = self.sent?;
        let skipped = first.checked_sub(self.first)? as usize;
        let length = self.steps.get(skipped)?.actions.len();
        let mut writer = ConfirmedWriter::to_server(first, u16::try_from(length).ok()?);
        let mut frame = first;
        for Step { actions, hash } in self.steps.iter().skip(skipped) {
            if frame - first >= MOST_FRAMES || writer.len() > MOST_BYTES || actions.len() != length {
                break;
            }
            let resets = self.resets.iter().filter(|reset| reset.frame == frame);
            for Reset { seed, hash, .. } in resets {
                let _ = writer.put(ConfirmedItem::Reset { seed: Some(*seed), options: &self.options, hash: *hash });
            }
            let _ = writer.put(ConfirmedItem::Step { actions, hash: *hash });
            frame += 1;
        }
        self.sent = Some(frame);
        Some(writer.into_message())
    }
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
