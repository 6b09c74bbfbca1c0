//! Taxi: moves, weather, whims, rewards and ends of Gymnasium 1.4.0's `toy_text/taxi.py`.
use palaestra_env::{
    Advice, ArgumentError, Arguments, BoxSpace, DType, Environment, JointAction, Kwargs, Outcome, Phase, RestoreError,
    Scene, SeededRng, Space, Spec, StateReader, StateWriter, StepError, ValueWriter,
};

use super::arguments::probability;
use super::chance::{Transition, drawn};
use super::grid::Heading;
use super::taxi_view::Seen;
use super::town::{Fare, IN_TAXI, STANDS, STATES, next};
use super::{arguments, expert, info, taxi_scene};

/// The headings of the first four actions.
const DRIVES: [Heading; 4] = [Heading::Down, Heading::Up, Heading::Right, Heading::Left];
const PICK_UP: usize = 4;

const STEP: f64 = -1.0;
const DELIVERED: f64 = 20.0;
const REFUSED: f64 = -10.0;

/// What the reference takes as arguments.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Rules {
    /// How likely a drive goes where it is meant to; `None` in dry weather.
    straight: Option<f64>,
    /// How likely a passenger will have another wish; `None`: never.
    fickle: Option<f64>,
}

/// `Taxi-v4`.
pub(super) struct Taxi {
    spec: Spec,
    rules: Rules,
    rng: SeededRng,
    seen: Seen,
    /// How likely the last step was.
    probability: f64,
    /// Whether the passenger will have another wish once the taxi moves with them.
    fickle: bool,
}

impl Taxi {
    /// # Errors
    /// [`ArgumentError`] for any argument but `is_rainy`, `fickle_passenger`, `rainy_probability` and `fickle_probability`.
    pub(super) fn new(id: &str, kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        let mut arguments = Arguments::new(kwargs);
        let (rainy, fickle) = (arguments.bool("is_rainy", false)?, arguments.bool("fickle_passenger", false)?);
        let straight = probability(&mut arguments, "rainy_probability", 0.8)?;
        let whim = probability(&mut arguments, "fickle_probability", 0.3)?;
        arguments.finish()?;
        let mask = Space::Box(BoxSpace::uniform(0.0, 1.0, &[6], DType::Int8));
        let info = Space::dict([("prob", info::number()), ("action_mask", mask)]);
        let spec = Spec {
            reset_info: info.clone(),
            step_info: info,
            max_episode_steps: Some(200),
            render_fps: 4,
            aspect: taxi_scene::ASPECT,
            ..Spec::single(id, Space::discrete(6), Space::discrete(STATES as i64))
        };
        let fare = Fare::numbered(1);
        let seen = Seen { fare, facing: Heading::Right, steps: 0, score: 0, earned: 0, changed: false };
        let rules = Rules { straight: Some(straight).filter(|_| rainy), fickle: Some(whim).filter(|_| fickle) };
        Ok(Self { spec, rules, rng: SeededRng::new(0), seen, probability: 1.0, fickle: false })
    }

    /// Where a drive ends, and how likely that is.
    fn driven(&mut self, heading: Heading) -> Transition<Fare> {
        let fare = self.seen.fare;
        let to = |heading| Fare { taxi: next(fare.taxi, heading), ..fare };
        let Some(straight) = self.rules.straight else {
            drawn([1.0], &mut self.rng);
            return Transition { probability: 1.0, state: to(heading), reward: STEP, terminated: false };
        };
        let astray = (1.0 - straight) / 2.0;
        let chances = [straight, astray, astray];
        let index = drawn(chances, &mut self.rng);
        // Who cannot drive on does not slide to the side either.
        let blocked = to(heading) == fare;
        let state = if blocked { fare } else { to(ways(heading)[index]) };
        Transition { probability: chances[index], state, reward: STEP, terminated: false }
    }

    fn picked_up(&self) -> Transition<Fare> {
        let fare = self.seen.fare;
        let there = fare.stand() == Some(fare.passenger);
        let state = if there { Fare { passenger: IN_TAXI, ..fare } } else { fare };
        Transition { probability: 1.0, state, reward: if there { STEP } else { REFUSED }, terminated: false }
    }

    fn dropped_off(&self) -> Transition<Fare> {
        let fare = self.seen.fare;
        let certain = |state, reward, terminated| Transition { probability: 1.0, state, reward, terminated };
        match fare.stand().filter(|_| fare.passenger == IN_TAXI) {
            None => certain(fare, REFUSED, false),
            Some(stand) => {
                let arrived = stand == fare.destination;
                certain(Fare { passenger: stand, ..fare }, if arrived { DELIVERED } else { STEP }, arrived)
            }
        }
    }

