//! What `reset` and `step` return, as bytes: the block that crosses to the page, stands in a session's log and is compared
//! between builds.
//!
//! ```text
//! per agent: reward f64 │ flags u8 (1 terminated, 2 truncated)     after a reset zeros
//! the observations, one or one per agent                           see `codec`
//! the info                                                         a Dict
//! ```
use crate::codec::{DecodeError, ValueReader, ValueWriter, fixed_size};
use crate::env::Env;
use crate::environment::{Outcome, Phase};
use crate::space::Space;
use crate::spec::Spec;
use crate::value::Value;

/// The flag of a terminated episode.
pub const TERMINATED: u8 = 1;
/// The flag of a truncated one.
pub const TRUNCATED: u8 = 2;
/// Where an agent's flags are in its outcome: behind its reward.
pub const OUTCOME_FLAGS: usize = size_of::<f64>();
/// Bytes of an agent's outcome.
pub const OUTCOME: usize = OUTCOME_FLAGS + 1;

/// What `reset` or `step` returned.
#[derive(Clone, Debug, PartialEq)]
pub struct Returns {
    /// Rewards and flags.
    pub outcome: Outcome,
    /// One observation, or one per agent.
    pub observations: Vec<Value>,
    /// The info Dict.
    pub info: Value,
}

impl Env {
    /// Writes what the last `reset` or `step` returns.
    pub fn write_returns(&self, out: &mut ValueWriter) {
        let outcome = self.outcome();
        for ((reward, terminated), truncated) in outcome.rewards.iter().zip(&outcome.terminated).zip(&outcome.truncated)
        {
            let mut bytes = [0; OUTCOME];
            bytes[..OUTCOME_FLAGS].copy_from_slice(&reward.to_le_bytes());
            bytes[OUTCOME_FLAGS] = (u8::from(*terminated) * TERMINATED) | (u8::from(*truncated) * TRUNCATED);
            out.u8s(&bytes);
        }
        self.observe(out);
        self.info(out);
    }
}

impl Outcome {
    /// Reads the rewards and flags at the start of a block, and leaves the reader at the observations.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes end too early.
    pub fn read(agents: usize, reader: &mut ValueReader<'_>) -> Result<Self, DecodeError> {
        let mut outcome = Outcome::new(agents);
        let flags = outcome.terminated.iter_mut().zip(&mut outcome.truncated);
        for (reward, (terminated, truncated)) in outcome.rewards.iter_mut().zip(flags) {
            *reward = reader.f64()?;
            let bits = reader.u8()?;
            (*terminated, *truncated) = (bits & TERMINATED != 0, bits & TRUNCATED != 0);
        }
        Ok(outcome)
    }
}

impl Returns {
    /// Reads a whole block.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes are not such a block of this environment's.
    pub fn read(spec: &Spec, phase: Phase, bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = ValueReader::new(bytes);
        let returns = Self::read_next(spec, phase, &mut reader)?;
        reader.finish()?;
        Ok(returns)
    }

    /// Reads the next of several blocks that follow one another.
    ///
    /// # Errors
    /// [`DecodeError`] where the bytes do not go on with such a block.
    pub fn read_next(spec: &Spec, phase: Phase, reader: &mut ValueReader<'_>) -> Result<Self, DecodeError> {
        let outcome = Outcome::read(spec.agents.len(), reader)?;
        let spaces = spec.observation_spaces.iter().take(spec.observations());
        let observations = spaces.map(|space| reader.read(space)).collect::<Result<_, _>>()?;
        let info = reader.read(info_space(spec, phase))?;
        Ok(Self { outcome, observations, info })
    }
}

/// The space of the `info` after a reset or a step.
pub fn info_space(spec: &Spec, phase: Phase) -> &Space {
    match phase {
        Phase::Reset => &spec.reset_info,
        Phase::Step => &spec.step_info,
    }
}

/// How many bytes a step returns, if that is the same for every step.
pub fn size_of_step(spec: &Spec) -> Option<usize> {
    let observations: Option<usize> = spec.observation_spaces.iter().take(spec.observations()).map(fixed_size).sum();
    Some(spec.agents.len() * OUTCOME + observations? + fixed_size(&spec.step_info)?)
}
