//! States that are passed on: to who joins, and to all after states were found to differ.
//!
//! What all have agreed on is certain. So a match is resynchronised from the last such frame, whose hash everybody knows: whoever
//! sends that state cannot send another, and it matters little who does. Without a server it is the lowest seat whose own snapshot
//! has that hash. Every peer plays the inputs after it again, and sees by the result who had been wrong.
use super::{Peer, Stage};
use crate::chain;
use crate::checkpoint::Checkpoint;
use crate::options::Authority;
use crate::output::{EndReason, Output};
use crate::seats::SeatSet;
use crate::timeline::NEVER;
use crate::wire::Piece;
use crate::world::World;

/// A match whose states differ again and again is no match.
const MOST_EPOCHS: u32 = 16;
/// How long a state is kept for somebody who wants it, and how long a sender may be silent.
const WANTED_MS: f64 = 1_000.0;

/// Two histories of the same inputs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Difference {
    /// How many frames they have.
    pub(crate) frames: u32,
    pub(crate) seat: u8,
    pub(crate) mine: u64,
    pub(crate) theirs: u64,
}

/// A state on its way.
#[derive(Default)]
pub(crate) struct Transfer {
    /// What this peer passes on, its epoch and its frame.
    outgoing: Vec<u8>,
    epoch: u32,
    frame: u32,
    /// What it gets, from whom, and of which epoch.
    incoming: Vec<u8>,
    from: Option<u8>,
    incoming_epoch: u32,
    total: u32,
}

impl Transfer {
    /// The state of an epoch, if there is one to pass on.
    pub(crate) fn outgoing(&self, epoch: u32) -> Option<&[u8]> {
        (!self.outgoing.is_empty() && self.epoch == epoch).then_some(&self.outgoing)
    }

    /// From where on a state is wanted from a peer.
    pub(crate) fn wants(&self, seat: u8) -> Option<u32> {
        (self.from == Some(seat)).then_some(self.incoming.len() as u32)
    }

    fn begin(&mut self, from: Option<u8>, epoch: u32) {
        self.from = from;
        self.incoming_epoch = epoch;
        self.incoming.clear();
        self.total = 0;
    }
}

impl Peer {
    /// Chooses from whom to get a state, where this peer has none or is behind in epochs.
    pub(super) fn pull(&mut self) {
        let joining = self.stage == Stage::Joining;
        let gives = |seat: &u8| {
            self.seen(*seat).filter(|link| {
                let ahead = joining || link.epoch > self.epoch;
                link.met && !link.joining && ahead && self.clock - link.came < WANTED_MS
            })
        };
        let from = self.transfer.from.filter(|from| self.others().contains(*from));
        let stays = from.and_then(|from| gives(&from)).is_some_and(|link| link.epoch == self.transfer.incoming_epoch);
        if stays {
            return;
        }
        let candidates = self.others().iter().filter_map(|seat| Some((seat, gives(&seat)?.epoch)));
        // The newest epoch, from the lowest seat.
        let best = candidates.max_by_key(|(seat, epoch)| (*epoch, u8::MAX - *seat));
        self.transfer.begin(best.map(|(seat, _)| seat), best.map_or(0, |(_, epoch)| epoch));
    }

