//! What the peers' core drives: the environment with its policies, its snapshots, and what the latest frames returned.
use palaestra_env::{Env, Kwargs, StateWriter, Value, ValueReader, ValueWriter};
use palaestra_protocol::together::DropoutSetup;
use palaestra_protocol::{ErrorCode, Failure, Flags, SeatSetup, StepTimes};
use palaestra_rollback::{Actions, Outcome, World, episode_seed};

use super::frames::{Frames, NO_TIMES};
use crate::port::refused;
use crate::returned::Returned;
use crate::simulation::seats::{GivenPolicies, Seats, read_action};
use crate::simulation::snapshots::Snapshots;

/// One environment and the policies of all its seats: a person's seat has the one that plays it after the person has left.
///
/// A state is written as what policies from outside remember, behind its length, the generator of each seat, with eight numbers behind it
/// that are the memory of an expert or zeros, and then the environment's, as [`Env::save`] writes it.
pub struct MatchWorld {
    pub(super) env: Env,
    policies: Seats,
    /// Whose they are.
    setup: Vec<SeatSetup>,
    idle: Vec<Option<Vec<u8>>>,
    options: Kwargs,
    actions: Vec<Value>,
    writer: ValueWriter,
    snapshots: Snapshots,
    /// The frame that is to be kept next.
    next: u32,
    returned: Returned,
    pub(super) frames: Frames,
    /// Of the tick that is under way.
    pub(super) times: StepTimes,
    /// Of the state as it is, where it is known.
    hash: Option<u64>,
    /// Whether nothing has been played since the latest reset.
    fresh: bool,
    /// The latest reset.
    pub(super) began: Began,
    /// The hash of the state after the match's first reset, known before that: others who have another one play something else.
    pub(super) begins_at: u64,
    /// The latest frame that the environment refused to play; the episode ended there.
    pub(super) refused: Option<(u32, Failure)>,
    /// The environment's state as it was given. What some remember outlives a reset with a seed, and a record says only what was
    /// played from a new environment on: a match must find it as it is made, and leave it so.
    given: StateWriter,
}

/// What a reset came to.
#[derive(Default)]
pub(super) struct Began {
    pub(super) episode: u32,
    pub(super) seed: u64,
    /// The frame that came after it, if it was the reset before that frame.
    pub(super) frame: Option<u32>,
    pub(super) returned: Returned,
    pub(super) hash: u64,
}

impl MatchWorld {
    /// An environment of a match, whose resets have these options, with so many frames to go back to. `given` are policies from outside: for
    /// seats that are set up for one, and, where one takes a leaver's seat, for those of people.
    ///
    /// # Errors
    /// The environment, and a [`Failure`] for seats or options that do not fit it, or for a policy that was not given.
    pub fn new(
        mut env: Env,
        seats: &[SeatSetup],
        dropout: DropoutSetup,
        seed: u64,
        options: Kwargs,
        (snapshots, mut given_policies): (u32, GivenPolicies),
    ) -> Result<Self, Box<(Env, Failure)>> {
        let idle: Vec<Option<Vec<u8>>> = seats.iter().map(|seat| first_idle(seat).cloned()).collect();
        let policies: Vec<SeatSetup> =
            seats.iter().zip(&idle).map(|(seat, idle)| stand_in(seat, idle.as_ref(), dropout)).collect();
        let mut given = StateWriter::new();
        env.save(&mut given);
        let filled = Seats::fill(&env, seed, &policies, &mut given_policies)
            // A trial: from here on the core resets, and has nobody to tell.
            .and_then(|filled| match env.reset(Some(episode_seed(seed, 0)), &options) {
                Ok(()) => Ok((filled, env.hash())),
                Err(error) => Err(refused(&error)),
            })
            .and_then(|tried| match env.restore(given.bytes()) {
                Ok(()) => Ok(tried),
                Err(error) => Err(Failure::new(ErrorCode::BadState, error.to_string())),
            });
        let (filled, begins_at) = match filled {
            Ok(tried) => tried,
            Err(failure) => return Err(Box::new((env, failure))),
        };
        Ok(Self {
            policies: filled,
            setup: policies,
            idle,
            options,
            actions: env.spec().action_spaces.iter().map(Value::blank).collect(),
            writer: ValueWriter::new(),
            snapshots: Snapshots::new(snapshots as usize),
            next: 0,
            returned: Returned::new(),
            frames: Frames::new(snapshots),
            times: NO_TIMES,
            hash: None,
            fresh: false,
            began: Began::default(),
            begins_at,
            refused: None,
            given,
            env,
        })
    }

    /// The environment.
    pub fn env(&self) -> &Env {
        &self.env
    }

    /// The environment as it was given, and the policies.
    pub fn into_parts(mut self) -> (Env, GivenPolicies) {
        // It wrote this itself.
        let _ = self.env.restore(self.given.bytes());
        (self.env, self.policies.into_given(&self.setup))
    }
}

fn first_idle(seat: &SeatSetup) -> Option<&Vec<u8>> {
    match seat {
        SeatSetup::Person { idle, .. } | SeatSetup::Remote { idle } => idle.first(),
        SeatSetup::Fixed(action) => Some(action),
        SeatSetup::Random | SeatSetup::Policy | SeatSetup::Expert { .. } => None,
    }
}

