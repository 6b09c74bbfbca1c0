//! Playing frames, and playing them again.
use super::frames::Timeline;
use crate::options::Dropout;
use crate::seats::NEVER;
use crate::world::{Outcome, World};

impl Timeline {
    /// Writes what everybody plays at the next frame. False, and nothing of the world changed, where nobody can say it.
    fn prepare<W: World>(&mut self, world: &mut W) -> bool {
        let frame = self.frame;
        let mut scratch = core::mem::take(&mut self.scratch);
        let mut all = true;
        for seat in self.people.iter() {
            let held = self.held_of(seat);
            let gone = frame >= self.until_of(seat);
            if (gone && self.dropout == Dropout::Policy) || (!gone && frame < held) {
                continue;
            }
            scratch.clear();
            let latest = held.checked_sub(1).filter(|latest| *latest >= self.oldest());
            let latest =
                latest.map(|latest| self.actions(latest).get(seat)).filter(|action| world.accepts(seat, action));
            match latest {
                Some(latest) if !gone => world.predict(seat, latest, &mut scratch),
                _ => all &= world.idle(seat, &mut scratch),
            }
            all &= self.set(frame, seat, &scratch);
        }
        self.scratch = scratch;
        all
    }

    /// Plays the next frame. False, and nothing changed, where somebody's action can not even be guessed.
    pub(crate) fn play<W: World>(&mut self, world: &mut W) -> bool {
        if !self.prepare(world) {
            return false;
        }
        let frame = self.frame;
        world.keep(frame);
        let mut scratch = core::mem::take(&mut self.scratch);
        for seat in 0..self.kinds.len() as u8 {
            if frame >= self.until_of(seat) && (!self.people.contains(seat) || self.dropout == Dropout::Policy) {
                scratch.clear();
                world.act(seat, &mut scratch);
                self.set(frame, seat, &scratch);
            }
        }
        self.scratch = scratch;
        self.over = world.step(frame, self.actions(frame)) == Outcome::Over;
        let (place, hash) = (self.place(frame), world.hash());
        if let Some(kept) = self.hashes.get_mut(place) {
            *kept = hash;
        }
        self.frame += 1;
        true
    }

    /// How many frames have to be played again.
    pub(crate) fn to_replay(&self) -> u32 {
        self.frame.saturating_sub(self.wrong)
    }

    /// Plays again what was played with wrong predictions. False where the world cannot go back.
    pub(crate) fn replay<W: World>(&mut self, world: &mut W) -> bool {
        let target = self.frame.min(self.end_of_match());
        let from = self.wrong;
        self.wrong = NEVER;
        let back = self.go_back(world, from);
        self.go_forth(world, target);
        back
    }

    /// Goes back to a frame that is not agreed on yet.
    pub(crate) fn go_back<W: World>(&mut self, world: &mut W, frame: u32) -> bool {
        if frame < self.frame {
            if !world.rewind(frame) {
                return false;
            }
            self.frame = frame;
            self.over = false;
        }
        true
    }

    /// Plays up to a frame, or to the end of the episode.
    pub(crate) fn go_forth<W: World>(&mut self, world: &mut W, target: u32) {
        while self.frame < target && !self.over && self.play(world) {}
    }

    /// The world is in some other state: it goes back to the newest that all agree on, and forth again.
    pub(crate) fn go_back_again<W: World>(&mut self, world: &mut W) {
        let (shown, settled) = (self.frame, self.settled);
        if settled < shown && self.go_back(world, settled) {
            self.go_forth(world, shown);
        }
    }
}