    /// A part of a state came.
    pub(super) fn take_piece<W: World>(
        &mut self,
        from: u8,
        epoch: u32,
        piece: Piece<'_>,
        world: &mut W,
        out: &mut dyn FnMut(Output<'_>),
    ) {
        let longest = self.options.longest_state;
        let transfer = &mut self.transfer;
        if transfer.from != Some(from) || transfer.incoming_epoch != epoch || piece.total as usize > longest {
            return;
        }
        if transfer.total != piece.total {
            transfer.incoming.clear();
            transfer.total = piece.total;
        }
        let at = transfer.incoming.len();
        if piece.offset as usize != at || at + piece.bytes.len() > piece.total as usize {
            return;
        }
        transfer.incoming.extend_from_slice(piece.bytes);
        if transfer.incoming.len() == piece.total as usize {
            let bytes = core::mem::take(&mut transfer.incoming);
            transfer.begin(None, 0);
            self.take_checkpoint(&bytes, world, out);
        }
    }

    /// Goes on from a state. False, and nothing changed, where that is none to go on from.
    pub(super) fn take_checkpoint<W: World>(
        &mut self,
        bytes: &[u8],
        world: &mut W,
        out: &mut dyn FnMut(Output<'_>),
    ) -> bool {
        let joining = self.stage == Stage::Joining;
        let Some(checkpoint) = Checkpoint::read(bytes).filter(|read| read.match_id == self.options.match_id) else {
            return false;
        };
        let newer = if joining { checkpoint.epoch >= self.epoch } else { checkpoint.epoch > self.epoch };
        if !newer || self.ended().is_some() || bytes.len() > self.options.longest_state {
            return false;
        }
        if !joining {
            let reachable = checkpoint.frame <= self.timeline.finals && checkpoint.frame >= self.timeline.oldest();
            if !reachable || self.timeline.chain(checkpoint.frame) != Some(checkpoint.chain) {
                return false;
            }
        }
        if !checkpoint.load(world, self.options.seed) {
            if !joining {
                self.timeline.go_back_again(world);
            }
            return false;
        }
        if joining {
            self.adopt(&checkpoint, out);
        }
        self.go_on_from(&checkpoint, world, out);
        self.transfer.outgoing.clear();
        self.transfer.outgoing.extend_from_slice(bytes);
        (self.transfer.epoch, self.transfer.frame) = (checkpoint.epoch, checkpoint.frame);
        true
    }

    /// A peer without a state begins with what one says.
    fn adopt(&mut self, checkpoint: &Checkpoint<'_>, out: &mut dyn FnMut(Output<'_>)) {
        self.stage = Stage::Playing;
        self.begun = true;
        self.acts = false;
        self.timeline.adopt(checkpoint.frame);
        for seat in checkpoint.done.iter().filter(|seat| self.people.contains(*seat)).collect::<SeatSet>().iter() {
            let until = checkpoint.until.get(usize::from(seat)).copied().unwrap_or(NEVER);
            self.lose(seat, crate::LeaveReason::Told);
            self.finish_seat(seat, until, out);
        }
        self.view = self.people.without(self.gone);
    }

    fn go_on_from<W: World>(&mut self, checkpoint: &Checkpoint<'_>, world: &mut W, out: &mut dyn FnMut(Output<'_>)) {
        let shown = self.timeline.frame.max(checkpoint.frame);
        let settled = self.timeline.settled;
        let known = self.timeline.chain(settled);
        self.timeline.go_on_from(checkpoint);
        self.over_since = None;
        self.timeline.go_forth(world, shown);
        // An episode that all know to be over lies behind: this peer had begun the next.
        while self.timeline.over && self.timeline.frame <= settled && self.timeline.frame < shown {
            let next = self.timeline.episode.saturating_add(1);
            world.reset(next, chain::episode_seed(self.options.seed, next));
            self.timeline.begin_episode(next);
            self.timeline.go_forth(world, shown);
        }
        self.timeline.finalise();
        self.epoch = checkpoint.epoch;
        for link in &mut self.links {
            link.claims.clear();
            link.agreed = checkpoint.frame;
            (link.desync, link.wants) = (false, None);
        }
        let difference = self.difference.take();
        let wrong = difference.map_or(SeatSet::NONE, |difference| self.wrong(&difference));
        out(Output::Resynced { epoch: self.epoch, frame: checkpoint.frame, wrong });
        self.stats.resyncs += 1;
        if known.is_some() && self.timeline.chain(settled) != known {
            // What was agreed on does not come out again: this world is no function of its inputs.
            self.end(EndReason::Desync, out);
        }
    }

    /// Who was wrong, now that the frames have been played from a state that all agreed on.
    fn wrong(&self, difference: &Difference) -> SeatSet {
        let truth = self.timeline.chain(difference.frames);
        let wrong = |seat: u8, claimed: u64| (truth != Some(claimed)).then_some(seat);
        let both = [wrong(self.options.seat, difference.mine), wrong(difference.seat, difference.theirs)];
        both.into_iter().flatten().collect()
    }

    /// Without a server: the lowest seat that can begins a new epoch when states differ.
    pub(super) fn resynchronise<W: World>(&mut self, world: &mut W, out: &mut dyn FnMut(Output<'_>)) {
        if self.options.authority != Authority::Peers || self.stage != Stage::Playing {
            return;
        }
        let others = self.others();
        let here = |seat: &u8| self.seen(*seat).filter(|link| link.epoch == self.epoch && !link.joining);
        let differs =
            self.difference.is_some() || others.iter().any(|seat| here(&seat).is_some_and(|link| link.desync));
        if !differs {
            return;
        }
        if self.epoch >= MOST_EPOCHS {
            self.end(EndReason::Desync, out);
            return;
        }
        let fit = |seat: &u8| here(seat).is_some_and(|link| !link.unfit);
        let lower = others.iter().any(|seat| seat < self.options.seat && fit(&seat));
        if self.unfit {
            if !others.iter().any(|seat| fit(&seat)) {
                self.end(EndReason::Desync, out);
            }
        } else if !lower {
            self.unfit = !self.make_state(self.epoch + 1, world);
            let bytes = core::mem::take(&mut self.transfer.outgoing);
            if !self.unfit {
                self.take_checkpoint(&bytes, world, out);
            }
        }
    }

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
    fn make_state<W: World>(&mut self, epoch: u32, world: &mut W) -> bool {
        let (settled, shown) = (self.timeline.settled, self.timeline.frame);
        let fresh = self.begun && self.timeline.episode_start == settled;
        let over = self.timeline.over && settled == shown;
        let mut until = [NEVER; crate::MOST_SEATS];
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

    /// A peer that started anew acts again when all others know that it did, and it knows all that they have of it.
    pub(super) fn resume(&mut self) {
        let own = self.timeline.held_of(self.options.seat);
        let knows = |seat: u8| {
            self.seen(seat).is_some_and(|link| {
                let told = link.met && link.known_incarnation == self.options.incarnation;
                told && (link.joining || link.held_of(self.options.seat) <= own)
            })
        };
        self.acts = self.acts || self.others().iter().all(knows);
    }
}
