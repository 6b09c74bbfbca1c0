//! The latest frames as one peer knows them: inputs, predictions, hashes.
use crate::actions::{Actions, Layout};
use crate::chain;
use crate::checkpoint::Checkpoint;
use crate::options::{Dropout, Options, SeatKind};
use crate::seats::{MOST_SEATS, NEVER, SeatSet};

/// Frames that inputs may lie ahead of the one that is played, beyond the window.
const AHEAD: u32 = 64;

pub(crate) struct Timeline {
    pub(super) layout: Layout,
    pub(super) kinds: Vec<SeatKind>,
    pub(super) people: SeatSet,
    pub(super) dropout: Dropout,
    /// The joint actions of the latest frames: known ones, and those that were predicted.
    pub(super) rows: Vec<u8>,
    /// Of the latest frames: the state's hash after each, and of the final ones the chain, with and without it.
    pub(super) hashes: Vec<u64>,
    pub(super) chains: Vec<u64>,
    pub(super) partials: Vec<u64>,
    /// One less than there are places: a power of two.
    pub(super) mask: u32,
    pub(super) reach: u32,
    pub(super) start: u64,
    /// How many frames of inputs are known, of each seat.
    pub(crate) held: [u32; MOST_SEATS],
    /// The first frame that is not the person's any more.
    pub(crate) until: [u32; MOST_SEATS],
    /// The next frame.
    pub(crate) frame: u32,
    /// How many frames have been played with inputs that are all known.
    pub(crate) finals: u32,
    /// How many frames all peers have agreed on.
    pub(crate) settled: u32,
    /// The earliest frame whose snapshot is one of this history.
    pub(crate) first_kept: u32,
    /// The episode that is played.
    pub(crate) episode: u32,
    /// Its first frame.
    pub(crate) episode_start: u32,
    /// Whether the latest step ended it.
    pub(crate) over: bool,
    /// The earliest frame that was played with an action that turned out to be another.
    pub(super) wrong: u32,
    pub(super) scratch: Vec<u8>,
}

impl Timeline {
    pub(crate) fn new(options: &Options) -> Self {
        let layout = Layout::new(options.seats.iter().map(|kind| kind.longest()));
        let reach = options.window + AHEAD;
        let places = (options.snapshots() + 2 * reach).next_power_of_two();
        let mut until = [NEVER; MOST_SEATS];
        for (kind, until) in options.seats.iter().zip(&mut until) {
            if !kind.is_person() {
                *until = 0;
            }
        }
        let start = chain::start(options.match_id, options.seed);
        Self {
            rows: vec![0; layout.stride() * places as usize],
            layout,
            kinds: options.seats.clone(),
            people: options.people(),
            dropout: options.dropout,
            hashes: vec![0; places as usize],
            chains: vec![start; places as usize],
            partials: vec![0; places as usize],
            mask: places - 1,
            reach,
            start,
            held: [0; MOST_SEATS],
            until,
            frame: 0,
            finals: 0,
            settled: 0,
            first_kept: 0,
            episode: 0,
            episode_start: 0,
            over: false,
            wrong: NEVER,
            scratch: Vec::new(),
        }
    }

    pub(super) fn place(&self, frame: u32) -> usize {
        (frame & self.mask) as usize
    }

