//! Rollouts: episodes that policies play by themselves, as fast as they can. The same in a Worker and natively, on one thread or many.
//!
//! Every episode stands by itself: the one with number n has the seed `seed + n`, for the environment and for each policy's generator,
//! and begins with the environment as it is made. So which episode is played where, and after which, makes no difference.
#![forbid(unsafe_code)]

use palaestra_env::policy::{Policy, View};
use palaestra_env::{Env, EnvError, Kwargs, SeededRng, Snapshot, StateWriter, Value};

/// How an episode came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum End {
    /// The environment ended it, for every agent.
    Terminated = 0,
    /// The environment cut it off, by a time limit for example.
    Truncated = 1,
    /// The rollout did: so many steps were asked for, in all or of an episode.
    Cut = 2,
}

impl End {
    /// As it is printed, and told to pages.
    pub fn name(self) -> &'static str {
        match self {
            End::Terminated => "terminated",
            End::Truncated => "truncated",
            End::Cut => "cut",
        }
    }
}

/// An episode that was played.
#[derive(Clone, Debug, PartialEq)]
pub struct Episode {
    /// Its seed.
    pub seed: u64,
    /// How many steps it has.
    pub length: u32,
    /// What each agent earned.
    pub returns: Vec<f64>,
    /// How it ended.
    pub end: End,
    /// The hash of the last state.
    pub hash: u64,
}

/// An environment with a policy for each agent.
pub struct Rollout {
    env: Env,
    /// The environment as it is made: what some remember outlives a reset.
    made: Snapshot,
    policies: Vec<(Box<dyn Policy>, SeededRng)>,
    actions: Vec<Value>,
    options: Kwargs,
    /// The most steps of the episode.
    most: u32,
    seed: u64,
    length: u32,
    returns: Vec<f64>,
    /// An episode's last state, for its hash.
    state: StateWriter,
}

impl Rollout {
    /// Seats policies at an environment that was just made, one per agent in agent order. `options` are those of every reset.
    ///
    /// # Errors
    /// [`EnvError`] for another number of policies than agents, or for options that the environment does not take.
    pub fn new(mut env: Env, policies: Vec<Box<dyn Policy>>, options: Kwargs) -> Result<Self, EnvError> {
        let agents = env.spec().agents.len();
        if policies.len() != agents {
            return Err(EnvError::ActionCount { expected: agents, found: policies.len() });
        }
        let mut made = Snapshot::new();
        env.snapshot(&mut made);
        // A trial: with the same options every later reset succeeds as well.
        env.reset(Some(0), &options)?;
        let actions = env.spec().action_spaces.iter().map(Value::blank).collect();
        let policies = policies.into_iter().map(|policy| (policy, SeededRng::new(0))).collect();
        let (returns, state) = (vec![0.0; agents], StateWriter::new());
        Ok(Self { env, made, policies, actions, options, most: 0, seed: 0, length: 0, returns, state })
    }

    /// Begins the episode of a seed, of at most so many steps.
    ///
    /// # Errors
    /// [`EnvError`] where the environment refuses the reset.
    pub fn begin(&mut self, seed: u64, most: u32) -> Result<(), EnvError> {
        // It wrote this itself; where it does not read it, the reset with a seed has to do.
        let _ = self.env.rewind(&self.made);
        self.env.reset(Some(seed), &self.options)?;
        for (agent, (policy, rng)) in self.policies.iter_mut().enumerate() {
            *rng = SeededRng::for_seat(seed, agent);
            policy.reset();
        }
        (self.seed, self.most, self.length) = (seed, most, 0);
        self.returns.fill(0.0);
        Ok(())
    }

    /// Plays a step, and gives the episode if that was its last.
    ///
    /// # Errors
    /// [`EnvError`] where the environment refuses the joint action.
    #[inline]
    pub fn step(&mut self) -> Result<Option<Episode>, EnvError> {
        for (agent, ((policy, rng), action)) in self.policies.iter_mut().zip(&mut self.actions).enumerate() {
            policy.act(View::new(&self.env, agent), rng, action);
        }
        let outcome = self.env.step(&self.actions)?;
        self.returns.iter_mut().zip(&outcome.rewards).for_each(|(sum, reward)| *sum += reward);
        self.length = self.length.saturating_add(1);
        let end = match (outcome.over(), outcome.terminated.iter().all(|terminated| *terminated)) {
            (true, true) => End::Terminated,
            (true, false) => End::Truncated,
            (false, _) if self.length >= self.most => End::Cut,
            (false, _) => return Ok(None),
        };
        let (seed, length, returns) = (self.seed, self.length, self.returns.clone());
        self.state.clear();
        self.env.save(&mut self.state);
        Ok(Some(Episode { seed, length, returns, end, hash: self.state.hash() }))
    }

    /// Plays as many steps as are `left`, and counts them down: fewer where the episode is over, which it then gives.
    ///
    /// # Errors
    /// [`EnvError`] where the environment refuses the joint action.
    pub fn play(&mut self, left: &mut u32) -> Result<Option<Episode>, EnvError> {
        while *left > 0 {
            let played = self.step()?;
            *left -= 1;
            if played.is_some() {
                return Ok(played);
            }
        }
        Ok(None)
    }

    /// Plays a whole episode. `see` is called after the reset and after each step, with the latter's joint action.
    ///
    /// # Errors
    /// [`EnvError`] where the environment refuses a reset or a joint action.
    pub fn episode(
        &mut self,
        seed: u64,
        most: u32,
        mut see: impl FnMut(&Env, Option<&[Value]>),
    ) -> Result<Episode, EnvError> {
        self.begin(seed, most)?;
        see(&self.env, None);
        loop {
            let played = self.step()?;
            see(&self.env, Some(&self.actions));
            if let Some(episode) = played {
                return Ok(episode);
            }
        }
    }

    /// The environment, as it is now.
    pub fn env(&self) -> &Env {
        &self.env
    }

    /// Whether a plain reset with a seed leads to where [`begin`](Self::begin) does, whatever was played before: then episodes one
    /// after another are one record, which replays.
    ///
    /// # Errors
    /// [`EnvError`] where the environment refuses the reset.
    pub fn forgets(&mut self, seed: u64) -> Result<bool, EnvError> {
        self.env.reset(Some(seed), &self.options)?;
        let plain = self.env.hash();
        self.begin(seed, u32::MAX)?;
        Ok(plain == self.env.hash())
    }
}

/// What is asked of a rollout: how many episodes, how many steps, or both, whichever comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Of the first episode; each later one has the next.
    pub seed: u64,
    /// Episodes.
    pub episodes: Option<u64>,
    /// Steps of all episodes together: the last one is cut where they are used up.
    pub steps: Option<u64>,
    /// The most steps of an episode.
    pub longest: u32,
}

impl Plan {
    /// The seed and the most steps of the episode of a number, after so many steps of those before it; nothing after the last.
    pub fn episode(&self, number: u64, steps: u64) -> Option<(u64, u32)> {
        let left = self.steps.map_or(u64::MAX, |most| most.saturating_sub(steps));
        let ahead = self.episodes.is_none_or(|episodes| number < episodes) && left > 0;
        let most = u32::try_from(left).unwrap_or(u32::MAX).min(self.longest.max(1));
        ahead.then_some((self.seed.wrapping_add(number), most))
    }
}
