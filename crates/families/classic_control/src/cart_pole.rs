//! CartPole: dynamics, rewards and ends of Gymnasium 1.4.0's `classic_control/cartpole.py`, operation for operation.
use palaestra_env::{
    Advice, ArgumentError, Arguments, BoxSpace, DType, Environment, JointAction, Kwargs, Outcome, RestoreError, Scene,
    SeededRng, Space, Spec, StateReader, StateWriter, StepError, ValueWriter,
};

use super::bounds::reset_bounds;
use super::cart_pole_motion::{ANGLE_LIMIT, FORCE, State, TRACK_LIMIT};
use super::{cart_pole_scene, expert};

/// `CartPole-v0` and `-v1`.
pub(super) struct CartPole {
    spec: Spec,
    sutton_barto_reward: bool,
    rng: SeededRng,
    state: State,
    /// Whether the episode has terminated; the reference goes on from there, with other rewards.
    terminated: bool,
    /// Steps since the reset, to be shown.
    steps: u32,
}

impl CartPole {
    /// # Errors
    /// [`ArgumentError`] for any argument but the bool `sutton_barto_reward`.
    pub(super) fn new(id: &str, max_episode_steps: u32, kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        let mut arguments = Arguments::new(kwargs);
        let sutton_barto_reward = arguments.bool("sutton_barto_reward", false)?;
        arguments.finish()?;
        // Twice the limits, so that the observation that ends the episode still lies inside. The reference's are float32.
        let high =
            [TRACK_LIMIT * 2.0, f64::INFINITY, ANGLE_LIMIT * 2.0, f64::INFINITY].map(|high| f64::from(high as f32));
        let observation_space = Space::Box(BoxSpace::vector(&high.map(|high| -high), &high, DType::Float32));
        let spec = Spec {
            max_episode_steps: Some(max_episode_steps),
            render_fps: 50,
            aspect: cart_pole_scene::ASPECT,
            ..Spec::single(id, Space::discrete(2), observation_space)
        };
        let (rng, state) = (SeededRng::new(0), State::default());
        Ok(Self { spec, sutton_barto_reward, rng, state, terminated: false, steps: 0 })
    }
}

impl Environment for CartPole {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        let (low, high) = reset_bounds(options, -0.05, 0.05)?;
        if let Some(seed) = seed {
            self.rng = SeededRng::new(seed);
        }
        let [x, x_dot, theta, theta_dot] = std::array::from_fn(|_| self.rng.uniform(low, high));
        self.state = State { x, x_dot, theta, theta_dot };
        (self.terminated, self.steps) = (false, 0);
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        let force = if action.discrete(0) == 1 { FORCE } else { -FORCE };
        self.state = self.state.after(force);
        self.steps = self.steps.saturating_add(1);
        let terminated = self.state.off_the_track() || self.state.pole_down();
        let reward = match (terminated, self.sutton_barto_reward) {
            (false, true) => 0.0,
            (true, true) => -1.0,
            (true, false) if self.terminated => 0.0,
            (_, false) => 1.0,
        };
        self.terminated |= terminated;
        outcome.share(reward, terminated, false);
        Ok(())
    }

    fn observe(&self, _agent: usize, out: &mut ValueWriter) {
        let State { x, x_dot, theta, theta_dot } = self.state;
        out.f32s(&[x as f32, x_dot as f32, theta as f32, theta_dot as f32]);
    }

    fn draw(&self, scene: &mut Scene) {
        cart_pole_scene::draw(scene, &self.state, self.steps, self.spec.max_episode_steps.unwrap_or(u32::MAX));
    }

    fn has_expert(&self) -> bool {
        true
    }

    fn advise(&self, advice: &mut Advice<'_>) {
        let State { x, x_dot, theta, theta_dot } = self.state;
        expert::cart_pole(x, x_dot, theta, theta_dot, advice);
    }

    fn save(&self, out: &mut StateWriter) {
        let State { x, x_dot, theta, theta_dot } = self.state;
        [x, x_dot, theta, theta_dot].into_iter().for_each(|number| out.f64(number));
        out.bool(self.terminated);
        out.u32(self.steps);
        out.rng(&self.rng);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        self.state = State { x: state.f64()?, x_dot: state.f64()?, theta: state.f64()?, theta_dot: state.f64()? };
        self.terminated = state.bool("terminated")?;
        self.steps = state.u32()?;
        self.rng = state.rng()?;
        Ok(())
    }
}
