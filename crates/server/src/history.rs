//! The confirmed history of a match: the first side that confirms a frame is believed, the others are compared with it.
use std::collections::VecDeque;

use palaestra_protocol::server::{ConfirmedItem, ConfirmedReader, ConfirmedWriter, MOST_SEATS, ToServer};

use crate::limits::counted;
use crate::refused::{MOST_AHEAD, Refused};
use crate::store::{BatchWrite, NewFrames, StoredBatch};

/// So many frames are kept to be compared: at 60 Hz nine minutes. A side that is further behind is not compared there.
const MOST_KEPT: usize = 1 << 15;
/// The most of a side's own history that is kept after it went another way, in bytes.
const MOST_DISSENT: usize = 4 << 20;

/// A frame with what precedes it, as the items of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Frame {
    before: Box<[u8]>,
    actions: Box<[u8]>,
    hash: u64,
}

/// How a side's frame is another one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Difference {
    /// The same actions led to another state: who is right can be computed.
    State,
    /// Other actions, or other resets: nobody can say who is right.
    Actions,
}

#[derive(Clone, Copy, Debug, Default)]
struct Side {
    /// Confirmed through so many frames.
    frames: u32,
    differs: Option<(u32, Difference)>,
    dissent: usize,
    /// It is being settled what counts of it: nothing that comes from there does any more.
    left: bool,
}

/// The history of a match.
#[derive(Debug)]
pub(crate) struct History {
    match_id: String,
    sides: [Side; MOST_SEATS as usize],
    /// The frame of the first one in `kept`.
    first_kept: u32,
    kept: VecDeque<Frame>,
    /// What was confirmed after the last frame: a reset without a step.
    tail: Vec<u8>,
    batches: u32,
    /// As how many frames [count](counted) those that are there.
    counted: u64,
}

/// What came of a batch.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    /// What is to be stored.
    pub(crate) write: Option<BatchWrite>,
    /// What the side says that is another history: the first frame, and items.
    pub(crate) dissent: Option<(u32, Vec<u8>)>,
    /// New frames, as the message that spectators get.
    pub(crate) news: Option<Vec<u8>>,
    /// The first frame that differs, where this batch is the first to show it.
    pub(crate) differs: Option<(u32, Difference)>,
}

impl History {
    pub(crate) fn new(match_id: &str) -> Self {
        Self {
            match_id: match_id.to_owned(),
            sides: [Side::default(); MOST_SEATS as usize],
            first_kept: 0,
            kept: VecDeque::new(),
            tail: Vec::new(),
            batches: 0,
            counted: 0,
        }
    }

    /// The history of a match that was stored.
    pub(crate) fn restored(match_id: &str, batches: &[StoredBatch], seats: &[(u8, u32, Option<u32>)]) -> Self {
        let mut history = Self::new(match_id);
        for batch in batches {
            let mut writer = ConfirmedWriter::to_server(batch.first, batch.action_len).into_message();
            writer.extend_from_slice(&batch.items);
            let Ok(ToServer::Confirmed(read)) = ToServer::read(&writer) else {
                continue;
            };
            let (_, frames) = history.extend(read, &mut Vec::new());
            history.counted += counted(frames, batch.items.len());
        }
        history.batches = batches.iter().map(|batch| batch.number.saturating_add(1)).max().unwrap_or(0);
        for (seat, frames, differs) in seats {
            if let Some(side) = history.sides.get_mut(usize::from(*seat)) {
                side.frames = *frames;
                // Where actions differ the match ends: of one that goes on, what was found are states, which have been put right. Other
                // actions are found again.
                side.differs = differs.map(|frame| (frame, Difference::State));
            }
        }
        history
    }

    /// How many frames there are.
    pub(crate) fn len(&self) -> u32 {
        self.first_kept.saturating_add(u32::try_from(self.kept.len()).unwrap_or(u32::MAX))
    }

    /// As how many frames count those that are there.
    pub(crate) fn counted(&self) -> u64 {
        self.counted
    }

