//! States that are taken over: by who joins, and by all after states were found to differ.
use super::core::{Peer, Stage};
use super::transfer::WANTED_MS;
use crate::chain;
use crate::checkpoint::Checkpoint;
use crate::output::{EndReason, LeaveReason, Output};
use crate::seats::{NEVER, SeatSet};
use crate::wire::Piece;
use crate::world::World;

impl Peer {
    /// Chooses from whom to get a state, where this peer has none or is behind in epochs.
    pub(super) fn pull(&mut self) {
        let joining = self.stage == Stage::Joining;
        let gives = |seat: &u8| {
            self.seen(*seat).filter(|link| {
                let ahead = joining || link.epoch > self.epoch;
                link.met && !link.joining && ahead && self.clock - link.came < self.at_least(WANTED_MS)
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
            if Checkpoint::read(&bytes).is_some_and(|read| read.epoch == epoch) {
                self.take_checkpoint(&bytes, world, out);
            }
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
        if joining && (checkpoint.own || self.lies_behind(&checkpoint)) {
            return false;
        }
        if !joining && (checkpoint.own || !self.reaches(&checkpoint)) {
            return self.take_own(checkpoint.epoch, world, out);
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

    /// Whether a state is one of after the match's end, which nobody plays: it would be over for whoever believed it.
    fn lies_behind(&self, checkpoint: &Checkpoint<'_>) -> bool {
        let (most, episodes) = (self.options.most_frames, self.options.episodes);
        let ended = most.is_some_and(|most| checkpoint.frame.saturating_add(checkpoint.fresh.into()) > most.max(1));
        ended || episodes.is_some_and(|most| checkpoint.episode >= most.max(1))
    }

    /// Whether this peer's own history has that state in it.
    pub(super) fn reaches(&self, checkpoint: &Checkpoint<'_>) -> bool {
        let timeline = &self.timeline;
        let reachable = checkpoint.frame <= timeline.finals && checkpoint.frame >= timeline.oldest();
        reachable && timeline.chain(checkpoint.frame) == Some(checkpoint.chain)
    }

    /// A new epoch's state lies before all that a peer knows that joined late, or behind where it went wrong itself, having joined late.
    /// Its own state that all agree on does as well: that of a snapshot, or the one that it was given.
    fn take_own<W: World>(&mut self, epoch: u32, world: &mut W, out: &mut dyn FnMut(Output<'_>)) -> bool {
        if !self.make_state(epoch, world) {
            return false;
        }
        let bytes = core::mem::take(&mut self.transfer.outgoing);
        let Some(own) = Checkpoint::read(&bytes).filter(|own| self.reaches(own)) else { return false };
        if !own.load(world, self.options.seed) {
            self.timeline.go_back_again(world);
            return false;
        }
        self.go_on_from(&own, world, out);
        self.transfer.outgoing = bytes;
        true
    }

    /// A peer without a state begins with what one says.
    fn adopt(&mut self, checkpoint: &Checkpoint<'_>, out: &mut dyn FnMut(Output<'_>)) {
        self.stage = Stage::Playing;
        self.begun = true;
        self.acts = false;
        self.timeline.adopt(checkpoint.frame);
        let news = |seat: &u8| self.people.contains(*seat) && !self.done.contains(*seat);
        let news: SeatSet = checkpoint.done.iter().filter(news).collect();
        for seat in news.iter() {
            let until = checkpoint.until.get(usize::from(seat)).copied().unwrap_or(NEVER);
            self.lose(seat, LeaveReason::Told);
            self.finish_seat(seat, until, out);
        }
        self.view = self.people.without(self.gone);
    }

    fn go_on_from<W: World>(&mut self, checkpoint: &Checkpoint<'_>, world: &mut W, out: &mut dyn FnMut(Output<'_>)) {
        // A leaver whose last frame ends the match may have been pronounced since the latest tick.
        let shown = self.timeline.frame.min(self.timeline.end_of_match()).max(checkpoint.frame);
        let (settled, episode) = (self.timeline.settled, self.timeline.episode);
        let known = self.timeline.chain(settled);
        self.timeline.go_on_from(checkpoint);
        self.over_since = None;
        self.timeline.go_forth(world, shown);
        // An episode that all know to be over lies behind: this peer had begun the next, and may have played none of it yet.
        while self.timeline.over
            && self.timeline.frame <= settled
            && (self.timeline.frame < shown || self.timeline.episode < episode)
        {
            let next = self.timeline.episode.saturating_add(1);
            world.reset(next, chain::episode_seed(self.options.seed, next));
            self.timeline.begin_episode(next);
            self.timeline.go_forth(world, shown);
        }
        self.timeline.finalise();
        self.epoch = checkpoint.epoch;
        self.unfit = false;
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
