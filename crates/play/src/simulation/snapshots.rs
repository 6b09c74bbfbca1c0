//! The latest frames of an episode, to go back to.
use palaestra_env::snapshot::Snapshot;
use palaestra_env::{Env, Space, StateWriter, Value, ValueReader, ValueWriter};

use super::seats::Seats;

/// A ring of the states before the latest steps, and the joint action of each. All memory is used again.
#[derive(Default)]
pub(crate) struct Snapshots {
    ring: Vec<Frame>,
    capacity: usize,
    /// How many have been kept; the latest stands at `(kept - 1) % capacity`.
    kept: usize,
    /// How many of them can be gone back to.
    depth: usize,
}

#[derive(Default)]
struct Frame {
    env: Snapshot,
    seats: StateWriter,
    actions: ValueWriter,
}

impl Snapshots {
    pub(crate) fn new(capacity: usize) -> Self {
        Self { ring: Vec::new(), capacity, kept: 0, depth: 0 }
    }

    /// An episode begins: what was before it cannot be gone back to.
    pub(crate) fn clear(&mut self) {
        (self.kept, self.depth) = (0, 0);
    }

    /// How many steps can be taken back.
    pub(crate) fn depth(&self) -> usize {
        self.depth
    }

    /// Keeps the state before a step.
    pub(crate) fn keep(&mut self, env: &Env, seats: &Seats) {
        if self.capacity == 0 {
            return;
        }
        let at = self.kept % self.capacity;
        if at == self.ring.len() {
            self.ring.push(Frame::default());
        }
        self.kept += 1;
        self.depth = self.capacity.min(self.depth + 1);
        if let Some(frame) = self.ring.get_mut(at) {
            env.snapshot(&mut frame.env);
            frame.seats.clear();
            seats.save(&mut frame.seats);
        }
    }

    /// Notes the joint action of the step whose state was kept last.
    pub(crate) fn played(&mut self, actions: &[Value]) {
        if let Some(frame) = self.kept.checked_sub(1).and_then(|last| self.ring.get_mut(last % self.capacity.max(1))) {
            frame.actions.clear();
            actions.iter().for_each(|action| frame.actions.value(action));
        }
    }

    /// The step whose state was kept last was refused: there is nothing to go back to.
    pub(crate) fn not_played(&mut self) {
        self.kept = self.kept.saturating_sub(1);
        self.depth = self.depth.saturating_sub(1);
    }

    /// Forgets the latest `frames` states, the oldest of which it gives: the environment's and the seats'.
    pub(crate) fn take_back(&mut self, frames: usize) -> Option<(&Snapshot, &[u8])> {
        if frames == 0 || frames > self.depth {
            return None;
        }
        self.kept -= frames;
        self.depth -= frames;
        let frame = self.ring.get(self.kept % self.capacity)?;
        Some((&frame.env, frame.seats.bytes()))
    }

    /// Reads the joint action that was played at the step that comes next, after [`take_back`](Self::take_back).
    pub(crate) fn next_actions(&self, spaces: &[Space], actions: &mut [Value]) -> Option<()> {
        let frame = self.ring.get(self.kept % self.capacity.max(1))?;
        let mut reader = ValueReader::new(frame.actions.bytes());
        spaces.iter().zip(actions).try_for_each(|(space, action)| reader.read_into(space, action)).ok()
    }
}
