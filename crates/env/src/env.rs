//! The environment that callers drive: order kept, actions checked, time limit applied.
use palaestra_text::json::shorten;

use crate::arguments::Kwargs;
use crate::codec::ValueWriter;
use crate::environment::{Environment, JointAction, Outcome, Phase};
use crate::error::{EnvError, RestoreError};
use crate::expert::Advice;
use crate::owner::Owner;
use crate::scene::Scene;
use crate::space::{Space, discrete_contains};
use crate::spec::{Sharing, Spec};
use crate::state::{StateReader, StateWriter};
use crate::value::Value;

/// An [`Environment`] behind the checks that `gymnasium.make` wraps around one (OrderEnforcing, PassiveEnvChecker and
/// TimeLimit): whatever a caller sends, the implementation sees only legal calls, and a refused call changes nothing.
pub struct Env {
    environment: Box<dyn Environment>,
    /// The environment's, which never changes: asked for several times a step.
    spec: Spec,
    outcome: Box<Outcome>,
    /// Where a step's outcome is made, so that the last one is still there if the step is refused. Both are boxed: they change places at
    /// every step.
    next: Box<Outcome>,
    phase: Phase,
    reset: bool,
    elapsed: u32,
    /// The state to fall back on while bytes from outside are read.
    before: StateWriter,
    owner: Owner,
}

impl Env {
    /// No state is longer, in bytes: four times what the greatest grid takes. Longer bytes are refused before anybody copies
    /// them.
    pub const MOST_STATE_BYTES: usize = 1 << 20;

    /// Wraps an environment.
    pub fn new(environment: Box<dyn Environment>) -> Self {
        let spec = environment.spec().clone();
        let agents = spec.agents.len();
        Self {
            environment,
            spec,
            outcome: Box::new(Outcome::new(agents)),
            next: Box::new(Outcome::new(agents)),
            phase: Phase::Reset,
            reset: false,
            elapsed: 0,
            before: StateWriter::new(),
            owner: Owner::default(),
        }
    }

    /// Names, spaces and limits.
    pub fn spec(&self) -> &Spec {
        &self.spec
    }

