//! What is done at every tick, in this order: what was mispredicted is played again; what is final is agreed on; the next frame is
//! played, or the game waits; packets go out. Whether it waits is decided before anything changes.
use super::core::{Peer, Stage};
use crate::output::{EndReason, Output};
use crate::seats::{NEVER, SeatSet};
use crate::world::World;

/// Whether the next frame can be played.
enum Next {
    Play,
    /// The game itself waits: between episodes, at its end, for this peer's own key.
    Wait,
    /// It waits for others.
    Stall(SeatSet),
}

impl Peer {
    pub(super) fn tick<W: World>(&mut self, action: Option<&[u8]>, world: &mut W, out: &mut dyn FnMut(Output<'_>)) {
        if self.now < self.pace.due() || matches!(self.stage, Stage::Over(_)) {
            return;
        }
        self.pace.take(self.now);
        self.ticks += 1;
        let shown = self.timeline.frame;
        let mut changed = false;
        if matches!(self.stage, Stage::Joining | Stage::Playing) {
            self.watch(out);
            self.pull();
            self.give_up(out);
        }
        if self.stage == Stage::Playing {
            if !self.begun {
                self.begin_episode(0, world, out);
            }
            self.resume();
            self.take_action(action, world);
            changed = self.replay(world, out);
            self.agree(out);
            self.turn(world, out);
            self.advance(world, out);
            self.agree(out);
            self.turn(world, out);
            self.decide(out);
            self.resynchronise(world, out);
        }
        if self.stage == Stage::Playing || self.ended().is_some_and(|reason| !reason.is_leaving()) {
            self.serve(world);
        }
        self.be_patient(out);
        self.pace.steer(self.ahead().into());
        self.send_all(out);
        self.linger();
        let frame = self.timeline.frame;
        if let Some(last) = frame.checked_sub(1).filter(|_| changed || frame != shown) {
            self.stalled = if frame > shown { SeatSet::NONE } else { self.stalled };
            out(Output::Step { frame: last, predicted: frame.saturating_sub(self.timeline.finals) });
        }
    }

    /// What the person does counts for the frame that lies the input delay ahead; at a stall it is asked for once.
    fn take_action<W: World>(&mut self, action: Option<&[u8]>, world: &mut W) {
        let seat = self.options.seat;
        let mut action = action;
        if action.is_some_and(|action| !world.accepts(seat, action)) {
            self.stats.bad_local_actions += 1;
            action = None;
        }
        let mut idle = core::mem::take(&mut self.scratch);
        idle.clear();
        if self.options.delay > 0 && !world.idle(seat, &mut idle) {
            // Without an idle action the frames before the delay could never be played.
            self.options.delay = 0;
        }
        // At the start the frames before the delay have no action of the person's: they are idle.
        while self.takes_action() {
            let own = self.timeline.held_of(seat);
            let last = own == self.timeline.frame.saturating_add(self.options.delay);
            idle.clear();
            let pushed = match action.filter(|_| last) {
                Some(action) => self.timeline.push(seat, action),
                None => world.idle(seat, &mut idle) && self.timeline.push(seat, &idle),
            };
            if !pushed || last {
                break;
            }
        }
        self.scratch = idle;
    }

    /// Plays again what was predicted wrongly. Whether anything was.
    fn replay<W: World>(&mut self, world: &mut W, out: &mut dyn FnMut(Output<'_>)) -> bool {
        let depth = self.timeline.to_replay();
        if depth == 0 {
            return false;
        }
        self.stats.rollbacks += 1;
        self.stats.rolled_back += u64::from(depth);
        self.stats.deepest = self.stats.deepest.max(depth);
        if !self.timeline.replay(world) {
            self.end(EndReason::Desync, out);
        }
        true
    }

    /// The first frame that this match will not have.
    pub(super) fn limit(&self) -> u32 {
        self.options.most_frames.unwrap_or(NEVER).min(self.timeline.end_of_match())
    }

    fn next(&self) -> Next {
        let (timeline, window) = (&self.timeline, self.options.window);
        let frame = timeline.frame;
        if timeline.over || frame >= self.limit() || timeline.known_of(self.options.seat) <= frame {
            return Next::Wait;
        }
        let own = [self.options.seat].into_iter().collect();
        let others = self.people.without(own);
        let lack = |seat: &u8| timeline.known_of(*seat).saturating_add(window) <= frame;
        let missing: SeatSet = others.iter().filter(lack).collect();
        if !missing.is_empty() {
            return Next::Stall(missing);
        }
        // What is not agreed on has to stay within reach of the snapshots.
        if frame - timeline.settled >= self.options.snapshots() {
            let agreed = |seat: &u8| self.seen(*seat).is_some_and(|link| link.agreed <= timeline.settled);
            return Next::Stall(self.others().iter().filter(agreed).collect());
        }
        Next::Play
    }

    fn advance<W: World>(&mut self, world: &mut W, out: &mut dyn FnMut(Output<'_>)) {
        if self.stage != Stage::Playing {
            return;
        }
        match self.next() {
            Next::Play => {
                let predicted = self.timeline.known(self.people) <= self.timeline.frame;
                if self.timeline.play(world) {
                    self.stats.predicted += u64::from(predicted);
                }
            }
            Next::Wait => {}
            Next::Stall(by) => {
                self.stats.stalls += 1;
                if by != self.stalled {
                    self.stalled = by;
                    out(Output::Stalled { by });
                }
            }
        }
    }

    /// By how many frames this peer is ahead of the others, on average.
    pub(super) fn ahead(&self) -> f32 {
        let measured = self.others().iter().filter_map(|seat| self.seen(seat)?.ahead());
        let (sum, count) = measured.fold((0.0, 0.0), |(sum, count), ahead| (sum + ahead, count + 1.0));
        if count > 0.0 { sum / count } else { 0.0 }
    }

    /// After its own end a peer stays for those who have not heard everything yet, as long as they are heard.
    fn linger(&mut self) {
        let Stage::Ended { reason, at } = self.stage else { return };
        let (leaves, linger) = (reason.is_leaving(), self.at_least(self.options.linger));
        let waits = |seat: &u8| {
            let link = self.seen(*seat);
            link.is_some_and(|link| !link.finished && self.clock - link.came < linger)
        };
        let needed = !leaves && self.others().iter().any(|seat| waits(&seat));
        let over = self.clock - at >= linger;
        let everybody = !leaves && self.others().iter().all(|seat| self.seen(seat).is_some_and(|link| link.finished));
        if (over && !needed) || (everybody && self.clock - at >= linger / 4.0) {
            self.stage = Stage::Over(reason);
        }
    }
}
