//! The work that is measured: an environment played with actions drawn beforehand, resets included. The benchmark and the
//! module that runs under WebAssembly share this file, so that both do the same.
use palaestra_env::{Env, Kwargs, MakeError, SeededRng, Value, ValueWriter};

const SEED: u64 = 1;
const ACTION_SEED: u64 = 2;

/// An environment and the actions for it.
pub(crate) struct Rollout {
    env: Env,
    agents: usize,
    /// Step after step, one per agent.
    actions: Vec<Value>,
    returns: ValueWriter,
}

/// What was played. Whoever plays the same has the same figures, to the last bit.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Played {
    /// How many steps.
    pub(crate) steps: u64,
    /// How many episodes ended and were followed by a reset.
    pub(crate) resets: u64,
    /// The first agent's rewards, added up in order.
    pub(crate) earned: f64,
}

impl Rollout {
    /// Draws up to `steps` random actions.
    pub(crate) fn new(id: &str, steps: usize) -> Result<Self, MakeError> {
        let env = palaestra_envs::make(id, &Kwargs::new())?;
        let mut rng = SeededRng::new(ACTION_SEED);
        let spaces = &env.spec().action_spaces;
        let agents = spaces.len();
        let actions =
            (0..steps).flat_map(|_| spaces.iter().map(|space| Value::sample(space, &mut rng)).collect::<Vec<_>>());
        let actions = actions.collect();
        Ok(Self { env, agents, actions, returns: ValueWriter::new() })
    }

    /// The environment.
    #[allow(dead_code, reason = "only the benchmark asks")]
    pub(crate) fn env(&self) -> &Env {
        &self.env
    }

    /// The actions, one list a step.
    #[allow(dead_code, reason = "only the benchmark asks")]
    pub(crate) fn actions(&self) -> impl Iterator<Item = &[Value]> {
        self.actions.chunks(self.agents)
    }

    /// Plays the first `steps` actions from the same start, `times` over. A step is one as a caller has it: the action checked,
    /// the step made, observation and info written.
    ///
    /// # Errors
    /// What the environment refuses, in words.
    pub(crate) fn play(&mut self, steps: usize, times: u32) -> Result<Played, String> {
        let options = Kwargs::new();
        let mut played = Played::default();
        for _ in 0..times {
            played.earned = 0.0;
            self.env.reset(Some(SEED), &options).map_err(|error| error.to_string())?;
            for actions in self.actions.chunks(self.agents).take(steps) {
                let outcome = self.env.step(actions).map_err(|error| error.to_string())?;
                played.earned += outcome.rewards.first().copied().unwrap_or_default();
                let over = outcome.over();
                self.returns.clear();
                self.env.write_returns(&mut self.returns);
                played.steps += 1;
                if over {
                    self.env.reset(None, &options).map_err(|error| error.to_string())?;
                    self.returns.clear();
                    self.env.write_returns(&mut self.returns);
                    played.resets += 1;
                }
            }
        }
        Ok(played)
    }
}