    /// Starts an episode; see [`Environment::reset`].
    ///
    /// # Errors
    /// [`EnvError::Option`] for options the environment does not take.
    pub fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), EnvError> {
        self.environment.reset(seed, options).map_err(EnvError::Option)?;
        self.outcome.clear();
        self.phase = Phase::Reset;
        self.reset = true;
        self.elapsed = 0;
        Ok(())
    }

    /// Advances by one step, given one action an agent in agent order.
    ///
    /// # Errors
    /// [`EnvError`] for a step before the first reset, a wrong number of actions, an action outside its space, or what the
    /// environment itself refuses.
    pub fn step(&mut self, actions: &[Value]) -> Result<&Outcome, EnvError> {
        if !self.reset {
            return Err(EnvError::NotReset);
        }
        self.check(actions)?;
        self.next.clear();
        self.environment.step(JointAction::new(actions), &mut self.next).map_err(EnvError::Step)?;
        std::mem::swap(&mut self.outcome, &mut self.next);
        self.phase = Phase::Step;
        self.elapsed = self.elapsed.saturating_add(1);
        if self.out_of_steps() {
            self.outcome.truncated.fill(true);
        }
        Ok(&self.outcome)
    }

    /// Whether [`step`](Self::step) would take these actions, as far as their spaces go.
    ///
    /// # Errors
    /// [`EnvError::ActionCount`] or [`EnvError::Action`].
    pub fn check(&self, actions: &[Value]) -> Result<(), EnvError> {
        let spec = self.spec();
        if actions.len() != spec.agents.len() {
            return Err(EnvError::ActionCount { expected: spec.agents.len(), found: actions.len() });
        }
        for ((agent, space), action) in spec.agents.iter().zip(&spec.action_spaces).zip(actions) {
            // The most usual ones are looked at without a call.
            let takes = match (space, action) {
                (Space::Discrete { n, start }, Value::Discrete(value)) => discrete_contains(*n, *start, *value),
                (space, action) => spec.takes(space, action),
            };
            if !takes {
                return Err(no_action_of(agent, space, action));
            }
        }
        Ok(())
    }

    /// The last step's rewards and flags; after a reset zeros.
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// Whether the last call was a reset or a step.
    pub fn phase(&self) -> Phase {
        self.phase
    }

    /// Steps since the last reset.
    pub fn elapsed(&self) -> u32 {
        self.elapsed
    }

    /// Writes the present observations, one or one per agent as [`Spec::observation`] says, one after another.
    pub fn observe(&self, out: &mut ValueWriter) {
        (0..self.spec().observations()).for_each(|agent| self.environment.observe(agent, out));
    }

    /// Writes what one agent sees at present.
    pub fn observe_as(&self, agent: usize, out: &mut ValueWriter) {
        let writes = match self.spec.observation {
            Sharing::Shared => 0,
            Sharing::PerAgent => agent,
        };
        self.environment.observe(writes, out);
    }

    /// Writes the `info` of the last reset or step.
    pub fn info(&self, out: &mut ValueWriter) {
        self.environment.info(self.phase, out);
    }

    /// Whether there is somebody who knows how to play it.
    pub fn has_expert(&self) -> bool {
        self.environment.has_expert()
    }

    /// What an agent should do now; see [`Environment::advise`]. Before the first reset, and where there is no expert, the action
    /// stays as it is.
    pub fn advise(&self, advice: &mut Advice<'_>) {
        if self.reset && advice.agent < self.spec.agents.len() {
            self.environment.advise(advice);
        }
    }

    /// Draws the present state into an emptied scene.
    pub fn draw(&self, scene: &mut Scene) {
        scene.clear();
        self.environment.draw(scene);
    }

    /// Whether it can go back to what was saved; see [`Environment::can_save`].
    pub fn can_save(&self) -> bool {
        self.environment.can_save()
    }

    /// Writes everything the future depends on.
    pub fn save(&self, out: &mut StateWriter) {
        out.bool(self.reset);
        out.bool(self.phase == Phase::Step);
        out.u32(self.elapsed);
        for agent in 0..self.outcome.rewards.len() {
            out.f64(self.outcome.rewards.get(agent).copied().unwrap_or_default());
            out.bool(self.outcome.terminated.get(agent).copied().unwrap_or_default());
            out.bool(self.outcome.truncated.get(agent).copied().unwrap_or_default());
        }
        self.environment.save(out);
    }

    /// Goes back to a saved state, which may come from anywhere. For a state of its own there is [`rewind`](Self::rewind).
    ///
    /// # Errors
    /// [`RestoreError`]; the environment is then as it was before.
    pub fn restore(&mut self, bytes: &[u8]) -> Result<(), RestoreError> {
        if bytes.len() > Self::MOST_STATE_BYTES {
            return Err(RestoreError::TooLong { most: Self::MOST_STATE_BYTES, found: bytes.len() });
        }
        let mut before = std::mem::take(&mut self.before);
        before.clear();
        self.save(&mut before);
        let restored = self.read(bytes).and_then(|()| self.can_arise()).inspect_err(|_| {
            // What `save` wrote is readable by the same environment; one that refuses it has to be reset.
            let _ = self.read(before.bytes()).inspect_err(|_| self.forget());
        });
        self.before = before;
        restored
    }

    /// Whether calls can have led to what was read, as far as it is this type's own.
    fn can_arise(&self) -> Result<(), RestoreError> {
        let invalid = |field| Err(RestoreError::Invalid { field });
        if self.outcome.rewards.iter().any(|reward| !reward.is_finite()) {
            return invalid("reward");
        }
        let stepped = self.phase == Phase::Step;
        if stepped && !self.reset {
            return invalid("reset");
        }
        if stepped != (self.elapsed > 0) {
            return invalid("elapsed");
        }
        let Outcome { rewards, terminated, truncated } = &*self.outcome;
        if !stepped
            && (rewards.iter().any(|reward| *reward != 0.0)
                || [terminated, truncated].iter().any(|flags| flags.contains(&true)))
        {
            return invalid("outcome");
        }
        if self.out_of_steps() && truncated.contains(&false) {
            return invalid("truncated");
        }
        Ok(())
    }

    fn out_of_steps(&self) -> bool {
        self.spec.max_episode_steps.is_some_and(|limit| self.elapsed >= limit)
    }

    pub(crate) fn owner(&self) -> &Owner {
        &self.owner
    }

    /// Makes the environment one that has to be reset before it is stepped: of one that is no longer where its caller takes it to be.
    pub fn forget(&mut self) {
        self.outcome.clear();
        (self.phase, self.reset, self.elapsed) = (Phase::Reset, false, 0);
    }

    pub(crate) fn read(&mut self, bytes: &[u8]) -> Result<(), RestoreError> {
        let mut state = StateReader::new(bytes);
        self.reset = state.bool("reset")?;
        self.phase = if state.bool("phase")? { Phase::Step } else { Phase::Reset };
        self.elapsed = state.u32()?;
        for agent in 0..self.outcome.rewards.len() {
            let (reward, terminated, truncated) = (state.f64()?, state.bool("terminated")?, state.bool("truncated")?);
            self.outcome.rewards.get_mut(agent).into_iter().for_each(|slot| *slot = reward);
            self.outcome.terminated.get_mut(agent).into_iter().for_each(|slot| *slot = terminated);
            self.outcome.truncated.get_mut(agent).into_iter().for_each(|slot| *slot = truncated);
        }
        self.environment.restore(&mut state)?;
        state.finish()
    }

    /// The hash of the saved state, 64 bits.
    pub fn hash(&self) -> u64 {
        let mut state = StateWriter::new();
        self.save(&mut state);
        state.hash()
    }
}
/// A function of its own: a game's actions are looked at before it plays, and its Worker does without the part that says this.
#[inline(never)]
fn no_action_of(agent: &str, space: &Space, action: &Value) -> EnvError {
    EnvError::Action { agent: agent.to_owned(), expected: space.to_string(), found: shorten(action.to_string()) }
}
