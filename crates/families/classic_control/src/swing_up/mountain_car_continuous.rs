//! MountainCarContinuous: dynamics, rewards and ends of Gymnasium 1.4.0's `classic_control/continuous_mountain_car.py`,
//! operation for operation.
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

const GOAL_POSITION: f64 = 0.45;
const POWER: f64 = 0.0015;
const GRAVITY: f64 = 0.0025;

/// Along the horizontal axis, positive to the right; speed a step.
///
/// The reference starts an episode with float64 numbers, makes the first step with them, and keeps float32 ones from then on.
#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    Fresh { position: f64 },
    Moving { position: f32, velocity: f32 },
}

/// Where a step leads. `velocity` is the number that the reference compares with the goal's: a limit that was hit stays the
/// float64 it is written as.
struct Next {
    position: f32,
    velocity: f64,
    narrow: bool,
    there: bool,
}

impl State {
    fn widened(self) -> [f64; 2] {
        match self {
            State::Fresh { position } => [position, 0.0],
            State::Moving { position, velocity } => [position.into(), velocity.into()],
        }
    }

    /// The angle whose cosine is the slope.
    fn phase(self) -> f64 {
        match self {
            State::Fresh { position } => 3.0 * position,
            State::Moving { position, .. } => f64::from(3.0 * position),
        }
    }

    /// By how much the speed changes. An action that is clipped becomes a float64, which is not narrowed by what it meets.
    fn push(self, action: f32) -> f64 {
        let slope = GRAVITY * cos(self.phase());
        if action.abs() > 1.0 {
            POWER.copysign(action.into()) - slope
        } else {
            f64::from(action * POWER as f32 - slope as f32)
        }
    }

    fn after(self, action: f32) -> Next {
        let push = self.push(action);
        match self {
            State::Fresh { position } => {
                let velocity = (0.0 + push).clamp(-MAX_SPEED, MAX_SPEED);
                let position = (position + velocity).clamp(MIN_POSITION, MAX_POSITION);
                let velocity = if position == MIN_POSITION && velocity < 0.0 { 0.0 } else { velocity };
                Next { position: position as f32, velocity, narrow: false, there: position >= GOAL_POSITION }
            }
            State::Moving { position, velocity } => {
                let velocity = velocity + push as f32;
                let (mut narrow, mut exact) = (true, f64::from(velocity));
                if velocity.abs() > MAX_SPEED as f32 {
                    (narrow, exact) = (false, MAX_SPEED.copysign(exact));
                }
                let position = (position + exact as f32).clamp(MIN_POSITION as f32, MAX_POSITION as f32);
                if position == MIN_POSITION as f32 && exact < 0.0 {
                    (narrow, exact) = (false, 0.0);
                }
                Next { position, velocity: exact, narrow, there: position >= GOAL_POSITION as f32 }
            }
        }
    }
}

/// `MountainCarContinuous-v0`.
pub(crate) struct MountainCarContinuous {
    spec: Spec,
    goal_velocity: f64,
    landscape: Landscape,
    rng: SeededRng,
    state: State,
    arrived: bool,
    /// The last step's push, from -1 to 1, to be shown.
    force: f32,
    /// Steps since the reset, to be shown.
    steps: u32,
}

impl MountainCarContinuous {
    /// # Errors
    /// [`ArgumentError`] for any argument but the number `goal_velocity`.
    #[inline(never)]
    pub(crate) fn new(id: &str, kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        let mut arguments = Arguments::new(kwargs);
        let goal_velocity = arguments.number("goal_velocity", 0.0)?;
        arguments.finish()?;
        let widened = |bounds: [f64; 2]| bounds.map(|bound| f64::from(bound as f32));
        let (low, high) = (widened([MIN_POSITION, -MAX_SPEED]), widened([MAX_POSITION, MAX_SPEED]));
        let actions = BoxSpace::uniform(-1.0, 1.0, &[1], DType::Float32);
        let observations = BoxSpace::vector(&low, &high, DType::Float32);
        let spec = Spec {
            clips_actions: true,
            max_episode_steps: Some(999),
            render_fps: 30,
            aspect: mountain_car_scene::ASPECT,
            ..Spec::single(id, Space::Box(actions), Space::Box(observations))
        };
        let landscape = Landscape::new(GOAL_POSITION);
        let (rng, state) = (SeededRng::new(0), State::Fresh { position: -0.5 });
        Ok(Self { spec, goal_velocity, landscape, rng, state, arrived: false, force: 0.0, steps: 0 })
    }