    /// The wish of a fickle passenger after the first move; otherwise the one they had.
    fn wish(&mut self, before: Fare, after: Fare) -> usize {
        if !self.fickle || before.passenger != IN_TAXI || before.taxi == after.taxi {
            return after.destination;
        }
        self.fickle = false;
        let other = self.rng.choice(STANDS.len() - 1);
        other + usize::from(other >= before.destination)
    }
}

/// Straight on, to the left and to the right of a heading.
fn ways(heading: Heading) -> [Heading; 3] {
    match heading {
        Heading::Down => [heading, Heading::Right, Heading::Left],
        Heading::Up => [heading, Heading::Left, Heading::Right],
        Heading::Right => [heading, Heading::Up, Heading::Down],
        Heading::Left => [heading, Heading::Down, Heading::Up],
    }
}

impl Environment for Taxi {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        arguments::none(options)?;
        if let Some(seed) = seed {
            self.rng = SeededRng::new(seed);
        }
        let weights = (0..STATES).map(|number| if Fare::numbered(number).can_start() { 1.0 / 300.0 } else { 0.0 });
        let fare = Fare::numbered(drawn(weights, &mut self.rng));
        self.fickle = self.rules.fickle.is_some_and(|fickle| self.rng.random() < fickle);
        self.seen = Seen { fare, facing: Heading::Right, steps: 0, score: 0, earned: 0, changed: false };
        self.probability = 1.0;
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        let action = action.discrete(0) as usize;
        let before = self.seen.fare;
        let transition = match DRIVES.get(action) {
            Some(heading) => {
                self.seen.facing = *heading;
                self.driven(*heading)
            }
            None => {
                drawn([1.0], &mut self.rng);
                if action == PICK_UP { self.picked_up() } else { self.dropped_off() }
            }
        };
        let destination = self.wish(before, transition.state);
        let earned = transition.reward as i64;
        self.seen = Seen {
            fare: Fare { destination, ..transition.state },
            steps: self.seen.steps.saturating_add(1),
            score: self.seen.score.saturating_add(earned),
            earned,
            changed: destination != before.destination,
            ..self.seen
        };
        self.probability = transition.probability;
        outcome.share(transition.reward, transition.terminated, false);
        Ok(())
    }

    fn observe(&self, _agent: usize, out: &mut ValueWriter) {
        out.discrete(self.seen.fare.number() as i64);
    }

    fn info(&self, _phase: Phase, out: &mut ValueWriter) {
        out.f64s(&[self.probability]);
        out.i8s(&self.seen.fare.mask());
    }

    fn draw(&self, scene: &mut Scene) {
        let limit = self.spec.max_episode_steps.unwrap_or(u32::MAX);
        taxi_scene::draw(scene, &self.seen, self.rules.straight.is_some(), limit);
    }

    fn has_expert(&self) -> bool {
        true
    }

    fn advise(&self, advice: &mut Advice<'_>) {
        expert::taxi(self.seen.fare, DRIVES, advice);
    }

    fn save(&self, out: &mut StateWriter) {
        for rule in [self.rules.straight, self.rules.fickle] {
            out.f64(rule.unwrap_or(-1.0));
        }
        out.u32(self.seen.fare.number() as u32);
        out.u32(self.seen.facing as u32);
        out.u32(self.seen.steps);
        out.i64(self.seen.score);
        out.i64(self.seen.earned);
        out.bool(self.seen.changed);
        out.f64(self.probability);
        out.bool(self.fickle);
        out.rng(&self.rng);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        for rule in [self.rules.straight, self.rules.fickle] {
            if state.f64()?.to_bits() != rule.unwrap_or(-1.0).to_bits() {
                return Err(RestoreError::Foreign);
            }
        }
        let fare = Fare::numbered(state.below(STATES, "state")?);
        let facing = Heading::numbered(state.u32()? as usize).ok_or(RestoreError::Invalid { field: "facing" })?;
        let (steps, score, earned) = (state.u32()?, state.i64()?, state.i64()?);
        if ![0, -1, -10, 20].contains(&earned) || score.unsigned_abs() > 20 * u64::from(steps) {
            return Err(RestoreError::Invalid { field: "score" });
        }
        self.seen = Seen { fare, facing, steps, score, earned, changed: state.bool("changed")? };
        self.probability = state.f64()?;
        if !(0.0..=1.0).contains(&self.probability) {
            return Err(RestoreError::Invalid { field: "probability" });
        }
        self.fickle = state.bool("fickle")?;
        self.rng = state.rng()?;
        Ok(())
    }
}
