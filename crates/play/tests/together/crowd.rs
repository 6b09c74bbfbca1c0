//! An environment of any number of agents, whose every state depends on all actions before.
use palaestra_env::scene::Colour;
use palaestra_env::{
    ArgumentError, Env, Environment, JointAction, Kwargs, Outcome, Phase, RestoreError, Scene, SeededRng, Sharing,
    Space, Spec, StateReader, StateWriter, StepError, ValueWriter,
};

/// Actions of each agent.
pub(crate) const ACTIONS: i64 = 5;

struct Crowd {
    spec: Spec,
    rng: SeededRng,
    step: i64,
    length: i64,
    mixed: u64,
    /// How many steps there may be until one goes wrong, once.
    wrong_in: Option<u32>,
    /// An action that it refuses where all choose it.
    refuses: Option<i64>,
}

/// For so many agents.
pub(crate) fn crowd(agents: usize) -> Env {
    crowd_that_errs(agents, None)
}

/// One whose memory is damaged once, after so many steps.
pub(crate) fn crowd_that_errs(agents: usize, wrong_in: Option<u32>) -> Env {
    made(agents, wrong_in, None)
}

/// One that refuses an action where all choose it, though their spaces have it.
pub(crate) fn crowd_that_refuses(agents: usize, refuses: i64) -> Env {
    made(agents, None, Some(refuses))
}

fn made(agents: usize, wrong_in: Option<u32>, refuses: Option<i64>) -> Env {
    let number = || Space::discrete(1 << 40);
    let mut spec = Spec::single("Crowd-v0", Space::discrete(ACTIONS), number());
    spec.agents = (0..agents).map(|agent| format!("agent_{agent}")).collect();
    spec.action_spaces = vec![Space::discrete(ACTIONS); agents];
    spec.observation_spaces = vec![number(); agents];
    (spec.observation, spec.reward, spec.ended) = (Sharing::PerAgent, Sharing::PerAgent, Sharing::PerAgent);
    Env::new(Box::new(Crowd { spec, rng: SeededRng::new(0), step: 0, length: 1, mixed: 0, wrong_in, refuses }))
}

impl Environment for Crowd {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    /// With other options it begins otherwise.
    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        seed.into_iter().for_each(|seed| self.rng = SeededRng::new(seed));
        (self.step, self.length, self.mixed) = (0, self.rng.integers(20, 200), self.rng.next_u64());
        self.mixed ^= options.len() as u64;
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        if self.step >= self.length {
            return Err(StepError::EpisodeOver);
        }
        let agents = 0..self.spec.agents.len();
        if self.refuses.is_some_and(|refused| agents.clone().all(|agent| action.discrete(agent) == refused)) {
            return Err(StepError::Illegal { agent: 0, expected: "another".into(), found: "what all chose".into() });
        }
        self.step += 1;
        for agent in agents {
            let chosen = action.discrete(agent) as u64 + 1;
            self.mixed = (self.mixed ^ chosen).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
        }
        self.mixed ^= u64::from(self.rng.next_u32());
        self.wrong_in = self.wrong_in.and_then(|left| left.checked_sub(1)).inspect(|left| {
            self.mixed ^= u64::from(*left == 0) << 50;
        });
        outcome.rewards.iter_mut().for_each(|reward| *reward = (self.mixed >> 40) as f64);
        outcome.terminated.fill(self.step >= self.length);
        Ok(())
    }

    fn observe(&self, agent: usize, out: &mut ValueWriter) {
        out.discrete((self.mixed >> 24) as i64 ^ agent as i64);
    }

    fn info(&self, _: Phase, _: &mut ValueWriter) {}

    fn draw(&self, scene: &mut Scene) {
        scene.background(Colour::BLACK);
    }

    fn save(&self, out: &mut StateWriter) {
        out.rng(&self.rng);
        out.i64(self.step);
        out.i64(self.length);
        out.u64(self.mixed);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        self.rng = state.rng()?;
        self.step = state.i64()?;
        self.length = state.i64()?;
        self.mixed = state.u64()?;
        Ok(())
    }
}
