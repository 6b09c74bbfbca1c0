//! All that was confirmed, by anybody, as a tree: a frame in two ways is a fork. However many lives confirmed a frame, whatever they
//! forgot and whether anybody was there to contradict, each way from the root comes out again when it is played alone.
use std::collections::BTreeMap;

use palaestra_rollback::{Follower, JointAction};

use crate::plan::Plan;
use crate::world::{Chaos, Rules};

/// A frame as it was confirmed.
#[derive(Clone, Debug)]
pub(crate) struct Confirmed {
    /// The chain before it. `None` for the first frame, and where nobody who confirmed it had the frame before.
    pub(crate) before: Option<u64>,
    pub(crate) actions: Vec<u8>,
    pub(crate) hash: u64,
    /// Whether all others had left for everybody who confirmed it: nobody could notice that a state was changed.
    pub(crate) alone: bool,
    /// The bits that were changed of the state before it, where it was confirmed alone.
    pub(crate) changes: Vec<u64>,
}

#[derive(Default)]
pub(crate) struct Histories {
    /// By frame and the chain after it.
    frames: BTreeMap<(u32, u64), Confirmed>,
}

/// What came of playing all of it again.
#[derive(Default)]
pub(crate) struct Replayed {
    pub(crate) complaints: Vec<String>,
    /// The first frame whose state was changed where nobody could notice it.
    pub(crate) changed: Option<u32>,
}

impl Histories {
    /// Takes in a frame. What is wrong with it, if anything: a chain is a hash of all before.
    pub(crate) fn add(&mut self, frame: u32, chain: u64, told: Confirmed) -> Option<String> {
        let Some(known) = self.frames.get_mut(&(frame, chain)) else {
            self.frames.insert((frame, chain), told);
            return None;
        };
        known.before = known.before.or(told.before);
        known.alone &= told.alone;
        known.changes.extend(told.changes);
        let same = (&known.actions, known.hash) == (&told.actions, told.hash);
        let follows = told.before.is_none() || told.before == known.before;
        (!same || !follows).then(|| "has the chain of another".to_owned())
    }

    /// Whether a frame was confirmed in two ways.
    pub(crate) fn forks_at(&self, frame: u32) -> bool {
        self.ways(frame).count() > 1
    }

    /// The first frame that was.
    pub(crate) fn first_fork(&self) -> Option<u32> {
        let mut frames = self.frames.keys().zip(self.frames.keys().skip(1));
        frames.find(|((frame, _), (next, _))| frame == next).map(|((frame, _), _)| *frame)
    }

    fn ways(&self, frame: u32) -> impl Iterator<Item = (u64, &Confirmed)> {
        self.frames.range((frame, 0)..=(frame, u64::MAX)).map(|((_, chain), told)| (*chain, told))
    }

    /// Plays every way from the beginning.
    pub(crate) fn replay(&self, plan: &Plan) -> Replayed {
        let options = plan.options(0, 1);
        let mut world = Chaos::new(Rules { snapshots: 1, ..plan.rules });
        let follower = Follower::new(&options, &mut world);
        let joint = JointAction::new(options.seats.iter().map(|_| Chaos::longest(&plan.rules)));
        let mut replay =
            Replay { histories: self, plan, joint, reached: BTreeMap::new(), replayed: Replayed::default() };
        replay.walk(follower, world);
        let mut replayed = replay.replayed;
        let reached = replay.reached;
        // Of many that follow from one another the first says it.
        let lost = self.frames.keys().find(|key| !reached.contains_key(key));
        if let Some((frame, _)) = lost.filter(|_| replayed.complaints.is_empty()) {
            replayed.complaints.push(format!("frame {frame} follows from nothing that was confirmed"));
        }
        replayed
    }
}

struct Replay<'a> {
    histories: &'a Histories,
    plan: &'a Plan,
    joint: JointAction,
    reached: BTreeMap<(u32, u64), ()>,
    replayed: Replayed,
}

impl Replay<'_> {
    /// Plays what was confirmed after the frame that was played last, each way of it.
    fn walk(&mut self, mut follower: Follower, mut world: Chaos) {
        loop {
            let (frame, before) = (follower.frame(), follower.chain());
            let follows = |told: &Confirmed| told.before.is_none_or(|known| known == before);
            let ways: Vec<_> = self.histories.ways(frame).filter(|(_, told)| follows(told)).collect();
            let Some(((last, last_told), others)) = ways.split_last() else { return };
            let mut state = Vec::new();
            follower.checkpoint(0, &world, &mut state);
            for (chain, told) in others {
                let mut world = world.clone();
                let copy = Follower::from_checkpoint(&self.plan.options(0, 1), &state, &mut world);
                if let Some(follower) = copy.ok().and_then(|copy| self.play(copy, &mut world, *chain, told, &state)) {
                    self.walk(follower, world);
                }
            }
            match self.play(follower, &mut world, *last, last_told, &state) {
                Some(next) => follower = next,
                None => return,
            }
        }
    }

    /// Plays a frame: as it is, and where that is not what was confirmed, and nobody could notice, from the state as it was changed.
    fn play(
        &mut self,
        follower: Follower,
        world: &mut Chaos,
        chain: u64,
        told: &Confirmed,
        state: &[u8],
    ) -> Option<Follower> {
        let frame = follower.frame();
        let changes = if told.alone { told.changes.as_slice() } else { &[] };
        let mut follower = Some(follower);
        for some in 0..1_u32 << changes.len() {
            let flips = (0..).zip(changes).filter(|(at, _)| some >> at & 1 != 0).fold(0, |all, (_, bits)| all ^ bits);
            let mut tried = match follower.take() {
                Some(follower) => follower,
                None => Follower::from_checkpoint(&self.plan.options(0, 1), state, world).ok()?,
            };
            world.flips = flips;
            self.joint.read(&told.actions)?;
            let played = tried.play(frame, self.joint.actions(), world);
            if played.is_ok() && tried.chain() == chain {
                self.reached.insert((frame, chain), ());
                if some != 0 {
                    self.replayed.changed = Some(self.replayed.changed.map_or(frame, |first| first.min(frame)));
                }
                return Some(tried);
            }
        }
        // Who took over a state may have got it from another history.
        if told.before.is_some() || frame == 0 {
            self.replayed.complaints.push(format!("frame {frame} comes out otherwise when it is replayed"));
        }
        None
    }
}
