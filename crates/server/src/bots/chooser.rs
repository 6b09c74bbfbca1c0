//! What a bot plays.
use palaestra_env::expert::ExpertPolicy;
use palaestra_env::policy::{Policy, RandomPolicy, View};
use palaestra_env::{Env, SeededRng, Value};
use palaestra_lobby::message::Matched;
use serde_json::Value as Json;

use crate::arguments::{BotOptions, BotPolicy};
use crate::models::seated;

/// A policy with its generator. It acts on what the bot's own environment shows, which may be a guess: what it played stands.
pub(super) struct Chooser {
    pub(super) policy: Box<dyn Policy>,
    rng: SeededRng,
    agent: usize,
    action: Value,
}

impl Chooser {
    /// The policy that the options name; nothing where no action is sent.
    ///
    /// # Errors
    /// Why there is none, in words.
    pub(super) fn new(env: &Env, options: &BotOptions, matched: &Matched) -> Result<Option<Self>, String> {
        let agent = usize::from(matched.seat);
        let Some(space) = env.spec().action_spaces.get(agent).cloned() else { return Ok(None) };
        let action = Value::blank(&space);
        let policy: Box<dyn Policy> = match &options.policy {
            BotPolicy::Random => Box::new(RandomPolicy::new(space)),
            BotPolicy::Expert if !env.has_expert() => {
                return Err(format!("expected an environment with an expert, found {}", matched.env_id));
            }
            BotPolicy::Expert => Box::new(ExpertPolicy::new(space, options.skill)),
            BotPolicy::Model(path) => {
                let read = |path| std::fs::read(path).map_err(|error| error.to_string());
                let manifest = options.manifest.as_ref().map_or_else(|| Ok(b"{}".to_vec()), read)?;
                let manifest: Json =
                    serde_json::from_slice(&manifest).map_err(|error| format!("--manifest: {error}"))?;
                let [expected, found] = [manifest.get("observation"), matched.kwargs.get("observation")];
                if let Some(expected) = expected.filter(|expected| Some(*expected) != found) {
                    let found = found.map_or_else(|| "none".to_owned(), Json::to_string);
                    return Err(format!("expected a lobby with \"observation\": {expected}, found {found}"));
                }
                Box::new(seated(env.spec(), agent, &read(path)?, &manifest)?)
            }
            BotPolicy::Idle => return Ok(None),
        };
        Ok(Some(Self { policy, rng: SeededRng::for_seat(matched.seed, agent), agent, action }))
    }

    /// An episode begins. Its first state may be one that no action is asked for: with an input delay the actions are there already.
    pub(super) fn reset(&mut self) {
        self.policy.reset();
    }

    /// Its next action.
    pub(super) fn choose(&mut self, env: &Env) -> &Value {
        self.policy.act(View::new(env, self.agent), &mut self.rng, &mut self.action);
        &self.action
    }
}
