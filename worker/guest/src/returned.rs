//! What a reset or a step of Python's came to.
//!
//! ```text
//! a reward per agent, f64 │ terminated per agent, u8 │ truncated per agent, u8 │ info part │ an observation per agent, parts
//!
//! part  length in bytes u32 │ a member of the space
//! ```
use palaestra_env::codec::DecodeError;
use palaestra_env::{Outcome, Space, Spec, ValueReader};

/// What the last reset or step returned, but for what a step earned.
#[derive(Clone, Debug, Default)]
pub(crate) struct Returned {
    pub(crate) info: Vec<u8>,
    pub(crate) observations: Vec<Vec<u8>>,
}

impl Returned {
    /// Reads an answer, and what it earned into `outcome`. What it held before is lost where that fails.
    pub(crate) fn read(&mut self, answer: &[u8], spec: &Spec, outcome: &mut Outcome) -> Result<(), DecodeError> {
        let mut reader = ValueReader::new(answer);
        for reward in &mut outcome.rewards {
            *reward = reader.f64()?;
        }
        for flag in outcome.terminated.iter_mut().chain(&mut outcome.truncated) {
            *flag = reader.u8()? != 0;
        }
        // Empty spaces of both, where the guest tells nothing.
        part(&mut reader, answer, &spec.step_info, &mut self.info)?;
        self.observations.resize(spec.agents.len(), Vec::new());
        for (space, observation) in spec.observation_spaces.iter().zip(&mut self.observations) {
            part(&mut reader, answer, space, observation)?;
        }
        reader.finish()
    }
}

/// Reads a part that is a member of `space`, by its kind and shape.
fn part(reader: &mut ValueReader<'_>, answer: &[u8], space: &Space, out: &mut Vec<u8>) -> Result<(), DecodeError> {
    let length = reader.i32()? as u32 as usize;
    let from = answer.len() - reader.left();
    reader.skip(space)?;
    let to = answer.len() - reader.left();
    if to - from != length {
        return Err(DecodeError::Trailing { left: length.abs_diff(to - from) });
    }
    out.clear();
    out.extend_from_slice(answer.get(from..to).unwrap_or_default());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use palaestra_env::{BoxSpace, DType};

    fn spec() -> Spec {
        Spec::single("guest/x", Space::discrete(2), Space::Box(BoxSpace::uniform(0.0, 1.0, &[2], DType::Float32)))
    }

    fn answer(observation: &[f32]) -> Vec<u8> {
        let bytes: Vec<u8> = observation.iter().flat_map(|number| number.to_le_bytes()).collect();
        [&1.5f64.to_le_bytes()[..], &[1, 0], &0u32.to_le_bytes(), &(bytes.len() as u32).to_le_bytes(), &bytes].concat()
    }

    #[test]
    fn an_answer_is_read() {
        let (mut returned, mut outcome) = (Returned::default(), Outcome::new(1));
        returned.read(&answer(&[0.5, 0.25]), &spec(), &mut outcome).unwrap();
        assert_eq!((outcome.rewards, outcome.terminated, outcome.truncated), (vec![1.5], vec![true], vec![false]));
        assert_eq!(returned.observations, [[0.5f32.to_le_bytes(), 0.25f32.to_le_bytes()].concat()]);
    }

    #[test]
    fn an_answer_that_is_cut_or_holds_another_observation_is_an_error() {
        let (mut returned, mut outcome) = (Returned::default(), Outcome::new(1));
        let whole = answer(&[0.5, 0.25]);
        for end in 0..whole.len() {
            assert!(returned.read(&whole[..end], &spec(), &mut outcome).is_err(), "{end}");
        }
        for observation in [&[0.5][..], &[0.5, 0.25, 0.0]] {
            assert!(returned.read(&answer(observation), &spec(), &mut outcome).is_err(), "{observation:?}");
        }
    }
}
