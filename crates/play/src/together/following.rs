//! How a match that is watched is played: from a state, frame by frame as the players confirmed them, at the game's pace.
use palaestra_env::ValueReader;
use palaestra_protocol::together::{Began, Shown, Told};
use palaestra_protocol::{ErrorCode, Failure, StepTimes, Stepped};
use palaestra_rollback::{Follower, JointAction, World};

use super::backlog::Backlog;
use super::frames::NO_TIMES;
use super::watching::{BUFFER_MS, WatchPort};
use super::world::MatchWorld;

/// With so much waiting, the match is played a little faster than its pace, by this factor.
const MUCH_MS: f64 = 2.0 * BUFFER_MS;
const A_LITTLE_FASTER: f64 = 0.9;
/// With so much waiting, it is played at once: up to so long at a time, since messages are to be heard meanwhile.
const FAR_BEHIND_MS: f64 = 4_000.0;
pub(super) const SLICE_MS: f64 = 12.0;
pub(super) const BREATH_MS: f64 = 1.0;

impl WatchPort {
    /// A state to go on from. Whoever has all up to there already has no need of it.
    pub(super) fn state(&mut self, now: f64, frame: u32, state: &[u8]) {
        if self.over || self.follower.is_some() && frame <= self.backlog.end() {
            return;
        }
        let Ok(follower) = Follower::from_checkpoint(&self.options, state, &mut self.world) else {
            let message = "expected a state of the match that is watched, found another";
            return self.fail(&Failure::new(ErrorCode::BadState, message));
        };
        (self.backlog, self.next) = (Backlog::begin_at(follower.frame()), None);
        let (frame, episode) = (follower.frame(), follower.episode());
        self.out.page(|out| Told::Joined { episode, frame }.write(out));
        self.draw();
        let shown =
            Shown { frame, predicted: 0, times: StepTimes { began: now, ..NO_TIMES }, scene: self.picture.bytes() };
        self.out.page(|out| shown.write(out));
        self.follower = Some(follower);
    }

    /// Plays what is due.
    pub(super) fn play(&mut self, at: f64, now: impl Fn() -> f64) {
        let period = 1000.0 / self.options.fps;
        let waits = |backlog: &Backlog| backlog.len() as f64 * period;
        // A few frames of a slow game are not far, and the latest is left to be seen.
        if waits(&self.backlog) > FAR_BEHIND_MS.max(4.0 * period) {
            while waits(&self.backlog) > BUFFER_MS.max(period) && now() < at + SLICE_MS && self.frame(at, false) {}
            self.next = (!self.backlog.is_empty()).then(|| now() + BREATH_MS);
        } else {
            let pace = if waits(&self.backlog) > MUCH_MS { period * A_LITTLE_FASTER } else { period };
            if self.frame(at, true) {
                // A Worker that the browser held up is late once, not for ever.
                let next = self.next.map_or(at, |next| (next + pace).max(at - period));
                self.next = (!self.backlog.is_empty()).then_some(next);
            }
        }
        if self.backlog.is_empty() && !self.over {
            self.tell_closed();
        }
    }

    /// Plays one frame, and tells of it; false where none was.
    fn frame(&mut self, at: f64, drawn: bool) -> bool {
        let Some(follower) = &mut self.follower else { return false };
        let (frame, episode) = (follower.frame(), follower.episode());
        let Some(confirmed) = self.backlog.next() else {
            self.next = None;
            return false;
        };
        let (due, began) = (self.next.unwrap_or(at), at);
        self.world.times = StepTimes { due, began, ended: at, ..NO_TIMES };
        let joint = set(&mut self.joint, &self.world, &confirmed.actions).then(|| self.joint.actions());
        if joint.is_none_or(|actions| follower.play(frame, actions, &mut self.world).is_err()) {
            let message = format!("expected frame {frame} to have actions of this environment, found others");
            self.fail(&Failure::new(ErrorCode::BadState, message));
            return false;
        }
        if follower.episode() != episode || frame == 0 {
            let (reset, episode) = (&self.world.began, follower.episode());
            let (returns, hash) = (reset.returned.returns(), Some(reset.hash));
            let scene = if self.scene { reset.returned.scene() } else { &[] };
            let event = Began { episode, frame, seed: reset.seed, returns, hash, scene };
            self.out.page(|out| event.write(out));
        }
        self.picture.clear();
        if drawn {
            self.draw();
        }
        let hash = self.world.hash();
        if hash != confirmed.hash && self.differs.is_none() {
            self.differs = Some(frame);
            self.out.page(|out| Told::Differs { seats: 0, frame }.write(out));
        }
        let returns = self.world.frames.get(frame).map_or(&[][..], |kept| &kept.returns);
        let step = Stepped {
            frame: frame.saturating_add(1),
            confirmed: true,
            times: self.world.times,
            slowed: 0.0,
            actions: &confirmed.actions,
            returns,
            hash: Some(hash),
            scene: self.picture.bytes(),
        };
        self.out.page(|out| step.write(out));
        true
    }

    fn draw(&mut self) {
        self.picture.clear();
        if self.scene {
            self.world.env.draw(&mut self.picture);
        }
    }
}

/// The joint action of a confirmed frame, which has one action behind the other.
fn set(joint: &mut JointAction, world: &MatchWorld, mut bytes: &[u8]) -> bool {
    for (seat, space) in (0_u8..).zip(&world.env.spec().action_spaces) {
        let mut reader = ValueReader::new(bytes);
        if reader.skip(space).is_err() {
            return false;
        }
        let (action, rest) = bytes.split_at_checked(bytes.len() - reader.left()).unwrap_or_default();
        if !joint.set(seat, action) {
            return false;
        }
        bytes = rest;
    }
    bytes.is_empty()
}
