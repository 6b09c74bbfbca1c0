//! Episodes that policies play by themselves, a moment of them at each request. A part of its own of every family's module
//! (`scripts/build/families/split.mjs`): what is called from elsewhere is `answer`.
use palaestra_env::expert::ExpertPolicy;
use palaestra_env::policy::{FixedPolicy, Policy, RandomPolicy};
use palaestra_env::{Env, Space, Spec, Value, ValueReader};
use palaestra_play::simulation::GivenPolicies;
use palaestra_protocol::{ErrorCode, Failure, RolloutEpisode, RolloutProgress, RolloutSetup, SeatSetup, read_kwargs};
use palaestra_rollout::{Plan, Rollout};

use crate::player::{Player, Rolls};

/// How long it plays before it answers, in milliseconds: so it hears that it is to end.
const MOMENT_MS: f64 = 50.0;
/// Steps between two looks at the clock: at first, and at most. A look takes as long as a step of a small environment, and a step of a
/// large one as long as a moment.
const FIRST_STRETCH: u32 = 1;
const LONGEST_STRETCH: u32 = 1024;
/// How long such a stretch should take, in milliseconds.
const STRETCH_MS: f64 = 1.0;
/// The most bytes of episodes in one answer.
const MOST_BYTES: usize = 1 << 20;

/// Begins a rollout, if the payload is not empty, and plays for a moment: what a reply says of it.
///
/// # Errors
/// [`Failure`] for a payload that does not fit the environment, where there is none to play, or where it refuses a joint action.
#[inline(never)]
pub(crate) fn answer<'a>(
    player: &'a mut Player,
    payload: &[u8],
    policies: &mut GivenPolicies,
    now: &dyn Fn() -> f64,
) -> Result<&'a [u8], Failure> {
    let out_of_order = |message| Failure::new(ErrorCode::OutOfOrder, message);
    if !payload.is_empty() {
        *player = match std::mem::replace(player, Player::Nobody) {
            Player::Program(responder) => {
                Player::Rollouts(Rollouts::begin(responder.into_env(), payload, std::mem::take(policies))?)
            }
            other => {
                *player = other;
                return Err(out_of_order("rollout: the environment is played already"));
            }
        };
    }
    match player {
        Player::Rollouts(rollouts) => rollouts.go_on(now),
        _ => Err(out_of_order("rollout: expected one that was begun, found none")),
    }
}

/// A rollout under way.
pub(crate) struct Rollouts {
    rollout: Rollout,
    plan: Plan,
    /// The number of the episode that is played next, or is played now.
    number: u64,
    playing: bool,
    /// Steps of all episodes, those of the one under way included.
    steps: u64,
    /// Of the episodes that are over.
    over: u64,
    done: bool,
    /// Steps until the next look at the clock.
    stretch: u32,
    episodes: Vec<u8>,
    progress: Vec<u8>,
    agents: usize,
}

impl Rollouts {
    /// Makes a rollout of an environment, as the payload says.
    ///
    /// # Errors
    /// [`Failure`] for a payload that does not fit the environment.
    fn begin(env: Env, payload: &[u8], given: GivenPolicies) -> Result<Box<Self>, Failure> {
        let setup = RolloutSetup::read(payload)
            .map_err(|error| Failure::new(ErrorCode::BadMessage, format!("rollout: {error}")))?;
        let options = read_kwargs(&setup.options).map_err(refused)?;
        let policies = policies(&env, &setup.seats, given)?;
        let agents = env.spec().agents.len();
        let rollout = Rollout::new(env, policies, options).map_err(|error| refused(error.to_string()))?;
        let RolloutSetup { seed, episodes, steps, longest, .. } = setup;
        let plan = Plan { seed, episodes, steps, longest };
        let (episodes, progress) = (Vec::new(), Vec::new());
        Ok(Box::new(Self {
            rollout,
            plan,
            number: 0,
            playing: false,
            steps: 0,
            over: 0,
            done: false,
            stretch: FIRST_STRETCH,
            episodes,
            progress,
            agents,
        }))
    }