    /// A seat has confirmed through so many frames.
    pub(crate) fn frames_of(&self, seat: u8) -> u32 {
        self.sides.get(usize::from(seat)).map_or(0, |side| side.frames)
    }

    /// Takes a batch of a seat, where there may be so many frames by now.
    pub(crate) fn take(&mut self, seat: u8, batch: ConfirmedReader<'_>, most: u64) -> Result<Taken, Refused> {
        let len = self.len();
        if batch.first > len {
            let early = batch.first - len <= MOST_AHEAD;
            return Err(if early { Refused::Early } else { Refused::Gap { expected: len } });
        }
        let steps = batch.items().flatten().filter(|item| matches!(item, ConfirmedItem::Step { .. })).count();
        let end = u32::try_from(steps).ok().and_then(|steps| batch.first.checked_add(steps)).ok_or(Refused::TooMany)?;
        let mut taken = Taken::default();
        let side = self.sides.get(usize::from(seat)).copied();
        let Some(mut side) = side.filter(|side| !side.left) else { return Ok(taken) };
        let more = end.saturating_sub(len);
        if more > 0 && self.counted.saturating_add(more.into()) > most {
            return Err(Refused::TooFast);
        }
        if let Some(found) = self.compare(batch)
            && side.differs.is_none_or(|(_, known)| known == Difference::State && found.1 == Difference::Actions)
        {
            side.differs = Some(found);
            taken.differs = Some(found);
        }
        let mut new = None;
        if matches!(side.differs, Some((_, Difference::Actions))) {
            // Its later frames are its own: they are kept beside the history, and never become it.
            let bytes = items_of(batch, batch.first);
            if side.dissent + bytes.len() <= MOST_DISSENT {
                side.dissent += bytes.len();
                taken.dissent = Some((batch.first, bytes));
            }
        } else {
            let mut items = Vec::new();
            let (first, frames) = self.extend(batch, &mut items);
            if frames > 0 {
                let mut message = ConfirmedWriter::from_server(first, batch.action_len()).into_message();
                message.extend_from_slice(&items);
                self.counted += counted(frames, items.len());
                taken.news = Some(message);
                new = Some(NewFrames { number: self.batches, first, frames, action_len: batch.action_len(), items });
                self.batches = self.batches.saturating_add(1);
            }
        }
        side.frames = side.frames.max(end);
        if let Some(place) = self.sides.get_mut(usize::from(seat)) {
            *place = side;
        }
        taken.write = Some(BatchWrite {
            match_id: self.match_id.clone(),
            seat,
            new,
            frames: side.frames,
            differs: side.differs.map(|(frame, _)| frame),
        });
        Ok(taken)
    }

    /// The first frame of a batch whose actions are not the history's, else the first whose state is not.
    fn compare(&self, batch: ConfirmedReader<'_>) -> Option<(u32, Difference)> {
        let (mut frame, mut before, mut state) = (batch.first, Vec::new(), None);
        for item in batch.items().flatten() {
            let ConfirmedItem::Step { actions, hash } = item else {
                put(item, 0, &mut before);
                continue;
            };
            let known = frame.checked_sub(self.first_kept).and_then(|index| self.kept.get(index as usize));
            if let Some(known) = known {
                if *known.actions != *actions || *known.before != *before {
                    return Some((frame, Difference::Actions));
                }
                if known.hash != hash && state.is_none() {
                    state = Some((frame, Difference::State));
                }
            }
            before.clear();
            frame = frame.saturating_add(1);
        }
        state
    }

    /// Adds the frames of a batch that are new, and their items to `out`. Gives the first one and how many there are.
    fn extend(&mut self, batch: ConfirmedReader<'_>, out: &mut Vec<u8>) -> (u32, u32) {
        let first_new = self.len();
        let (mut frame, mut before) = (batch.first, Vec::new());
        for item in batch.items().flatten() {
            let ConfirmedItem::Step { actions, hash } = item else {
                put(item, 0, &mut before);
                continue;
            };
            if frame >= first_new {
                out.extend_from_slice(&before);
                put(item, batch.action_len(), out);
                self.kept.push_back(Frame { before: before.as_slice().into(), actions: actions.into(), hash });
            }
            before.clear();
            frame = frame.saturating_add(1);
        }
        if frame >= self.len() {
            self.tail = before;
        }
        let new = self.len() - first_new;
        while self.kept.len() > MOST_KEPT {
            self.kept.pop_front();
            self.first_kept = self.first_kept.saturating_add(1);
        }
        (first_new, new)
    }

