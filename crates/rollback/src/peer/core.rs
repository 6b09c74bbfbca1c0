//! What a peer is, and what can be asked of it.
use super::transfer::Transfer;
use crate::link::{Difference, Link};
use crate::options::{Options, OptionsError};
use crate::output::{EndReason, LeaveReason, Output};
use crate::pace::Pace;
use crate::seats::{MOST_SEATS, SeatSet};
use crate::stats::Stats;
use crate::timeline::Timeline;

/// From five players on a packet goes at every second tick, and its answer as late: nobody is called silent sooner than after so many.
const SOME_TICKS: f64 = 6.0;

/// One peer of a match: events come in with their time, and whatever is to be done goes out.
pub struct Peer {
    pub(super) options: Options,
    pub(super) people: SeatSet,
    pub(super) timeline: Timeline,
    /// By seat; those of policies and this peer's own are never used.
    pub(super) links: [Link; MOST_SEATS],
    pub(super) pace: Pace,
    pub(super) stage: Stage,
    pub(super) now: f64,
    /// Milliseconds waited since the start.
    pub(super) clock: f64,
    /// Who does not play any more, of whom the last frame is known, and who said that they leave.
    pub(super) gone: SeatSet,
    pub(super) done: SeatSet,
    pub(super) left: SeatSet,
    /// Without a server: who was there when all agreed last.
    pub(super) view: SeatSet,
    /// Since when somebody is missing, or a state, or agreement.
    pub(super) waiting_since: Option<f64>,
    pub(super) epoch: u32,
    pub(super) difference: Option<Difference>,
    pub(super) unfit: bool,
    pub(super) transfer: Transfer,
    /// Whether this peer may act: one that started anew first learns what it has already played.
    pub(super) acts: bool,
    /// Whether the first episode has begun.
    pub(super) begun: bool,
    /// When the episode was over for good.
    pub(super) over_since: Option<f64>,
    pub(super) stalled: SeatSet,
    pub(super) ticks: u64,
    pub(super) reasons: [LeaveReason; MOST_SEATS],
    pub(super) stats: Stats,
    pub(super) packet: Vec<u8>,
    pub(super) scratch: Vec<u8>,
}

/// Where a peer stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Stage {
    /// It has no state yet.
    Joining,
    Playing,
    Ended {
        reason: EndReason,
        at: f64,
    },
    /// It has also done what it could for the others.
    Over(EndReason),
}

impl Peer {
    /// A peer of a match that begins.
    ///
    /// # Errors
    /// [`OptionsError`] for options that no match can be played by.
    pub fn new(options: Options, now: f64) -> Result<Self, OptionsError> {
        Self::at_stage(options, now, Stage::Playing)
    }

    /// A peer that comes to a match that has begun: it was there before, and has lost what it knew. It asks the others for a
    /// state, or gets one by [`Event::Checkpoint`]; `options.incarnation` is greater than its last.
    ///
    /// # Errors
    /// [`OptionsError`] for options that no match can be played by.
    pub fn join(options: Options, now: f64) -> Result<Self, OptionsError> {
        Self::at_stage(options, now, Stage::Joining)
    }

    fn at_stage(options: Options, now: f64, stage: Stage) -> Result<Self, OptionsError> {
        options.check()?;
        let people = options.people();
        Ok(Self {
            people,
            timeline: Timeline::new(&options),
            links: core::array::from_fn(|_| Link::new(0.0)),
            pace: Pace::new(options.fps, now),
            stage,
            now,
            clock: 0.0,
            gone: SeatSet::NONE,
            done: SeatSet::NONE,
            left: SeatSet::NONE,
            view: people,
            waiting_since: None,
            epoch: options.epoch,
            difference: None,
            unfit: false,
            transfer: Transfer::default(),
            acts: stage == Stage::Playing,
            begun: false,
            over_since: None,
            stalled: SeatSet::NONE,
            ticks: 0,
            reasons: [LeaveReason::Told; MOST_SEATS],
            stats: Stats::default(),
            packet: Vec::with_capacity(2048),
            scratch: Vec::new(),
            options,
        })
    }

    /// When the next [`Event::Tick`] is due, on the caller's clock. `None` when there is nothing to do any more.
    pub fn due(&self) -> Option<f64> {
        (!matches!(self.stage, Stage::Over(_))).then(|| self.pace.due())
    }

    /// Whether the next tick takes an action. While it does not (the game is stalled, or its episode is over as far as is known here: what
    /// was taken then would be the first action of the next), a stroke is not to be spent on it.
    pub fn takes_action(&self) -> bool {
        let own = self.timeline.held_of(self.options.seat);
        let plays = self.stage == Stage::Playing && self.acts && !self.timeline.over;
        plays && own <= self.timeline.frame.saturating_add(self.options.delay)
    }

    /// What has been counted.
    pub fn stats(&self) -> Stats {
        let mut stats = self.stats;
        for (ping, link) in stats.ping.iter_mut().zip(&self.links) {
            *ping = link.ping.unwrap_or(0.0) as f32;
        }
        stats.ahead = self.ahead();
        stats
    }

    /// The next frame that will be played here.
    pub fn frame(&self) -> u32 {
        self.timeline.frame
    }

    /// How many frames are confirmed.
    pub fn confirmed(&self) -> u32 {
        self.timeline.settled
    }

    /// The epoch: how often the match has been resynchronised.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// Why the match ended here, if it did.
    pub fn ended(&self) -> Option<EndReason> {
        match self.stage {
            Stage::Ended { reason, .. } | Stage::Over(reason) => Some(reason),
            Stage::Joining | Stage::Playing => None,
        }
    }

    /// So many milliseconds, or what some packets and their answers take in a slow game.
    pub(super) fn at_least(&self, ms: f64) -> f64 {
        ms.max(SOME_TICKS * self.pace.interval())
    }

    /// What it is played by.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The peers that still play, this one apart.
    pub(super) fn others(&self) -> SeatSet {
        let own = [self.options.seat].into_iter().collect();
        self.people.without(self.gone).without(own)
    }

    /// What is known of a peer; `None` for a seat that has none, or this one's.
    pub(super) fn link(&mut self, seat: u8) -> Option<&mut Link> {
        if seat == self.options.seat || !self.people.contains(seat) {
            return None;
        }
        self.links.get_mut(usize::from(seat))
    }

    /// The same to look at.
    pub(super) fn seen(&self, seat: u8) -> Option<&Link> {
        self.links.get(usize::from(seat))
    }

    /// The match is over here.
    pub(super) fn end(&mut self, reason: EndReason, out: &mut dyn FnMut(Output<'_>)) {
        if !matches!(self.stage, Stage::Ended { .. } | Stage::Over(_)) {
            self.stage = Stage::Ended { reason, at: self.clock };
            out(Output::Ended { reason, frames: self.timeline.settled });
        }
    }
}
