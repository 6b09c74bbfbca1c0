//! Acrobot: dynamics, rewards and ends of Gymnasium 1.4.0's `classic_control/acrobot.py` (the book's dynamics), operation for
//! operation.

use palaestra_env::{
    Advice, ArgumentError, Arguments, BoxSpace, DType, Environment, JointAction, Kwargs, Outcome, RestoreError, Scene,
    SeededRng, Space, Spec, StateReader, StateWriter, StepError, ValueWriter,
};
use palaestra_math::numpy::{cos_f32, sin_f32};
use palaestra_text::Decimal;

use super::acrobot_motion::{ANGLE_LIMIT, MAX_SPEEDS, State, Turn, integrated, reaches, wrapped};
use super::acrobot_scene;
use crate::bounds::reset_bounds;
use crate::expert;

/// `Acrobot-v1`.
pub(crate) struct Acrobot {
    spec: Spec,
    rng: SeededRng,
    state: State,
    /// By the state's angles: the end of a step, its observation and the next step all need them.
    turns: [Turn; 2],
    /// Before the first step the reference has float32 numbers, and observes them with float32 functions.
    fresh: bool,
    /// The last step's torque, to be shown.
    torque: i8,
    /// Steps since the reset, to be shown.
    steps: u32,
}

impl Acrobot {
    /// # Errors
    /// [`ArgumentError`] for any argument.
    #[inline(never)]
    pub(crate) fn new(id: &str, kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        Arguments::new(kwargs).finish()?;
        let high = [1.0, 1.0, 1.0, 1.0, MAX_SPEEDS[0], MAX_SPEEDS[1]].map(|high| f64::from(high as f32));
        let observations = BoxSpace::vector(&high.map(|high| -high), &high, DType::Float32);
        let spec = Spec {
            max_episode_steps: Some(500),
            render_fps: 15,
            aspect: acrobot_scene::ASPECT,
            ..Spec::single(id, Space::discrete(3), Space::Box(observations))
        };
        let state = [0.0; 4];
        let turns = Turn::both(state);
        Ok(Self { spec, rng: SeededRng::new(0), state, turns, fresh: true, torque: 0, steps: 0 })
    }
}

impl Environment for Acrobot {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        let (low, high) = reset_bounds(options, -0.1, 0.1)?;
        if let Some(seed) = seed {
            self.rng = SeededRng::new(seed);
        }
        self.state = std::array::from_fn(|_| f64::from(self.rng.uniform(low, high) as f32));
        self.turns = Turn::both(self.state);
        (self.fresh, self.torque, self.steps) = (true, 0, 0);
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        let torque = action.discrete(0) - 1;
        let next = integrated(self.state, self.turns[1], torque as f64);
        if next[0].abs() > ANGLE_LIMIT || next[1].abs() > ANGLE_LIMIT {
            // Reached only by reset options of 1e6 and the like.
            return Err(StepError::Illegal {
                agent: 0,
                expected: format!("links that turn to angles within ±{}", Decimal(ANGLE_LIMIT)),
                found: format!("{} and {}", Decimal(next[0]), Decimal(next[1])),
            });
        }
        let [speed1, speed2] = MAX_SPEEDS;
        self.state =
            [wrapped(next[0]), wrapped(next[1]), next[2].clamp(-speed1, speed1), next[3].clamp(-speed2, speed2)];
        self.turns = Turn::both(self.state);
        (self.fresh, self.torque) = (false, torque as i8);
        self.steps = self.steps.saturating_add(1);
        let terminated = reaches(self.turns[0].cos, &self.state);
        outcome.share(if terminated { 0.0 } else { -1.0 }, terminated, false);
        Ok(())
    }

    fn observe(&self, _agent: usize, out: &mut ValueWriter) {
        let [theta1, theta2, speed1, speed2] = self.state;
        let [speed1, speed2] = [speed1 as f32, speed2 as f32];
        let [one, two] = match self.fresh {
            true => [theta1, theta2].map(|angle| [cos_f32(angle as f32), sin_f32(angle as f32)]),
            false => self.turns.map(|turn| [turn.cos as f32, turn.sin as f32]),
        };
        out.f32s(&[one[0], one[1], two[0], two[1], speed1, speed2]);
    }

    fn draw(&self, scene: &mut Scene) {
        acrobot_scene::draw(
            scene,
            self.state,
            self.torque,
            self.steps,
            self.spec.max_episode_steps.unwrap_or(u32::MAX),
        );
    }

    fn has_expert(&self) -> bool {
        true
    }

    fn advise(&self, advice: &mut Advice<'_>) {
        let [_, _, arms, _] = self.state;
        expert::acrobot(arms, advice);
    }

    fn save(&self, out: &mut StateWriter) {
        self.state.into_iter().for_each(|number| out.f64(number));
        out.bool(self.fresh);
        out.u8(self.torque as u8);
        out.u32(self.steps);
        out.rng(&self.rng);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        self.state = [state.f64()?, state.f64()?, state.f64()?, state.f64()?];
        self.turns = Turn::both(self.state);
        self.fresh = state.bool("fresh")?;
        self.torque = state.u8()? as i8;
        if !(-1..=1).contains(&self.torque) {
            return Err(RestoreError::Invalid { field: "torque" });
        }
        self.steps = state.u32()?;
        self.rng = state.rng()?;
        Ok(())
    }
}
