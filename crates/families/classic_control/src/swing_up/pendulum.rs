//! Pendulum: dynamics and rewards of Gymnasium 1.4.0's `classic_control/pendulum.py`, operation for operation.
use std::f64::consts::PI;

use palaestra_env::{
    Advice, ArgumentError, Arguments, BoxSpace, DType, Environment, JointAction, Kwargs, Outcome, RestoreError, Scene,
    SeededRng, Space, Spec, StateReader, StateWriter, StepError, ValueWriter,
};
use palaestra_math::glibc::{cos, sin};
use palaestra_text::Decimal;

use super::pendulum_motion::{MAX_SPEED, MAX_TORQUE, State, normalised};
use super::pendulum_scene;
use crate::expert;

/// The greatest speed at the start, which the reward squares. The reference takes more, and its rewards are then infinite.
const MOST_SPEED: f64 = 1e150;
/// `Pendulum-v1`.
pub(crate) struct Pendulum {
    spec: Spec,
    g: f64,
    rng: SeededRng,
    state: State,
    /// The last step's, to be shown.
    torque: f32,
    /// Steps since the reset, to be shown.
    steps: u32,
}

impl Pendulum {
    /// # Errors
    /// [`ArgumentError`] for any argument but the number `g`, and for one that float64 cannot treble: at rest, the reference's
    /// rewards are then no numbers.
    #[inline(never)]
    pub(crate) fn new(id: &str, kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        let mut arguments = Arguments::new(kwargs);
        let g = arguments
            .parsed("g", "a number whose triple is finite", |json| json.as_f64().filter(|g| (3.0 * g).is_finite()));
        let g = g?.unwrap_or(10.0);
        arguments.finish()?;
        let high = [1.0, 1.0, MAX_SPEED];
        let actions = BoxSpace::uniform(-MAX_TORQUE, MAX_TORQUE, &[1], DType::Float32);
        let observations = BoxSpace::vector(&high.map(|high| -high), &high, DType::Float32);
        let spec = Spec {
            clips_actions: true,
            max_episode_steps: Some(200),
            render_fps: 30,
            aspect: pendulum_scene::ASPECT,
            ..Spec::single(id, Space::Box(actions), Space::Box(observations))
        };
        Ok(Self { spec, g, rng: SeededRng::new(0), state: State::default(), torque: 0.0, steps: 0 })
    }
}

/// A start lies between minus the option and the option; NumPy refuses minus zero as well.
fn reach(arguments: &mut Arguments<'_>, name: &'static str, default: f64, most: f64) -> Result<f64, ArgumentError> {
    let reach = arguments.number(name, default)?;
    if reach.is_sign_positive() && reach <= most {
        return Ok(reach);
    }
    let expected = format!("a number from 0 to {}", Decimal(most));
    Err(ArgumentError::Invalid { name: name.to_owned(), expected, found: Decimal(reach).to_string() })
}

impl Environment for Pendulum {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        let mut arguments = Arguments::new(options);
        let angle = reach(&mut arguments, "x_init", PI, f64::MAX / 2.0)?;
        let speed = reach(&mut arguments, "y_init", 1.0, MOST_SPEED)?;
        arguments.finish()?;
        if let Some(seed) = seed {
            self.rng = SeededRng::new(seed);
        }
        let [theta, theta_dot] = [angle, speed].map(|reach| self.rng.uniform(-reach, reach));
        self.state = State { theta, theta_dot };
        (self.torque, self.steps) = (0.0, 0);
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        let torque = action.f32s(0).first().copied().unwrap_or_default();
        let torque = torque.clamp(-MAX_TORQUE as f32, MAX_TORQUE as f32);
        outcome.share(-self.state.cost(torque), false, false);
        self.state = self.state.after(torque, self.g);
        self.torque = torque;
        self.steps = self.steps.saturating_add(1);
        Ok(())
    }

    fn observe(&self, _agent: usize, out: &mut ValueWriter) {
        let State { theta, theta_dot } = self.state;
        out.f32s(&[cos(theta) as f32, sin(theta) as f32, theta_dot as f32]);
    }

    fn draw(&self, scene: &mut Scene) {
        let limit = self.spec.max_episode_steps.unwrap_or(u32::MAX);
        pendulum_scene::draw(scene, &self.state, self.torque.into(), self.steps, limit);
    }

    fn has_expert(&self) -> bool {
        true
    }

    fn advise(&self, advice: &mut Advice<'_>) {
        let State { theta, theta_dot } = self.state;
        expert::pendulum(normalised(theta), cos(theta), theta_dot, self.g, advice);
    }

    fn save(&self, out: &mut StateWriter) {
        [self.g, self.state.theta, self.state.theta_dot].into_iter().for_each(|number| out.f64(number));
        out.f32(self.torque);
        out.u32(self.steps);
        out.rng(&self.rng);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        if state.f64()?.to_bits() != self.g.to_bits() {
            return Err(RestoreError::Foreign);
        }
        self.state = State { theta: state.finite("theta")?, theta_dot: state.finite("theta_dot")? };
        if self.state.theta_dot.abs() > MOST_SPEED {
            return Err(RestoreError::Invalid { field: "theta_dot" });
        }
        self.torque = state.f32()?;
        if f64::from(self.torque).abs() > MAX_TORQUE || self.torque.is_nan() {
            return Err(RestoreError::Invalid { field: "torque" });
        }
        self.steps = state.u32()?;
        self.rng = state.rng()?;
        Ok(())
    }
}
