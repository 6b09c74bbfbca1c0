//! States that are made for others.
use super::core::Peer;
use super::transfer::WANTED_MS;
use crate::chain;
use crate::checkpoint::Checkpoint;
use crate::seats::{MOST_SEATS, NEVER};
use crate::world::World;

impl Peer {
    /// Makes the state that somebody who joins wants, unless one is there that will do.
    pub(super) fn serve<W: World>(&mut self, world: &mut W) {
        let wanted = |link: &&crate::link::Link| link.wants.is_some() && self.clock - link.wanted < WANTED_MS;
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

    /// Makes the state of the newest frame that all agree on. False where the snapshot of it has another hash.
    pub(super) fn make_state<W: World>(&mut self, epoch: u32, world: &mut W) -> bool {
        let (settled, shown) = (self.timeline.settled, self.timeline.frame);
        let fresh = self.begun && self.timeline.episode_start == settled;
        let over = self.timeline.over && settled == shown;
        let mut until = [NEVER; MOST_SEATS];
        for (seat, end) in self.ends() {
            if let Some(place) = until.get_mut(usize::from(seat)) {
                *place = end;
            }
        }
        let checkpoint = Checkpoint {
            match_id: self.options.match_id,
            epoch,
            frame: settled,
            episode: self.timeline.episode,
            fresh: fresh && !over,
            over,
            done: self.done,
            until,
            partial: self.timeline.partial(settled),
            chain: self.timeline.chain(settled).unwrap_or(0),
            state: &[],
        };
        let bytes = &mut self.transfer.outgoing;
        bytes.clear();
        checkpoint.write(bytes);
        let mut true_state = true;
        if !checkpoint.fresh {
            true_state = self.timeline.go_back(world, settled);
            world.save(bytes);
            true_state &= chain::with_state(checkpoint.partial, world.hash()) == checkpoint.chain;
            if !over {
                self.timeline.go_forth(world, shown);
                self.timeline.finalise();
            }
        }
        (self.transfer.epoch, self.transfer.frame) = (epoch, settled);
        true_state
    }
}
