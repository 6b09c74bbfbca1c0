//! What a replay plays: an environment, wherever it runs.
use std::fmt;

use palaestra_env::environment::Phase;
use palaestra_env::{Env, EnvError, Kwargs, Spec, Value, ValueWriter};

/// Plays an environment for a replay: an [`Env`] of this program, or another build of it that is reached by messages.
pub trait Player {
    /// Names, spaces and limits.
    fn spec(&self) -> &Spec;

    /// Starts an episode.
    ///
    /// # Errors
    /// A [`Refusal`] for options that the environment does not take.
    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), Refusal>;

    /// Advances by one step, given one action an agent in agent order.
    ///
    /// # Errors
    /// A [`Refusal`] of what the environment does not allow.
    fn step(&mut self, actions: &[Value]) -> Result<(), Refusal>;

    /// Whether the last call that was not refused was a reset or a step.
    fn phase(&self) -> Phase;

    /// Writes what that call returned; see [`palaestra_env::returns`].
    fn returns(&self, out: &mut ValueWriter);

    /// The hash of the present state.
    ///
    /// # Errors
    /// A [`Refusal`] if it cannot be had.
    fn hash(&mut self) -> Result<u64, Refusal>;
}

/// Why a player did not do as it was told.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// An environment of this program refused.
    Env(EnvError),
    /// One elsewhere did, or could not be reached: the reason, for people.
    Told(String),
}

impl From<EnvError> for Refusal {
    fn from(error: EnvError) -> Self {
        Refusal::Env(error)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Env(error) => error.fmt(f),
            Refusal::Told(reason) => f.write_str(reason),
        }
    }
}

impl std::error::Error for Refusal {}

impl<P: Player + ?Sized> Player for Box<P> {
    fn spec(&self) -> &Spec {
        (**self).spec()
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), Refusal> {
        (**self).reset(seed, options)
    }

    fn step(&mut self, actions: &[Value]) -> Result<(), Refusal> {
        (**self).step(actions)
    }

    fn phase(&self) -> Phase {
        (**self).phase()
    }

    fn returns(&self, out: &mut ValueWriter) {
        (**self).returns(out);
    }

    fn hash(&mut self) -> Result<u64, Refusal> {
        (**self).hash()
    }
}

impl Player for Env {
    fn spec(&self) -> &Spec {
        self.spec()
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), Refusal> {
        Ok(self.reset(seed, options)?)
    }

    fn step(&mut self, actions: &[Value]) -> Result<(), Refusal> {
        self.step(actions)?;
        Ok(())
    }

    fn phase(&self) -> Phase {
        self.phase()
    }

    fn returns(&self, out: &mut ValueWriter) {
        self.write_returns(out);
    }

    fn hash(&mut self) -> Result<u64, Refusal> {
        Ok(Env::hash(self))
    }
}