    /// Plays so many steps, or as many as there are.
    fn play(&mut self, steps: u32) -> Result<(), Failure> {
        let failed = |error: palaestra_env::EnvError| Failure::new(ErrorCode::BadAction, format!("rollout: {error}"));
        let mut left = steps;
        while left > 0 {
            if !self.playing {
                let Some((seed, most)) = self.plan.episode(self.number, self.over) else {
                    self.done = true;
                    return Ok(());
                };
                self.rollout.begin(seed, most).map_err(failed)?;
                self.playing = true;
            }
            let before = left;
            let played = self.rollout.play(&mut left);
            self.steps += u64::from(before - left);
            let Some(episode) = played.map_err(failed)? else { continue };
            let (returns, end) = (&episode.returns[..], episode.end as u8);
            RolloutEpisode { seed: episode.seed, hash: episode.hash, length: episode.length, end, returns }
                .write(&mut self.episodes);
            (self.playing, self.over) = (false, self.steps);
            self.number += 1;
        }
        Ok(())
    }
}

impl Rolls for Rollouts {
    fn go_on(&mut self, now: &dyn Fn() -> f64) -> Result<&[u8], Failure> {
        self.episodes.clear();
        let mut looked = now();
        let until = looked + MOMENT_MS;
        while !self.done && self.episodes.len() < MOST_BYTES && looked < until {
            self.play(self.stretch).inspect_err(|_| self.done = true)?;
            let before = std::mem::replace(&mut looked, now());
            self.stretch = next_stretch(self.stretch, looked - before);
        }
        self.progress.clear();
        let Self { done, steps, agents, episodes, .. } = self;
        RolloutProgress { done: *done, steps: *steps, agents: *agents, episodes }.write(&mut self.progress);
        Ok(&self.progress)
    }
}

/// How many steps to play until the next look, after so many that took so long.
fn next_stretch(steps: u32, took_ms: f64) -> u32 {
    if took_ms > STRETCH_MS {
        (steps / 2).max(1)
    } else if took_ms < STRETCH_MS / 4.0 {
        (steps * 2).min(LONGEST_STRETCH)
    } else {
        steps
    }
}

/// A policy for each seat.
fn policies(env: &Env, seats: &[SeatSetup], mut given: GivenPolicies) -> Result<Vec<Box<dyn Policy>>, Failure> {
    let spec = env.spec();
    if seats.len() != spec.agents.len() {
        let (expected, found) = (spec.agents.len(), seats.len());
        return Err(refused(format!("policies: expected {expected}, one per agent, found {found}")));
    }
    let seats = seats.iter().zip(spec.agents.iter().zip(&spec.action_spaces)).enumerate();
    let policy =
        |(agent, (seat, (name, space))): (usize, (&SeatSetup, (&String, &Space)))| -> Result<Box<dyn Policy>, Failure> {
            let wrong = |what: &str| refused(format!("policies.{name}: expected {what}"));
            Ok(match seat {
                SeatSetup::Random => Box::new(RandomPolicy::new(space.clone())),
                SeatSetup::Fixed(bytes) => {
                    let action = read_action(spec, space, bytes)
                        .ok_or_else(|| wrong("an action of the agent, found another"))?;
                    Box::new(FixedPolicy::new(action))
                }
                SeatSetup::Expert { .. } if !env.has_expert() => {
                    return Err(wrong("an environment with an expert, found one without"));
                }
                SeatSetup::Expert { skill } => Box::new(ExpertPolicy::new(space.clone(), *skill)),
                SeatSetup::Policy => {
                    let found = given.iter().position(|(for_agent, _)| *for_agent == agent);
                    let found = found.map(|index| given.swap_remove(index).1);
                    found.ok_or_else(|| wrong("a policy that was loaded for it, found none"))?
                }
                SeatSetup::Person { .. } | SeatSetup::Remote { .. } => return Err(wrong("a policy, found a person")),
            })
        };
    seats.map(policy).collect()
}

fn read_action(spec: &Spec, space: &Space, bytes: &[u8]) -> Option<Value> {
    let mut reader = ValueReader::new(bytes);
    let action = reader.read(space).ok()?;
    reader.finish().ok()?;
    spec.takes(space, &action).then_some(action)
}

fn refused(message: String) -> Failure {
    Failure::new(ErrorCode::BadArgument, message)
}

#[cfg(test)]
#[path = "rollouts_tests.rs"]
mod tests;