    fn fast_enough(&self, next: &Next) -> bool {
        if next.narrow {
            next.velocity as f32 >= self.goal_velocity as f32
        } else {
            next.velocity >= self.goal_velocity
        }
    }
}

impl Environment for MountainCarContinuous {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        let (low, high) = reset_bounds(options, -0.6, -0.4)?;
        if let Some(seed) = seed {
            self.rng = SeededRng::new(seed);
        }
        self.state = State::Fresh { position: self.rng.uniform(low, high) };
        (self.arrived, self.force, self.steps) = (false, 0.0, 0);
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        let action = action.f32s(0).first().copied().unwrap_or_default();
        if self.state.phase().is_infinite() {
            // Reached only by reset options of 1e308 and the like; Python's math.cos raises an error there.
            return Err(StepError::Illegal {
                agent: 0,
                expected: "a car whose position has a finite triple".to_owned(),
                found: Decimal(self.state.widened()[0]).to_string(),
            });
        }
        let next = self.state.after(action);
        self.arrived = next.there && self.fast_enough(&next);
        self.state = State::Moving { position: next.position, velocity: next.velocity as f32 };
        self.force = action.clamp(-1.0, 1.0);
        self.steps = self.steps.saturating_add(1);
        let effort = f64::from(action) * f64::from(action);
        let reward = if self.arrived { 100.0 } else { 0.0 } - effort * 0.1;
        outcome.share(reward, self.arrived, false);
        Ok(())
    }

    fn observe(&self, _agent: usize, out: &mut ValueWriter) {
        out.f32s(&self.state.widened().map(|number| number as f32));
    }

    fn draw(&self, scene: &mut Scene) {
        let limit = self.spec.max_episode_steps.unwrap_or(u32::MAX);
        let [position, velocity] = self.state.widened();
        let car = Car { position, velocity, push: self.force.into() };
        self.landscape.draw(scene, &car, self.arrived, self.steps, limit);
    }

    fn has_expert(&self) -> bool {
        true
    }

    fn advise(&self, advice: &mut Advice<'_>) {
        let [_, velocity] = self.state.widened();
        expert::mountain_car_continuous(velocity, advice);
    }

    fn save(&self, out: &mut StateWriter) {
        out.f64(self.goal_velocity);
        out.bool(matches!(self.state, State::Fresh { .. }));
        self.state.widened().into_iter().for_each(|number| out.f64(number));
        out.bool(self.arrived);
        out.f32(self.force);
        out.u32(self.steps);
        out.rng(&self.rng);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        if state.f64()?.to_bits() != self.goal_velocity.to_bits() {
            return Err(RestoreError::Foreign);
        }
        let (fresh, position, velocity) = (state.bool("fresh")?, state.f64()?, state.f64()?);
        self.state = match fresh {
            true if velocity == 0.0 => State::Fresh { position },
            false if [position, velocity].iter().all(|number| f64::from(*number as f32) == *number) => {
                State::Moving { position: position as f32, velocity: velocity as f32 }
            }
            _ => return Err(RestoreError::Invalid { field: "state" }),
        };
        self.arrived = state.bool("arrived")?;
        self.force = state.f32()?;
        if !(-1.0..=1.0).contains(&self.force) {
            return Err(RestoreError::Invalid { field: "force" });
        }
        self.steps = state.u32()?;
        self.rng = state.rng()?;
        Ok(())
    }
}
