//! Silence, leavers, and what their last frames were.
//!
//! With a server: it asks everybody what they have of a leaver (nothing of it is taken from then on), and pronounces the greatest
//! of the answers. Nobody can have confirmed more, since nobody confirms what one of those who answered does not have.
//!
//! Without: who has gone for one peer has gone for all who hear of it. What anybody has of a leaver is spread to all who play on,
//! and its last frame is certain when all of them say that the same seats have gone and have the same of each: whoever
//! says so takes nothing more of these seats from anybody who says otherwise, so that no such number changes any more.
use super::core::{Peer, Stage};
use crate::options::Authority;
use crate::output::{EndReason, LeaveReason, Output};
use crate::seats::SeatSet;
use crate::wire::{Reader, put_runs, put_varint, read_runs};
use crate::world::World;

/// More frames than any report has.
const MOST_REPORTED: u32 = 4096;

impl Peer {
    /// Looks who has been silent for how long: nothing has gone to them and come back.
    pub(super) fn watch(&mut self, out: &mut dyn FnMut(Output<'_>)) {
        let (silence, grace) = (self.at_least(self.options.silence), self.at_least(self.options.grace));
        for seat in self.others().iter() {
            let clock = self.clock;
            let Some(link) = self.link(seat) else { continue };
            let silent = clock - link.answered;
            if silent < silence && link.reconnecting {
                (link.reconnecting, link.lost) = (false, false);
                out(Output::Back { seat });
            } else if silent >= silence && !link.reconnecting {
                link.reconnecting = true;
                out(Output::Reconnecting { seat });
            }
            if silent >= grace && !link.lost {
                link.lost = true;
                out(Output::Lost { seat, said_so: false });
                if self.options.authority == Authority::Peers {
                    self.lose(seat, LeaveReason::Silent);
                }
            }
        }
    }

    /// A peer said that it leaves.
    pub(super) fn said_bye(&mut self, seat: u8, out: &mut dyn FnMut(Output<'_>)) {
        if self.left.contains(seat) {
            return;
        }
        self.left.insert(seat);
        out(Output::Lost { seat, said_so: true });
        if let Some(link) = self.link(seat) {
            link.lost = true;
        }
    }

    /// From now on nothing is taken of a seat's person.
    pub(super) fn lose(&mut self, seat: u8, reason: LeaveReason) {
        if self.people.contains(seat) && !self.gone.contains(seat) {
            self.gone.insert(seat);
            if let Some(why) = self.reasons.get_mut(usize::from(seat)) {
                *why = reason;
            }
        }
    }

    /// The server asks what this peer has of a leaver.
    pub(super) fn report(&mut self, seat: u8, out: &mut dyn FnMut(Output<'_>)) {
        if self.stage == Stage::Joining || seat == self.options.seat || !self.people.contains(seat) {
            return;
        }
        self.lose(seat, LeaveReason::Pronounced);
        let timeline = &self.timeline;
        let until = timeline.held_of(seat);
        let first = timeline.settled.min(until);
        let mut inputs = core::mem::take(&mut self.scratch);
        inputs.clear();
        put_varint(&mut inputs, first.into());
        put_runs(&mut inputs, until - first, |place| timeline.actions(first + place).get(seat));
        out(Output::Report { seat, until, inputs: &inputs });
        self.scratch = inputs;
    }

    /// The server says what a leaver's last frame was.
    pub(super) fn pronounced<W: World>(
        &mut self,
        seat: u8,
        until: u32,
        inputs: &[u8],
        world: &W,
        out: &mut dyn FnMut(Output<'_>),
    ) {
        if seat == self.options.seat {
            self.end(EndReason::Dropped, out);
            return;
        }
        if self.ended().is_some() || !self.people.contains(seat) {
            return;
        }
        if self.done.contains(seat) {
            // Known already; but a peer that started anew may lack some of it.
            self.take_report(seat, until, inputs, world);
            return;
        }
        if until < self.timeline.settled {
            // Everybody had agreed on more than that, and the server did not wait for what this peer knows of it: the others have
            // forgotten it meanwhile, and go on without it.
            self.end(EndReason::Dropped, out);
            return;
        }
        self.lose(seat, LeaveReason::Pronounced);
        self.take_report(seat, until, inputs, world);
        self.finish_seat(seat, until, out);
    }

    /// Takes the inputs of a report, as far as they are missing here.
    fn take_report<W: World>(&mut self, seat: u8, until: u32, inputs: &[u8], world: &W) -> Option<()> {
        if self.stage != Stage::Playing {
            return None;
        }
        let mut reader = Reader::new(inputs);
        let first = reader.varint32()?;
        let count = until.checked_sub(first).filter(|count| *count <= MOST_REPORTED)?;
        let timeline = &mut self.timeline;
        read_runs(&mut reader, count, |place, action| {
            if first + place == timeline.held_of(seat) && world.accepts(seat, action) {
                timeline.push(seat, action);
            }
        })
    }

    /// A leaver's last frame is certain.
    pub(super) fn finish_seat(&mut self, seat: u8, until: u32, out: &mut dyn FnMut(Output<'_>)) {
        self.done.insert(seat);
        self.timeline.end_seat(seat, until);
        self.forget_claims_after(until);
        let reason = self.reasons.get(usize::from(seat)).copied().unwrap_or(LeaveReason::Told);
        out(Output::Left { seat, frame: until, reason });
    }

    /// Without a server: whether all who play on say the same of those who have gone.
    pub(super) fn decide(&mut self, out: &mut dyn FnMut(Output<'_>)) {
        if self.options.authority != Authority::Peers || self.stage != Stage::Playing {
            return;
        }
        for seat in self.left.without(self.gone).iter() {
            self.lose(seat, LeaveReason::Left);
        }
        if self.differs_for_good() {
            self.end(EndReason::Desync, out);
            return;
        }
        let undecided = self.gone.without(self.done);
        if undecided.is_empty() {
            return;
        }
        let others = self.others();
        let same = |seat: u8| {
            self.seen(seat).is_some_and(|link| {
                let held = |gone: u8| link.held_of(gone) == self.timeline.held_of(gone);
                link.epoch == self.epoch && !link.joining && link.gone == self.gone && undecided.iter().all(held)
            })
        };
        if !others.iter().all(same) {
            return;
        }
        let mut here = others;
        here.insert(self.options.seat);
        if !self.goes_on(here) {
            self.end(if self.unfit { EndReason::Desync } else { EndReason::Isolated }, out);
            return;
        }
        self.view = here;
        for seat in undecided.iter() {
            self.finish_seat(seat, self.timeline.held_of(seat), out);
        }
    }

    /// Of those who were there before and did not say that they leave, more than half have to be here; of two halves that with
    /// the lowest seat goes on. Nobody goes on alone from a state that others said was wrong.
    fn goes_on(&self, here: SeatSet) -> bool {
        if here.len() == 1 && self.difference.is_some() {
            return false;
        }
        let finished = self.people.iter().filter(|seat| self.seen(*seat).is_some_and(|link| link.finished));
        let before = self.view.without(self.left).without(finished.collect()).union(here);
        let lowest = before.iter().next();
        let half = here.len() * 2;
        half > before.len() || (half == before.len() && lowest.is_some_and(|lowest| here.contains(lowest)))
    }

    /// Without a server only those who play have a state: when all of them have left, none will come. Where they left because theirs
    /// differed and none was right, the match has ended so for this peer as well.
    pub(super) fn give_up(&mut self, out: &mut dyn FnMut(Output<'_>)) {
        if self.options.authority != Authority::Peers || self.stage != Stage::Joining || self.left.is_empty() {
            return;
        }
        let others = self.others();
        if others.without(self.left).is_empty() {
            let unfit = others.iter().any(|seat| self.seen(seat).is_some_and(|link| link.unfit));
            self.end(if unfit { EndReason::Desync } else { EndReason::Abandoned }, out);
        }
    }

    /// Nobody waits for ever: for somebody who is lost, for what a leaver's last frame was, for a state.
    pub(super) fn be_patient(&mut self, out: &mut dyn FnMut(Output<'_>)) {
        let lost = self.others().iter().any(|seat| self.seen(seat).is_some_and(|link| link.lost));
        let lacks = self.done.iter().any(|seat| self.timeline.held_of(seat) < self.timeline.until_of(seat));
        let waits = lost
            || lacks
            || self.gone != self.done
            || self.difference.is_some()
            || self.stage == Stage::Joining
            || !self.acts;
        if !waits || self.ended().is_some() {
            self.waiting_since = None;
            return;
        }
        let since = *self.waiting_since.get_or_insert(self.clock);
        // A state comes in pieces, at ticks.
        if self.clock - since >= self.options.patience.max(self.at_least(0.0) * 4.0) {
            self.end(EndReason::Abandoned, out);
        }
    }
}
