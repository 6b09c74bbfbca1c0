//! Who knows how to play an environment: what an expert is asked, and the [`Policy`] that plays as it says.
//!
//! An expert belongs to its environment and sees the whole of it, more than its agent does. It is somebody to play with and a source
//! of data, and not the best that there can be.
use crate::error::RestoreError;
use crate::policy::{Policy, View};
use crate::rng::SeededRng;
use crate::space::Space;
use crate::state::{StateReader, StateWriter};
use crate::value::{Tensor, Value};

/// What an expert remembers from one step of an episode to the next, zeros at its beginning. As many numbers for every expert: so
/// saved games with the same seats are as long.
pub type Memory = [f64; 8];

/// A question to an expert: what should this agent do now?
pub struct Advice<'a> {
    /// The agent's number.
    pub agent: usize,
    /// What the expert wrote there when it was last asked for this agent. Any numbers may stand there, for a saved game can come from
    /// anywhere.
    pub memory: &'a mut Memory,
    /// All its randomness.
    pub rng: &'a mut SeededRng,
    /// Where the answer goes: a member of the agent's action space, and one before it is written.
    pub action: &'a mut Value,
}

impl Advice<'_> {
    /// Answers with an action of a Discrete space.
    pub fn discrete(&mut self, action: i64) {
        *self.action = Value::Discrete(action);
    }

    /// Answers with an action of a float32 Box, in the memory that is there. What is missing stays as it was.
    pub fn numbers(&mut self, numbers: &[f64]) {
        if let Value::Tensor(Tensor::F32(slots)) = self.action {
            slots.iter_mut().zip(numbers).for_each(|(slot, number)| *slot = *number as f32);
        }
    }

    /// Whether something of this probability happens.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.rng.random() < probability
    }

    /// A number below `count`, each as likely; 0 of none.
    pub fn below(&mut self, count: usize) -> usize {
        self.rng.choice(count.max(1))
    }

    /// A number around 0 with this deviation: the sum of twelve even ones, which needs no elementary function.
    pub fn around(&mut self, deviation: f64) -> f64 {
        ((0..12).map(|_| self.rng.random()).sum::<f64>() - 6.0) * deviation
    }
}

/// Plays as the environment's expert says, or at random: at each step with the probability `skill` as it says.
#[derive(Clone, Debug, PartialEq)]
pub struct ExpertPolicy {
    space: Space,
    skill: f64,
    memory: Memory,
}

impl ExpertPolicy {
    /// For an agent with this action space. `skill` is a probability: what is none counts as the nearest that is, and no number as 1.
    // In a page's module it is in a part, with all of this file: what calls it must stay elsewhere.
    #[inline(never)]
    pub fn new(space: Space, skill: f64) -> Self {
        Self { space, skill: if skill.is_nan() { 1.0 } else { skill.clamp(0.0, 1.0) }, memory: Memory::default() }
    }
}

impl Policy for ExpertPolicy {
    fn act(&mut self, view: View<'_>, rng: &mut SeededRng, action: &mut Value) {
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
