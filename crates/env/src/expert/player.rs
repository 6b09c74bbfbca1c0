//! The [`Policy`] that plays as an environment's expert says.
use super::Memory;
use crate::error::RestoreError;
use crate::policy::{Policy, View};
use crate::rng::SeededRng;
use crate::space::Space;
use crate::state::{StateReader, StateWriter};
use crate::value::Value;

/// Plays as the environment's expert says, or at random: at each step with the probability `skill` as it says.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpertPolicy {
    space: Space,
    /// What is played where the expert does not answer.
    blank: Value,
    skill: f64,
    memory: Memory,
}

impl ExpertPolicy {
    /// For an agent with this action space. `skill` is a probability: what is none counts as the nearest that is, and no number as 1.
    // In a page's module it is in a part, with all of this file: what calls it must stay elsewhere.
    #[inline(never)]
    pub fn new(space: Space, skill: f64) -> Self {
        let skill = if skill.is_nan() { 1.0 } else { skill.clamp(0.0, 1.0) };
        Self { blank: Value::blank(&space), space, skill, memory: Memory::default() }
    }
}

impl Policy for ExpertPolicy {
    fn act(&mut self, view: View<'_>, rng: &mut SeededRng, action: &mut Value) {
        // What the slot held may be of frames that were taken back: an answer that leaves some of it out must not depend on that.
        action.copy_from(&self.blank);
        // It is asked at every step, so that it knows what has happened when its advice is next taken.
        view.advise(&mut self.memory, rng, action);
        if rng.random() >= self.skill {
            action.sample_again(&self.space, rng);
        }
    }

    fn reset(&mut self) {
        self.memory = Memory::default();
    }

    fn save(&self, out: &mut StateWriter) {
        self.memory.iter().for_each(|number| out.f64(*number));
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        for number in &mut self.memory {
            *number = state.f64()?;
        }
        Ok(())
    }
}
