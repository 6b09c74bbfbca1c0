//! What an expert is asked.
use crate::rng::SeededRng;
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
    /// Where the answer goes: a member of the agent's action space. An [`ExpertPolicy`](super::ExpertPolicy) asks with
    /// [`Value::blank`] there, which is what it plays where there is no answer.
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
