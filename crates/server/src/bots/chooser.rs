//! What a bot plays.
use palaestra_env::expert::ExpertPolicy;
use palaestra_env::policy::{Policy, RandomPolicy, View};
use palaestra_env::{Env, SeededRng, Space, Value};
use palaestra_lobby::message::Matched;

use crate::arguments::BotPolicy;

/// A policy with its generator. It acts on what the bot's own environment shows, which may be a guess: what it played stands.
pub(super) struct Chooser {
    policy: Box<dyn Policy + Send>,
    rng: SeededRng,
    agent: usize,
    action: Value,
}

impl Chooser {
    /// The policy of this name; nothing where no action is sent.
    pub(super) fn new(space: Space, policy: BotPolicy, skill: f64, matched: &Matched) -> Option<Self> {
        let action = Value::blank(&space);
        let policy: Box<dyn Policy + Send> = match policy {
            BotPolicy::Random => Box::new(RandomPolicy::new(space)),
            BotPolicy::Expert => Box::new(ExpertPolicy::new(space, skill)),
            BotPolicy::Idle => return None,
        };
        let agent = usize::from(matched.seat);
        Some(Self { policy, rng: SeededRng::for_seat(matched.seed, agent), agent, action })
    }

    /// Its next action.
    pub(super) fn choose(&mut self, env: &Env) -> &Value {
        if env.elapsed() == 0 {
            self.policy.reset();
        }
        self.policy.act(View::new(env, self.agent), &mut self.rng, &mut self.action);
        &self.action
    }
}
