//! What is done when states differ.
//!
//! What all have agreed on is certain. So a match is resynchronised from the last such frame, whose hash everybody knows: whoever
//! sends that state cannot send another one of the environment, and it matters little who does. What policies remember comes with it, is in
//! no hash and is taken as it is sent. Without a server it is the lowest seat whose own snapshot has that hash. Every peer plays the inputs
//! after it again, and sees by the result who had been wrong.
use super::core::{Peer, Stage};
use crate::link::Difference;
use crate::options::Authority;
use crate::output::{EndReason, Output};
use crate::seats::SeatSet;
use crate::world::World;

/// A match whose states differ again and again is no match: after so many epochs it ends.
pub const MOST_EPOCHS: u32 = 16;

impl Peer {
    /// Without a server: the lowest seat that can begins a new epoch when states differ. With one, what may be needed for it is kept.
    pub(super) fn resynchronise<W: World>(&mut self, world: &mut W, out: &mut dyn FnMut(Output<'_>)) {
        if self.stage != Stage::Playing {
            return;
        }
        let others = self.others();
        let here = |seat: &u8| self.seen(*seat).filter(|link| link.epoch == self.epoch && !link.joining);
        let differs =
            self.difference.is_some() || others.iter().any(|seat| here(&seat).is_some_and(|link| link.desync));
        if self.options.authority != Authority::Peers {
            // The server may not know what policies remember, and then all go on from their own: it is kept while it can be gone back to.
            if differs && self.transfer.kept.replace(self.epoch) != Some(self.epoch) {
                self.make_state(self.epoch, world);
            }
            return;
        }
        // Where somebody is an epoch ahead, its state is on its way.
        let ahead = |seat: u8| self.seen(seat).is_some_and(|link| link.epoch > self.epoch);
        if !differs || others.iter().any(ahead) {
            return;
        }
        if self.epoch >= MOST_EPOCHS {
            self.unfit = true;
            self.end(EndReason::Desync, out);
            return;
        }
        let fit = |seat: &u8| here(seat).is_some_and(|link| !link.unfit);
        let lower = others.iter().any(|seat| seat < self.options.seat && fit(&seat));
        if self.unfit {
            // Who is an epoch behind has a state as well, and comes after.
            let has_none = |seat: u8| {
                self.seen(seat).is_some_and(|link| link.joining) || here(&seat).is_some_and(|link| link.unfit)
            };
            if others.iter().all(has_none) {
                self.end(EndReason::Desync, out);
            }
        } else if !lower {
            self.unfit = !self.make_state(self.epoch + 1, world);
            if !self.unfit {
                let bytes = core::mem::take(&mut self.transfer.outgoing);
                self.take_checkpoint(&bytes, world, out);
            }
        }
    }

    /// Whether somebody ended because no state stays true, and this peer has none either: it ends so, too.
    pub(super) fn differs_for_good(&self) -> bool {
        let ended_so = |seat: u8| self.seen(seat).is_some_and(|link| link.unfit && link.epoch == self.epoch);
        (self.unfit || self.epoch >= MOST_EPOCHS) && self.left.iter().any(ended_so)
    }

    /// Who was wrong, now that the frames have been played from a state that all agreed on.
    pub(super) fn wrong(&self, difference: &Difference) -> SeatSet {
        let truth = self.timeline.chain(difference.frames);
        let wrong = |seat: u8, claimed: u64| (truth != Some(claimed)).then_some(seat);
        let both = [wrong(self.options.seat, difference.mine), wrong(difference.seat, difference.theirs)];
        both.into_iter().flatten().collect()
    }
}
