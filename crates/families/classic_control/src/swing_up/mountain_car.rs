//! MountainCar: dynamics, rewards and ends of Gymnasium 1.4.0's `classic_control/mountain_car.py`, operation for operation.
use palaestra_env::{
    Advice, ArgumentError, Arguments, BoxSpace, DType, Environment, JointAction, Kwargs, Outcome, RestoreError, Scene,
    SeededRng, Space, Spec, StateReader, StateWriter, StepError, ValueWriter,
};
use palaestra_math::glibc::cos;
use palaestra_text::Decimal;

use super::mountain_car_scene::{self, Car, Landscape};
use super::valley::{MAX_POSITION, MAX_SPEED, MIN_POSITION};
use crate::bounds::reset_bounds;
use crate::expert;

/// Where the flag stands.
const GOAL_POSITION: f64 = 0.5;
const FORCE: f64 = 0.001;
const GRAVITY: f64 = 0.0025;

/// Along the horizontal axis, positive to the right; speed a step.
#[derive(Clone, Copy, Debug, PartialEq)]
struct State {
    position: f64,
    velocity: f64,
    /// The last step's push: -1 to the left, 1 to the right.
    push: i8,
}

/// `MountainCar-v0`.
pub(crate) struct MountainCar {
    spec: Spec,
    goal_velocity: f64,
    landscape: Landscape,
    rng: SeededRng,
    state: State,
    /// Steps since the reset, to be shown.
    steps: u32,
}

impl MountainCar {
    /// # Errors
    /// [`ArgumentError`] for any argument but the number `goal_velocity`.
    #[inline(never)]
    pub(crate) fn new(id: &str, max_episode_steps: u32, kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        let mut arguments = Arguments::new(kwargs);
        let goal_velocity = arguments.number("goal_velocity", 0.0)?;
        arguments.finish()?;
        let widened = |bounds: [f64; 2]| bounds.map(|bound| f64::from(bound as f32));
        let (low, high) = (widened([MIN_POSITION, -MAX_SPEED]), widened([MAX_POSITION, MAX_SPEED]));
        let spec = Spec {
            max_episode_steps: Some(max_episode_steps),
            render_fps: 30,
            aspect: mountain_car_scene::ASPECT,
            ..Spec::single(id, Space::discrete(3), Space::Box(BoxSpace::vector(&low, &high, DType::Float32)))
        };
        let state = State { position: -0.5, velocity: 0.0, push: 0 };
        Ok(Self {
            spec,
            goal_velocity,
            landscape: Landscape::new(GOAL_POSITION),
            rng: SeededRng::new(0),
            state,
            steps: 0,
        })
    }

    fn arrived(&self) -> bool {
        self.state.position >= GOAL_POSITION && self.state.velocity >= self.goal_velocity
    }
}

impl Environment for MountainCar {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        let (low, high) = reset_bounds(options, -0.6, -0.4)?;
        if let Some(seed) = seed {
            self.rng = SeededRng::new(seed);
        }
        self.state = State { position: self.rng.uniform(low, high), velocity: 0.0, push: 0 };
        self.steps = 0;
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        let State { position, velocity, .. } = self.state;
        let phase = 3.0 * position;
        if phase.is_infinite() {
            // Reached only by reset options of 1e308 and the like; Python's math.cos raises an error there.
            return Err(StepError::Illegal {
                agent: 0,
                expected: "a car whose position has a finite triple".to_owned(),
                found: Decimal(position).to_string(),
            });
        }
        let push = action.discrete(0) - 1;
        let velocity = velocity + (push as f64 * FORCE + cos(phase) * -GRAVITY);
        let velocity = velocity.clamp(-MAX_SPEED, MAX_SPEED);
        let position = (position + velocity).clamp(MIN_POSITION, MAX_POSITION);
        let stopped = position == MIN_POSITION && velocity < 0.0;
        self.state = State { position, velocity: if stopped { 0.0 } else { velocity }, push: push as i8 };
        self.steps = self.steps.saturating_add(1);
        outcome.share(-1.0, self.arrived(), false);
        Ok(())
    }

    fn observe(&self, _agent: usize, out: &mut ValueWriter) {
        out.f32s(&[self.state.position as f32, self.state.velocity as f32]);
    }

    fn draw(&self, scene: &mut Scene) {
        let limit = self.spec.max_episode_steps.unwrap_or(u32::MAX);
        let State { position, velocity, push } = self.state;
        let car = Car { position, velocity, push: push.into() };
        // An episode that begins at the top is not over.
        self.landscape.draw(scene, &car, self.steps > 0 && self.arrived(), self.steps, limit);
    }

    fn has_expert(&self) -> bool {
        true
    }

    fn advise(&self, advice: &mut Advice<'_>) {
        expert::mountain_car(self.state.velocity, advice);
    }

    fn save(&self, out: &mut StateWriter) {
        out.f64(self.state.position);
        out.f64(self.state.velocity);
        out.u8(self.state.push as u8);
        out.u32(self.steps);
        out.rng(&self.rng);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        let (position, velocity, push) = (state.f64()?, state.f64()?, state.u8()? as i8);
        if !(-1..=1).contains(&push) {
            return Err(RestoreError::Invalid { field: "push" });
        }
        self.state = State { position, velocity, push };
        self.steps = state.u32()?;
        self.rng = state.rng()?;
        Ok(())
    }
}