    /// Everybody's action at one of the latest frames.
    pub(crate) fn actions(&self, frame: u32) -> Actions<'_> {
        let (stride, place) = (self.layout.stride(), self.place(frame));
        self.layout.view(self.rows.get(place * stride..(place + 1) * stride).unwrap_or(&[]))
    }

    pub(super) fn set(&mut self, frame: u32, seat: u8, action: &[u8]) -> bool {
        let (stride, place) = (self.layout.stride(), self.place(frame));
        let row = self.rows.get_mut(place * stride..(place + 1) * stride);
        row.is_some_and(|row| self.layout.set(row, seat, action))
    }

    /// The state's hash after a frame.
    pub(crate) fn hash(&self, frame: u32) -> u64 {
        self.hashes.get(self.place(frame)).copied().unwrap_or(0)
    }

    /// The chain of so many frames, at most `finals`. `None` for one too long ago.
    pub(crate) fn chain(&self, frames: u32) -> Option<u64> {
        let Some(last) = frames.checked_sub(1) else { return Some(self.start) };
        let kept = frames <= self.finals && self.finals - frames <= self.mask - 2 * self.reach;
        kept.then(|| self.chains.get(self.place(last)).copied()).flatten()
    }

    /// The same without the last state.
    pub(crate) fn partial(&self, frames: u32) -> u64 {
        frames.checked_sub(1).and_then(|last| self.partials.get(self.place(last)).copied()).unwrap_or(0)
    }

    /// How many frames' inputs of a seat are known: all, once its person has left and nothing is missing.
    pub(crate) fn known_of(&self, seat: u8) -> u32 {
        let at = usize::from(seat);
        match (self.held.get(at), self.until.get(at)) {
            (Some(held), Some(until)) if held < until => *held,
            _ => NEVER,
        }
    }

    /// How many frames' inputs of some seats are known.
    pub(crate) fn known(&self, seats: SeatSet) -> u32 {
        seats.iter().map(|seat| self.known_of(seat)).min().unwrap_or(NEVER)
    }

    pub(crate) fn held_of(&self, seat: u8) -> u32 {
        self.held.get(usize::from(seat)).copied().unwrap_or(0)
    }

    pub(crate) fn until_of(&self, seat: u8) -> u32 {
        self.until.get(usize::from(seat)).copied().unwrap_or(0)
    }

    /// Whether an input so far ahead has a place.
    pub(crate) fn takes(&self, frame: u32) -> bool {
        frame < self.frame.saturating_add(self.reach)
    }

    /// The oldest frame whose inputs are certainly there.
    pub(crate) fn oldest(&self) -> u32 {
        self.frame.saturating_add(self.reach).saturating_sub(self.mask + 1)
    }

    /// Takes a seat's next input, which the world accepts. A frame that was played with another one has to be played again.
    pub(crate) fn push(&mut self, seat: u8, action: &[u8]) -> bool {
        let frame = self.held_of(seat);
        if !self.takes(frame) || frame >= self.until_of(seat) {
            return false;
        }
        if frame < self.frame && self.actions(frame).get(seat) != action {
            self.wrong = self.wrong.min(frame);
        }
        if !self.set(frame, seat, action) {
            return false;
        }
        if let Some(held) = self.held.get_mut(usize::from(seat)) {
            *held += 1;
        }
        true
    }

    /// A seat is its person's no more from a frame on.
    pub(crate) fn end_seat(&mut self, seat: u8, until: u32) {
        let at = usize::from(seat);
        let (Some(held), Some(end)) = (self.held.get_mut(at), self.until.get_mut(at)) else { return };
        *end = until;
        *held = until.min(*held);
        if until < self.frame {
            self.wrong = self.wrong.min(until);
        }
        self.finals = self.finals.min(until);
    }

    /// The first frame that is not played because somebody left, in a match that ends then.
    pub(crate) fn end_of_match(&self) -> u32 {
        let ends = self.people.iter().map(|seat| self.until_of(seat));
        if self.dropout == Dropout::End { ends.min().unwrap_or(NEVER) } else { NEVER }
    }

    /// An episode begins at the next frame.
    pub(crate) fn begin_episode(&mut self, episode: u32) {
        self.episode = episode;
        self.episode_start = self.frame;
        self.over = false;
    }

    /// Counts the frames that are final now. Nothing may be left to be played again.
    pub(crate) fn finalise(&mut self) {
        let target = self.known(self.people).min(self.frame);
        while self.finals < target {
            let (frame, place) = (self.finals, self.place(self.finals));
            let before = self.before(frame);
            let partial = chain::with_actions(before, self.actions(frame));
            let whole = chain::with_state(partial, self.hash(frame));
            if let (Some(kept), Some(chained)) = (self.partials.get_mut(place), self.chains.get_mut(place)) {
                *kept = partial;
                *chained = whole;
            }
            self.finals += 1;
        }
    }

    fn before(&self, frame: u32) -> u64 {
        frame.checked_sub(1).and_then(|last| self.chains.get(self.place(last)).copied()).unwrap_or(self.start)
    }

    /// Everything before a frame lies behind: a peer that joins does not know it.
    pub(crate) fn adopt(&mut self, frame: u32) {
        self.held = self.until.map(|until| until.min(frame));
        self.settled = frame;
    }

    /// Goes on from a state, which the world is in.
    pub(crate) fn go_on_from(&mut self, checkpoint: &Checkpoint<'_>) {
        (self.frame, self.finals) = (checkpoint.frame, checkpoint.frame);
        self.first_kept = checkpoint.frame;
        self.wrong = NEVER;
        if let Some(last) = checkpoint.frame.checked_sub(1) {
            let place = self.place(last);
            if let (Some(partial), Some(chain)) = (self.partials.get_mut(place), self.chains.get_mut(place)) {
                (*partial, *chain) = (checkpoint.partial, checkpoint.chain);
            }
        }
        (self.episode, self.over) = (checkpoint.episode, checkpoint.over);
        if checkpoint.fresh {
            self.episode_start = checkpoint.frame;
        }
    }
}
