//! The contract an environment's author implements.
use crate::arguments::Kwargs;
use crate::codec::ValueWriter;
use crate::error::{ArgumentError, RestoreError, StepError};
use crate::expert::Advice;
use crate::scene::Scene;
use crate::spec::Spec;
use crate::state::{StateReader, StateWriter};
use crate::value::{Tensor, Value};

/// A deterministic environment: the same seed and actions give the same bytes, on every machine and in every browser.
///
/// An implementation reads no clock and no global, iterates over no hash map, and computes `sin`, `exp`, … with
/// `palaestra-math` only. `step` allocates nothing once warm. Actions have been checked against their spaces, and `reset`
/// has been called, before `step` sees them: see [`Env`](crate::Env). It may go from one thread to another, so that many can be
/// stepped at once.
pub trait Environment: Send {
    /// Names, spaces and limits. Fixed for the life of the environment.
    fn spec(&self) -> &Spec;

    /// Starts an episode. With a seed the generator starts anew from it; without, it goes on from where it is, and one that
    /// was never seeded starts as from seed 0.
    ///
    /// # Errors
    /// [`ArgumentError`] for options the environment does not take; nothing has changed then.
    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError>;

    /// Advances by one step of the joint action. `outcome` comes with zero rewards and lowered flags; rewards are finite.
    ///
    /// # Errors
    /// [`StepError`] for what the reference refuses as well; nothing has changed then.
    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError>;

    /// Writes what `agent` sees now, a member of its observation space. With a shared observation only agent 0 is asked.
    fn observe(&self, agent: usize, out: &mut ValueWriter);

    /// Writes the `info` of the last reset or step, a member of [`Spec::reset_info`] or [`Spec::step_info`].
    fn info(&self, phase: Phase, out: &mut ValueWriter) {
        let _ = (phase, out);
    }

    /// Draws the present state.
    fn draw(&self, scene: &mut Scene);

    /// Whether there is somebody who knows how to play it: see [`advise`](Self::advise). The same for its whole life, and told in the
    /// catalog: [`Entry::expert`](crate::catalog::Entry::expert).
    fn has_expert(&self) -> bool {
        false
    }

    /// Says what an agent should do now, as somebody who knows the whole state would play: a member of the agent's action space.
    /// It changes nothing, and is asked at any time, also of states that [`restore`](Self::restore) took.
    fn advise(&self, advice: &mut Advice<'_>) {
        let _ = advice;
    }

    /// Whether [`save`](Self::save) writes all that, and [`restore`](Self::restore) takes it. The same for its whole life. Every environment
    /// does but those that are foreign code, which may not be able to: what `save` writes of them tells one situation from another as far
    /// as that can be seen from outside, and `restore` takes back that of the present one alone.
    fn can_save(&self) -> bool {
        true
    }

    /// Writes everything the future depends on, the generator included: at most
    /// [`Env::MOST_STATE_BYTES`](crate::Env::MOST_STATE_BYTES).
    fn save(&self, out: &mut StateWriter);

    /// Reads what [`save`](Self::save) wrote, in the memory there is: games that go back and play again do this at every frame.
    ///
    /// # Errors
    /// [`RestoreError`] for bytes that are no state of this environment, which may come from anywhere: whatever is taken must
    /// lead to no panic and no endless loop later. What a refusal leaves behind is put right by
    /// [`Env::restore`](crate::Env::restore).
    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError>;
}

/// Whether an `info` follows a reset or a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// After `reset`.
    Reset,
    /// After `step`.
    Step,
}

/// One checked action an agent.
#[derive(Clone, Copy, Debug)]
pub struct JointAction<'a> {
    actions: &'a [Value],
}

impl<'a> JointAction<'a> {
    pub(crate) fn new(actions: &'a [Value]) -> Self {
        Self { actions }
    }

    /// The action of an agent, by index.
    pub fn get(&self, agent: usize) -> &'a Value {
        self.actions.get(agent).unwrap_or(&Value::None)
    }

    /// The integer of an agent with a Discrete action space.
    pub fn discrete(&self, agent: usize) -> i64 {
        match self.get(agent) {
            Value::Discrete(value) => *value,
            _ => 0,
        }
    }

    /// The numbers of an agent with a float32 Box action space.
    pub fn f32s(&self, agent: usize) -> &'a [f32] {
        match self.get(agent) {
            Value::Tensor(Tensor::F32(values)) => values,
            _ => &[],
        }
    }

    /// The integers of an agent with a MultiDiscrete action space.
    pub fn multi_discrete(&self, agent: usize) -> &'a [i64] {
        match self.get(agent) {
            Value::MultiDiscrete(values) => values,
            _ => &[],
        }
    }

    /// The bits of an agent with a MultiBinary action space.
    pub fn multi_binary(&self, agent: usize) -> &'a [u8] {
        match self.get(agent) {
            Value::MultiBinary(values) => values,
            _ => &[],
        }
    }
}

/// What a step earned and whether it ended, an element an agent.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Rewards.
    pub rewards: Vec<f64>,
    /// The episode reached an end of the task.
    pub terminated: Vec<bool>,
    /// The episode was cut off, by a time limit for example.
    pub truncated: Vec<bool>,
}

impl Outcome {
    /// Zero rewards and lowered flags for `agents` agents.
    pub fn new(agents: usize) -> Self {
        Self { rewards: vec![0.0; agents], terminated: vec![false; agents], truncated: vec![false; agents] }
    }

    pub(crate) fn clear(&mut self) {
        self.share(0.0, false, false);
    }

    /// Gives every agent the same reward and flags.
    pub fn share(&mut self, reward: f64, terminated: bool, truncated: bool) {
        // One loop instead of three fills: each of those would become a call of memset, which in WebAssembly costs more than
        // a step of a small environment.
        let flags = self.terminated.iter_mut().zip(&mut self.truncated);
        for (own, (over, cut)) in self.rewards.iter_mut().zip(flags) {
            (*own, *over, *cut) = (reward, terminated, truncated);
        }
    }

    /// Whether the episode is over for every agent.
    pub fn over(&self) -> bool {
        self.terminated.iter().zip(&self.truncated).all(|(terminated, truncated)| *terminated || *truncated)
    }
}
