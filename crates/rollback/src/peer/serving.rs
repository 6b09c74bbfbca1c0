//! States that are made for others.
use super::core::Peer;
use super::transfer::WANTED_MS;
use crate::chain;
use crate::checkpoint::Checkpoint;
use crate::world::World;

/// Snapshots that are looked at for a state that is as all know it.
const MOST_TRIES: u32 = 8;

impl Peer {
    /// Makes the state that somebody who joins wants, unless one is there that will do.
    pub(super) fn serve<W: World>(&mut self, world: &mut W) {
        let latest = self.clock - self.at_least(WANTED_MS);
        let wanted = |link: &&crate::link::Link| link.wants.is_some() && link.wanted > latest;
        let wanting = self.others().iter().filter_map(|seat| self.seen(seat)).filter(wanted);
        let (joining, begun) = wanting
            .fold((false, false), |(joining, begun), link| (joining || link.joining, begun || link.wants != Some(0)));
        // One that somebody has a part of is kept, unless inputs after it are gone by now.
        let there = self.transfer.outgoing(self.epoch).is_some() && self.transfer.frame >= self.timeline.oldest();
        let new = self.transfer.frame == self.timeline.settled;
        if joining && !(there && (begun || new)) {
            self.make_state(self.epoch, world);
        }
    }

    /// Makes the state of the newest frame that all agree on and whose snapshot has the hash that all know; where there is none, that
    /// which this peer was given. False, and nothing changed, where that cannot be gone on from either.
    pub(super) fn make_state<W: World>(&mut self, epoch: u32, world: &mut W) -> bool {
        let given = core::mem::take(&mut self.transfer.outgoing);
        let (of_epoch, of_frame) = (self.transfer.epoch, self.transfer.frame);
        if self.make_of_snapshots(epoch, world) || self.make_of_given(epoch, &given) {
            return true;
        }
        // Whoever is an epoch behind may still want it.
        self.transfer.outgoing = given;
        (self.transfer.epoch, self.transfer.frame) = (of_epoch, of_frame);
        false
    }

    fn make_of_snapshots<W: World>(&mut self, epoch: u32, world: &mut W) -> bool {
        let (settled, shown, over) = (self.timeline.settled, self.timeline.frame, self.timeline.over);
        let kept = (shown + 1).saturating_sub(self.options.snapshots());
        let oldest = self.timeline.episode_start.max(self.timeline.first_kept).max(kept);
        let newer = (0..MOST_TRIES).filter_map(|back| settled.checked_sub(back)).take_while(|frame| *frame >= oldest);
        let found = newer.into_iter().any(|frame| self.write_state(epoch, frame, over && frame == shown, world));
        if self.timeline.frame < shown {
            self.timeline.go_forth(world, shown);
            self.timeline.finalise();
        }
        found
    }

    /// A peer that joined late, or was put right, has no snapshots before the state that it was given.
    fn make_of_given(&mut self, epoch: u32, given: &[u8]) -> bool {
        let given = Checkpoint::read(given).filter(|given| given.frame <= self.timeline.settled && self.reaches(given));
        let Some(given) = given else { return false };
        self.transfer.outgoing.clear();
        let now = Checkpoint { epoch, done: self.done, until: self.timeline.until, ..given };
        now.write(&mut self.transfer.outgoing);
        (self.transfer.epoch, self.transfer.frame) = (epoch, given.frame);
        true
    }

    /// Writes the state of one frame. Whether it has the hash that all know. The world is left there.
    fn write_state<W: World>(&mut self, epoch: u32, frame: u32, over: bool, world: &mut W) -> bool {
        let timeline = &mut self.timeline;
        let checkpoint = Checkpoint {
            match_id: self.options.match_id,
            epoch,
            frame,
            episode: timeline.episode,
            fresh: self.begun && timeline.episode_start == frame && !over,
            over,
            own: false,
            done: self.done,
            until: timeline.until,
            partial: timeline.partial(frame),
            chain: timeline.chain(frame).unwrap_or(0),
            state: &[],
        };
        self.transfer.outgoing.clear();
        checkpoint.write(&mut self.transfer.outgoing);
        (self.transfer.epoch, self.transfer.frame) = (epoch, frame);
        if checkpoint.fresh {
            return true;
        }
        let there = timeline.go_back(world, frame);
        world.save(&mut self.transfer.outgoing);
        there && chain::with_state(checkpoint.partial, world.hash()) == checkpoint.chain
    }
}
