//! Who chooses an agent's actions without being a person.
use crate::codec::{DecodeError, ValueReader, ValueWriter};
use crate::env::Env;
use crate::error::RestoreError;
use crate::expert::{Advice, Memory};
use crate::rng::SeededRng;
use crate::space::Space;
use crate::state::{StateReader, StateWriter};
use crate::value::Value;

/// Chooses one agent's actions, step after step. The same generator and the same observations give the same actions: what a
/// policy remembers is in its saved state, so that a game can be rewound across it.
pub trait Policy {
    /// Writes the next action into `action`, a member of the agent's action space. All randomness comes from `rng`.
    fn act(&mut self, view: View<'_>, rng: &mut SeededRng, action: &mut Value);

    /// An episode begins: forget the last one.
    fn reset(&mut self) {}

    /// Writes everything the next actions depend on, but for the generator.
    fn save(&self, out: &mut StateWriter) {
        let _ = out;
    }

    /// Reads what [`save`](Self::save) wrote.
    ///
    /// # Errors
    /// [`RestoreError`] for bytes that are no state of this policy.
    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        let _ = state;
        Ok(())
    }
}

/// What an agent can see. It costs nothing to those who do not look.
#[derive(Clone, Copy)]
pub struct View<'a> {
    env: &'a Env,
    agent: usize,
}

impl<'a> View<'a> {
    /// What agent number `agent` sees of an environment.
    pub fn new(env: &'a Env, agent: usize) -> Self {
        Self { env, agent }
    }

    /// Writes the present observation, a member of the agent's observation space.
    pub fn observe(&self, out: &mut ValueWriter) {
        self.env.observe_as(self.agent, out);
    }

    /// Writes what the environment's expert would do, if it has one.
    pub fn advise(&self, memory: &mut Memory, rng: &mut SeededRng, action: &mut Value) {
        self.env.advise(&mut Advice { agent: self.agent, memory, rng, action });
    }

    /// Reads an action of the agent, in the memory that `action` has.
    ///
    /// # Errors
    /// [`DecodeError`] for bytes that are no member of its action space.
    pub fn read_action(&self, reader: &mut ValueReader<'_>, action: &mut Value) -> Result<(), DecodeError> {
        match self.env.spec().action_spaces.get(self.agent) {
            Some(space) => reader.read_into(space, action),
            None => Ok(()),
        }
    }
}

/// Plays uniformly random actions.
#[derive(Clone, Debug, PartialEq)]
pub struct RandomPolicy {
    space: Space,
}

impl RandomPolicy {
    /// Draws from an action space.
    pub fn new(space: Space) -> Self {
        Self { space }
    }
}

impl Policy for RandomPolicy {
    fn act(&mut self, _: View<'_>, rng: &mut SeededRng, action: &mut Value) {
        match (&self.space, &mut *action) {
            // The most usual ones, without a call.
            (Space::Discrete { n, start }, Value::Discrete(value)) => {
                *value = rng.integers(*start, start.saturating_add(*n));
            }
            (space, action) => action.sample_again(space, rng),
        }
    }
}

/// Plays one action, always.
#[derive(Clone, Debug, PartialEq)]
pub struct FixedPolicy {
    action: Value,
}

impl FixedPolicy {
    /// Plays `action`.
    pub fn new(action: Value) -> Self {
        Self { action }
    }
}

impl Policy for FixedPolicy {
    fn act(&mut self, _: View<'_>, _: &mut SeededRng, action: &mut Value) {
        action.copy_from(&self.action);
    }
}