/// The policy of a seat, or the one that takes it when its person has left.
fn stand_in(seat: &SeatSetup, idle: Option<&Vec<u8>>, dropout: DropoutSetup) -> SeatSetup {
    let of_person = matches!(seat, SeatSetup::Person { .. } | SeatSetup::Remote { .. });
    match dropout {
        DropoutSetup::Expert { skill } if of_person => return SeatSetup::Expert { skill },
        DropoutSetup::Policy if of_person => return SeatSetup::Policy,
        _ => {}
    }
    match (seat, idle) {
        (SeatSetup::Fixed(action), _) => SeatSetup::Fixed(action.clone()),
        (SeatSetup::Policy, _) => SeatSetup::Policy,
        (SeatSetup::Expert { skill }, _) => SeatSetup::Expert { skill: *skill },
        (SeatSetup::Person { .. } | SeatSetup::Remote { .. }, Some(idle)) if dropout != DropoutSetup::Random => {
            SeatSetup::Fixed(idle.clone())
        }
        _ => SeatSetup::Random,
    }
}

impl World for MatchWorld {
    fn accepts(&self, seat: u8, action: &[u8]) -> bool {
        let space = self.env.spec().action_spaces.get(usize::from(seat));
        space.is_some_and(|space| read_action(self.env.spec(), space, action).is_some())
    }

    fn idle(&self, seat: u8, action: &mut Vec<u8>) -> bool {
        let idle = self.idle.get(usize::from(seat)).and_then(Option::as_ref);
        idle.is_some_and(|idle| {
            action.extend_from_slice(idle);
            true
        })
    }

    fn act(&mut self, seat: u8, action: &mut Vec<u8>) {
        let agent = usize::from(seat);
        let Some(value) = self.actions.get_mut(agent) else { return };
        if self.policies.act_as(agent, &self.env, value) {
            self.writer.clear();
            self.writer.value(value);
            action.extend_from_slice(self.writer.bytes());
        }
    }

    fn keep(&mut self, frame: u32) {
        if frame != self.next {
            // It goes on from elsewhere: what was kept does not lead here.
            self.snapshots.clear();
        }
        if std::mem::take(&mut self.fresh) {
            self.began.frame = Some(frame);
        }
        self.snapshots.keep(&self.env, &self.policies);
        self.next = frame.wrapping_add(1);
    }

    fn rewind(&mut self, frame: u32) -> bool {
        let back = self.next.saturating_sub(frame) as usize;
        let Some((env, policies)) = self.snapshots.take_back(back) else { return false };
        self.hash = None;
        self.next = frame;
        self.env.rewind(env).is_ok() && self.policies.restore(policies).is_ok()
    }

    fn step(&mut self, frame: u32, actions: Actions<'_>) -> Outcome {
        for ((space, value), bytes) in self.env.spec().action_spaces.iter().zip(&mut self.actions).zip(actions.iter()) {
            // Every action was accepted before.
            let _ = ValueReader::new(bytes).read_into(space, value);
        }
        // A frame that is played again may not be refused this time.
        self.refused.take_if(|(refused, _)| *refused >= frame);
        let outcome = match self.env.step(&self.actions) {
            Ok(outcome) if !outcome.over() => Outcome::Going,
            Ok(_) => Outcome::Over,
            Err(error) => {
                self.refused = Some((frame, refused(&error)));
                Outcome::Over
            }
        };
        self.returned.take(&self.env, Flags { hash: true, ..Flags::default() });
        self.hash = self.returned.hash();
        self.frames.played(frame, self.returned.returns(), self.hash.unwrap_or(0), self.times);
        outcome
    }

    fn hash(&self) -> u64 {
        self.hash.unwrap_or_else(|| self.env.hash())
    }

    fn reset(&mut self, episode: u32, seed: u64) {
        // The options were taken before.
        let _ = self.env.reset(Some(seed), &self.options);
        self.policies.begin(seed);
        self.snapshots.clear();
        self.fresh = true;
        self.began.returned.take(&self.env, Flags { hash: true, scene: true, ..Flags::default() });
        self.hash = self.began.returned.hash();
        let hash = self.hash.unwrap_or(0);
        (self.began.episode, self.began.seed, self.began.frame, self.began.hash) = (episode, seed, None, hash);
    }

    fn save(&self, state: &mut Vec<u8>) {
        let mut writer = StateWriter::new();
        self.policies.save_of_match(&self.setup, &mut writer);
        self.env.save(&mut writer);
        state.extend_from_slice(writer.bytes());
    }

    fn load(&mut self, state: &[u8]) -> bool {
        let mut before = StateWriter::new();
        self.policies.save(&mut before);
        let read = self.policies.restore_of_match(&self.setup, state).ok().and_then(|policies| state.get(policies..));
        if read.is_none_or(|env| self.env.restore(env).is_err()) {
            let restored = self.policies.restore(before.bytes());
            debug_assert!(restored.is_ok(), "what was saved just now is restored");
            return false;
        }
        (self.hash, self.fresh) = (None, false);
        true
    }
}

#[cfg(test)]
#[path = "world_tests.rs"]
mod tests;
