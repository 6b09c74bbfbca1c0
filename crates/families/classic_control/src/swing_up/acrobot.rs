//! Acrobot: dynamics, rewards and ends of Gymnasium 1.4.0's `classic_control/acrobot.py` (the book's dynamics), operation for
//! operation.
use std::f64::consts::{FRAC_PI_2, PI};

use palaestra_env::{
    Advice, ArgumentError, Arguments, BoxSpace, DType, Environment, JointAction, Kwargs, Outcome, RestoreError, Scene,
    SeededRng, Space, Spec, StateReader, StateWriter, StepError, ValueWriter,
};
use palaestra_math::glibc::{cos, sin, square};
use palaestra_math::numpy::{cos_f32, sin_f32};
use palaestra_text::Decimal;

use super::acrobot_scene;
use crate::bounds::reset_bounds;
use crate::expert;

/// The greatest speeds of the two links, both ways.
const MAX_SPEEDS: [f64; 2] = [4.0 * PI, 9.0 * PI];
const GRAVITY: f64 = 9.8;
/// Seconds a step.
const DT: f64 = 0.2;
/// The reference turns an angle back by whole turns one by one; so far it gets in a moment.
const ANGLE_LIMIT: f64 = 1e7;

// Masses, lengths and moments of inertia are 1, centres of mass 0.5 from their joints, and drop out of most products.
const CENTRE: f64 = 0.5;
const MOMENT: f64 = 1.0;

/// Angles of the upper link from hanging down, and of the lower from the upper, counter-clockwise; then their speeds.
pub(super) type State = [f64; 4];

/// Cosine and sine of an angle.
#[derive(Clone, Copy)]
struct Turn {
    cos: f64,
    sin: f64,
}

impl Turn {
    fn by(angle: f64) -> Self {
        Self { cos: cos(angle), sin: sin(angle) }
    }

    /// By the angles of both links.
    fn both([theta1, theta2, ..]: State) -> [Self; 2] {
        [theta1, theta2].map(Self::by)
    }
}

/// The rates at which a state changes. `lower` is the turn by the lower link's angle.
fn rates([theta1, theta2, speed1, speed2]: State, lower: Turn, torque: f64) -> State {
    let Turn { cos: cos2, sin: sin2 } = lower;
    let d1 = CENTRE * CENTRE + (1.0 + CENTRE * CENTRE + 2.0 * CENTRE * cos2) + MOMENT + MOMENT;
    let d2 = CENTRE * CENTRE + CENTRE * cos2 + MOMENT;
    let phi2 = CENTRE * GRAVITY * cos(theta1 + theta2 - FRAC_PI_2);
    let phi1 = -CENTRE * square(speed2) * sin2 - 2.0 * CENTRE * speed2 * speed1 * sin2
        + (CENTRE + 1.0) * GRAVITY * cos(theta1 - FRAC_PI_2)
        + phi2;
    let change2 = (torque + d2 / d1 * phi1 - CENTRE * square(speed1) * sin2 - phi2)
        / (CENTRE * CENTRE + MOMENT - square(d2) / d1);
    let change1 = -(d2 * change2 + phi1) / d1;
    [speed1, speed2, change1, change2]
}

/// A step of the classical Runge-Kutta method.
fn integrated(state: State, lower: Turn, torque: f64) -> State {
    let along = |rate: &State, time: f64| {
        let state: State = std::array::from_fn(|i| state[i] + time * rate[i]);
        rates(state, Turn::by(state[1]), torque)
    };
    let k1 = rates(state, lower, torque);
    let k2 = along(&k1, DT / 2.0);
    let k3 = along(&k2, DT / 2.0);
    let k4 = along(&k3, DT);
    std::array::from_fn(|i| state[i] + DT / 6.0 * (k1[i] + 2.0 * k2[i] + 2.0 * k3[i] + k4[i]))
}

/// Turned back by whole turns, one at a time as the reference does it; each rounds.
fn wrapped(mut angle: f64) -> f64 {
    while angle > PI {
        angle -= 2.0 * PI;
    }
    while angle < -PI {
        angle += 2.0 * PI;
    }
    angle
}

/// Whether the free end is above the line.
pub(super) fn above(state: &State) -> bool {
    reaches(cos(state[0]), state)
}

fn reaches(cos1: f64, state: &State) -> bool {
    -cos1 - cos(state[1] + state[0]) > 1.0
}

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
