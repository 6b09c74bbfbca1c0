//! Confirmed frames that came and have not been played yet, of whoever watches.
use std::collections::VecDeque;

use palaestra_protocol::server::{ConfirmedItem, ConfirmedReader};

/// What is kept at most, in bytes. Whoever is further behind goes on from a newer state.
const MOST_BYTES: usize = 4 << 20;
/// What a frame takes beside its actions.
const OVERHEAD: usize = 40;

/// A frame as the players confirmed it.
pub(super) struct Confirmed {
    /// The joint action: one action per agent in agent order.
    pub(super) actions: Box<[u8]>,
    /// The hash of the state that it led to there.
    pub(super) hash: u64,
}

/// Why frames were not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NotTaken {
    /// Some before them are missing.
    Gap,
    /// There are too many already.
    Full,
}

/// Frames that wait, one after another.
#[derive(Default)]
pub(super) struct Backlog {
    /// The number of the first one.
    first: u32,
    frames: VecDeque<Confirmed>,
    bytes: usize,
}

impl Backlog {
    /// Empty; the frame that comes next has this number.
    pub(super) fn begin_at(frame: u32) -> Self {
        Self { first: frame, ..Self::default() }
    }

    /// The number of the frame that is expected next.
    pub(super) fn end(&self) -> u32 {
        self.first.saturating_add(u32::try_from(self.frames.len()).unwrap_or(u32::MAX))
    }

    pub(super) fn len(&self) -> usize {
        self.frames.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.frames.is_empty()
    }

    /// Takes what is new of a batch. Resets need not be kept: an episode's seed follows from the match's.
    pub(super) fn take(&mut self, batch: ConfirmedReader<'_>) -> Result<(), NotTaken> {
        if batch.first > self.end() {
            return Err(NotTaken::Gap);
        }
        let mut frame = batch.first;
        for item in batch.items().flatten() {
            let ConfirmedItem::Step { actions, hash } = item else { continue };
            if frame == self.end() {
                if self.bytes > MOST_BYTES {
                    return Err(NotTaken::Full);
                }
                self.bytes += actions.len() + OVERHEAD;
                self.frames.push_back(Confirmed { actions: actions.into(), hash });
            }
            frame = frame.saturating_add(1);
        }
        Ok(())
    }

    /// The frame that is played next.
    pub(super) fn next(&mut self) -> Option<Confirmed> {
        let next = self.frames.pop_front()?;
        self.bytes = self.bytes.saturating_sub(next.actions.len() + OVERHEAD);
        self.first = self.first.saturating_add(1);
        Some(next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use palaestra_protocol::server::{ConfirmedWriter, FromServer};

    fn batch(first: u32, frames: u32, size: u16) -> Vec<u8> {
        let mut writer = ConfirmedWriter::from_server(first, size);
        let actions = vec![7; size.into()];
        assert!(writer.put(ConfirmedItem::Reset { seed: Some(1), options: "", hash: 2 }));
        (0..frames).for_each(|_| assert!(writer.put(ConfirmedItem::Step { actions: &actions, hash: 3 })));
        writer.into_message()
    }

    fn take(backlog: &mut Backlog, message: &[u8]) -> Result<(), NotTaken> {
        let Ok(FromServer::Confirmed(batch)) = FromServer::read(message) else { panic!("no batch") };
        backlog.take(batch)
    }

    #[test]
    fn frames_are_taken_once_and_in_order() {
        let mut backlog = Backlog::begin_at(10);
        assert_eq!(take(&mut backlog, &batch(4, 10, 2)), Ok(()));
        assert_eq!((backlog.len(), backlog.end()), (4, 14));
        assert_eq!(take(&mut backlog, &batch(4, 10, 2)), Ok(()));
        assert_eq!(backlog.len(), 4);
        assert_eq!(take(&mut backlog, &batch(15, 1, 2)), Err(NotTaken::Gap));
        assert_eq!(take(&mut backlog, &batch(14, 1, 2)), Ok(()));
        assert!(backlog.next().is_some());
        assert_eq!(backlog.bytes, 4 * (2 + OVERHEAD), "those that are left");
        assert_eq!((0..9).map_while(|_| backlog.next()).count(), 4);
        assert_eq!((backlog.end(), backlog.is_empty(), backlog.bytes), (15, true, 0));
    }

    #[test]
    fn no_more_is_kept_than_has_room() {
        let mut backlog = Backlog::begin_at(0);
        let mut first = 0;
        while take(&mut backlog, &batch(first, 100, 400)).is_ok() {
            first += 100;
            assert!(first < 100_000, "no end");
        }
        assert!(backlog.bytes <= MOST_BYTES + 400 + OVERHEAD, "{}", backlog.bytes);
    }
}
