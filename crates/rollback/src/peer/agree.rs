//! What all have played alike: claims, confirmed frames, episodes, the end.
use super::core::{Peer, Stage};
use crate::chain::episode_seed;
use crate::link::{Claim, Difference};
use crate::output::{EndReason, Output};
use crate::world::World;

impl Peer {
    /// Counts what is final, compares what others claim of it, and confirms what all agree on.
    pub(super) fn agree(&mut self, out: &mut dyn FnMut(Output<'_>)) {
        if self.stage != Stage::Playing {
            return;
        }
        self.timeline.finalise();
        let mut settled = self.timeline.finals;
        // Also of those who have gone, until all know what their last frames were: nothing is confirmed meanwhile that may not be so.
        let own = [self.options.seat].into_iter().collect();
        for seat in self.people.without(self.done).without(own).iter() {
            self.compare_claims(seat, out);
            settled = settled.min(self.seen(seat).map_or(settled, |link| link.agreed));
        }
        while self.timeline.settled < settled {
            let frame = self.timeline.settled;
            let (actions, hash) = (self.timeline.actions(frame), self.timeline.hash(frame));
            let chain = self.timeline.chain(frame + 1).unwrap_or(0);
            out(Output::Confirmed { frame, episode: self.timeline.episode, actions, hash, chain });
            self.timeline.settled += 1;
            self.stats.confirmed += 1;
        }
    }

    /// Compares the claims of a peer about frames that are final here by now.
    fn compare_claims(&mut self, seat: u8, out: &mut dyn FnMut(Output<'_>)) {
        let finals = self.timeline.finals;
        let Some(link) = self.link(seat) else { return };
        let ready = link.claims.iter().take_while(|claim| claim.frames <= finals).count();
        for at in 0..ready {
            if let Some(claim) = self.link(seat).and_then(|link| link.claims.get(at).copied()) {
                self.compare(seat, claim, out);
            }
        }
        if let Some(link) = self.link(seat) {
            link.claims.drain(..ready);
        }
    }

    /// Compares a claim about frames that are final here.
    fn compare(&mut self, seat: u8, claim: Claim, out: &mut dyn FnMut(Output<'_>)) {
        let Some(mine) = self.timeline.chain(claim.frames).filter(|_| self.is_comparable(claim)) else { return };
        if mine == claim.chain {
            if let Some(link) = self.link(seat) {
                link.agreed = link.agreed.max(claim.frames);
            }
        } else if self.difference.is_none() {
            let difference = Difference { frames: claim.frames, seat, mine, theirs: claim.chain };
            self.difference = Some(difference);
            self.stats.desyncs += 1;
            let frame = claim.frames.saturating_sub(1);
            out(Output::Desync { frame, seat, mine, theirs: claim.chain });
        }
    }

    /// Frames that one of the two has played with a leaver's last inputs and the other without are of different histories, and nobody
    /// is wrong.
    fn is_comparable(&self, claim: Claim) -> bool {
        let knows = claim.done.without(self.done).is_empty();
        let mut news = self.done.without(claim.done).iter();
        knows && news.all(|seat| claim.frames <= self.timeline.until_of(seat))
    }

    /// A peer claims that its history has such a hash.
    pub(super) fn hear_claim(&mut self, seat: u8, claim: Claim, out: &mut dyn FnMut(Output<'_>)) {
        if claim.frames <= self.timeline.finals && self.timeline.to_replay() == 0 {
            self.compare(seat, claim, out);
        } else if let Some(link) = self.link(seat) {
            link.claim(claim);
        }
    }

    /// Of a leaver's last frame all know now: what was claimed of frames after it was another history.
    pub(super) fn forget_claims_after(&mut self, frames: u32) {
        for link in &mut self.links {
            link.claims.clear();
            link.agreed = link.agreed.min(frames);
        }
    }

    pub(super) fn begin_episode<W: World>(&mut self, episode: u32, world: &mut W, out: &mut dyn FnMut(Output<'_>)) {
        let seed = episode_seed(self.options.seed, episode);
        world.reset(episode, seed);
        self.begun = true;
        self.over_since = None;
        self.timeline.begin_episode(episode);
        out(Output::EpisodeBegan { episode, frame: self.timeline.frame, seed });
    }

    /// Ends the episode, and the match, where all agree that it is over; begins the next.
    pub(super) fn turn<W: World>(&mut self, world: &mut W, out: &mut dyn FnMut(Output<'_>)) {
        if self.stage != Stage::Playing {
            return;
        }
        let (settled, episode) = (self.timeline.settled, self.timeline.episode);
        let over = self.timeline.over && settled == self.timeline.frame;
        if over && self.over_since.is_none() {
            self.over_since = Some(self.clock);
            out(Output::EpisodeOver { episode, frame: settled.saturating_sub(1) });
        }
        if settled >= self.limit() {
            let partner_left = settled >= self.timeline.end_of_match();
            self.end(if partner_left { EndReason::PartnerLeft } else { EndReason::Complete }, out);
        } else if let Some(since) = self.over_since.filter(|_| over) {
            let next = episode.saturating_add(1);
            if self.options.episodes.is_some_and(|most| next >= most) {
                self.end(EndReason::Complete, out);
            } else if self.clock - since >= self.options.episode_pause {
                self.begin_episode(next, world, out);
            }
        }
    }
}
