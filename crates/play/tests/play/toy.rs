//! A small environment of two agents in which nothing is alike: every action, every reward and every state differs from its
//! neighbours', so that a step that is lost, doubled or given to the wrong agent shows.
use palaestra_env::scene::{Colour, Style};
use palaestra_env::{
    ArgumentError, Arguments, BoxSpace, DType, Env, Environment, JointAction, Kwargs, MakeError, Outcome, Phase,
    RestoreError, Scene, SeededRng, Sharing, Space, Spec, StateReader, StateWriter, StepError, ValueWriter,
};

pub(crate) const ID: &str = "Toy-v0";
/// Actions of either agent.
pub(crate) const ACTIONS: i64 = 8;

struct Toy {
    spec: Spec,
    rng: SeededRng,
    step: i64,
    /// After how many steps each agent is done.
    lengths: [i64; 2],
    noise: f64,
    mixed: u64,
}

impl Toy {
    fn new() -> Self {
        let number = || Space::Box(BoxSpace::uniform(f64::NEG_INFINITY, f64::INFINITY, &[2], DType::Float64));
        let mut spec = Spec::single(ID, Space::discrete(ACTIONS), number());
        spec.agents = vec!["left".into(), "right".into()];
        spec.action_spaces = vec![Space::discrete(ACTIONS); 2];
        spec.observation_spaces = vec![number(); 2];
        (spec.observation, spec.reward, spec.ended) = (Sharing::PerAgent, Sharing::PerAgent, Sharing::PerAgent);
        spec.step_info = Space::dict([("step", Space::discrete(1 << 40))]);
        Self { spec, rng: SeededRng::new(0), step: 0, lengths: [1; 2], noise: 0.0, mixed: 0 }
    }
}

impl Environment for Toy {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        let mut arguments = Arguments::new(options);
        let longer = arguments.integer("longer", 0..=1_000_000, 0)?;
        arguments.finish()?;
        if let Some(seed) = seed {
            self.rng = SeededRng::new(seed);
        }
        self.lengths = [self.rng.integers(1, 30) + longer, self.rng.integers(1, 30) + longer];
        (self.step, self.noise, self.mixed) = (0, self.rng.random(), self.rng.next_u64());
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        if self.lengths.iter().all(|length| self.step >= *length) {
            return Err(StepError::EpisodeOver);
        }
        let [left, right] = [action.discrete(0), action.discrete(1)];
        self.step += 1;
        self.noise = self.rng.random();
        self.mixed = (self.mixed ^ (left * ACTIONS + right) as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(23);
        outcome.rewards.copy_from_slice(&[self.noise + left as f64, -1000.0 - 0.5 * right as f64]);
        for (over, length) in outcome.terminated.iter_mut().zip(self.lengths) {
            *over = self.step >= length;
        }
        Ok(())
    }

    fn observe(&self, agent: usize, out: &mut ValueWriter) {
        let mixed = (self.mixed >> 12) as f64;
        out.f64s(&if agent == 0 { [self.noise, self.step as f64] } else { [-mixed, self.noise] });
    }

    fn info(&self, phase: Phase, out: &mut ValueWriter) {
        if phase == Phase::Step {
            out.discrete(self.step);
        }
    }

    fn draw(&self, scene: &mut Scene) {
        scene.background(Colour::BLACK);
        scene.circle(&Style::fill(Colour::WHITE), [self.step as f32, 0.0], 1.0);
    }

    fn save(&self, out: &mut StateWriter) {
        out.rng(&self.rng);
        [self.step, self.lengths[0], self.lengths[1]].iter().for_each(|number| out.i64(*number));
        out.f64(self.noise);
        out.u64(self.mixed);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        self.rng = state.rng()?;
        self.step = state.i64()?;
        self.lengths = [state.i64()?, state.i64()?];
        self.noise = state.f64()?;
        self.mixed = state.u64()?;
        Ok(())
    }
}

/// Makes it, or one of the environments that come with Palaestra.
pub(crate) fn make(id: &str, kwargs: &Kwargs) -> Result<Env, MakeError> {
    if id == ID { Ok(Env::new(Box::new(Toy::new()))) } else { palaestra_envs::make(id, kwargs) }
}