    /// What was confirmed after the last frame, to be stored when the match is over.
    pub(crate) fn tail(&mut self) -> Option<NewFrames> {
        let items = std::mem::take(&mut self.tail);
        if items.is_empty() {
            return None;
        }
        self.batches = self.batches.saturating_add(1);
        Some(NewFrames { number: self.batches - 1, first: self.len(), frames: 0, action_len: 0, items })
    }

    /// A seat's person goes. Gives the joint actions from which its inputs are read, from the first of these frames on: the lowest that
    /// one of these seats (bit n for seat n) has confirmed, as far as a peer that plays can be behind.
    pub(crate) fn leave(&mut self, seat: u8, survivors: u8) -> (u32, Vec<Box<[u8]>>) {
        if let Some(side) = self.sides.get_mut(usize::from(seat)) {
            side.left = true;
        }
        let confirmed = (0..MOST_SEATS).filter(|seat| survivors >> seat & 1 == 1).map(|seat| self.frames_of(seat));
        let lowest = confirmed.min().unwrap_or(0).max(self.len().saturating_sub(MOST_AHEAD));
        let first = lowest.clamp(self.first_kept, self.len());
        let skip = (first - self.first_kept) as usize;
        (first, self.kept.iter().skip(skip).map(|frame| frame.actions.clone()).collect())
    }

    /// The messages that bring whoever is at `frame` to the present; `None` where that is too long ago.
    pub(crate) fn since(&self, frame: u32) -> Option<Vec<Vec<u8>>> {
        let skip = frame.checked_sub(self.first_kept)? as usize;
        let mut messages = Vec::new();
        let mut open: Option<ConfirmedWriter> = None;
        for (index, found) in (frame..).zip(self.kept.iter().skip(skip)) {
            let len = u16::try_from(found.actions.len()).unwrap_or(u16::MAX);
            let mut writer = match open.take() {
                Some(writer) if writer.len() < 32 << 10 => writer,
                full => {
                    messages.extend(full.map(ConfirmedWriter::into_message));
                    ConfirmedWriter::from_server(index, len)
                }
            };
            writer.put_encoded(&found.before);
            let _ = writer.put(ConfirmedItem::Step { actions: &found.actions, hash: found.hash });
            open = Some(writer);
        }
        messages.extend(open.map(ConfirmedWriter::into_message));
        Some(messages)
    }

    /// Which seats are found to have gone another way, and where.
    pub(crate) fn differing(&self) -> Vec<(u8, u32, Difference)> {
        let sides = (0..).zip(&self.sides);
        sides.filter_map(|(seat, side)| side.differs.map(|(frame, how)| (seat, frame, how))).collect()
    }

    /// The stored hash of a frame that is kept.
    pub(crate) fn hash_of(&self, frame: u32) -> Option<u64> {
        self.kept.get(frame.checked_sub(self.first_kept)? as usize).map(|frame| frame.hash)
    }
}

/// Appends an item as it stands in a batch whose actions have so many bytes as a rule.
fn put(item: ConfirmedItem<'_>, action_len: u16, out: &mut Vec<u8>) {
    let mut writer = ConfirmedWriter::to_server(0, action_len);
    let begins = writer.len();
    if writer.put(item) {
        out.extend_from_slice(writer.into_message().get(begins..).unwrap_or_default());
    }
}

/// All items of a batch as bytes, behind its head.
fn items_of(batch: ConfirmedReader<'_>, first: u32) -> Vec<u8> {
    let mut writer = ConfirmedWriter::to_server(first, batch.action_len());
    let _ = batch.items().flatten().all(|item| writer.put(item));
    writer.into_message()
}

#[cfg(test)]
#[path = "history_tests.rs"]
mod tests;
