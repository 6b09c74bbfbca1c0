//! `slimevb/SlimeVolleyEnv` of slimevb 0.1.1: two players, either of whom may leave the game to the policy or to rest.
use palaestra_env::{
    Advice, ArgumentError, Arguments, BoxSpace, DType, Environment, JointAction, Kwargs, Outcome, RestoreError, Scene,
    SeededRng, Sharing, Space, Spec, StateReader, StateWriter, StepError, Value, ValueWriter,
};
use serde_json::Value as Json;

use super::buttons::Buttons;
use super::expert;
use super::pair_game::{Body, Game, LIVES};
use super::policy::Policy;
use super::scene::{self, Court, Figure};

const LEFT: usize = 0;
const LIMIT: i64 = 3000;
const SURVIVAL: f32 = 0.01;

/// What the reference has in its configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Options {
    survival_reward: bool,
    human_inputs: bool,
    limit: u32,
    seed: u64,
}

impl Options {
    /// From the arguments, or from the object `config` among them, which is how the reference takes them.
    fn read(kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        let mut arguments = Arguments::new(kwargs);
        let config = arguments.parsed("config", "an object", Json::as_object)?;
        let Some(config) = config else { return Self::read_all(arguments) };
        arguments.finish()?;
        Self::read_all(Arguments::new(config))
    }

    fn read_all(mut arguments: Arguments<'_>) -> Result<Self, ArgumentError> {
        let survival_reward = arguments.bool("survival_reward", false)?;
        let human_inputs = arguments.bool("human_inputs", false)?;
        let limit = arguments.integer("max_steps", 1..=i64::from(i32::MAX), LIMIT)? as u32;
        let seed = arguments.integer("seed", 0..=i64::MAX, 0)? as u64;
        // Its other back end is another game, and it has no pixels.
        arguments.choice("backend", &["numpy"], "numpy")?;
        arguments.parsed("from_pixels", "false", |json| (json.as_bool() == Some(false)).then_some(()))?;
        arguments.finish()?;
        Ok(Self { survival_reward, human_inputs, limit, seed })
    }
}

/// `slimevb/SlimeVolleyEnv`.
pub(super) struct SlimeVolleyPair {
    spec: Spec,
    options: Options,
    rng: SeededRng,
    game: Game,
    policy: Policy,
    steps: u32,
}

impl SlimeVolleyPair {
    /// # Errors
    /// [`ArgumentError`] for anything but the flags `survival_reward` and `human_inputs`, the positive integer `max_steps` and
    /// the integer `seed`, given as they are or in an object `config`.
    pub(super) fn new(id: &str, kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        let options = Options::read(kwargs)?;
        let actions = || Space::OneOf {
            spaces: vec![
                Space::discrete(Buttons::ACTIONS),
                Space::MultiBinary { n: Buttons::COUNT },
                // Python's None: the policy plays the left slime, and the right one rests.
                Space::None,
            ],
        };
        let most = f64::from(f32::MAX);
        let seen = || Space::Box(BoxSpace::uniform(-most, most, &[12], DType::Float32));
        let spec = Spec {
            agents: vec!["agent_0".to_owned(), "agent_1".to_owned()],
            action_spaces: vec![actions(), actions()],
            observation_spaces: vec![seen(), seen()],
            observation: Sharing::PerAgent,
            reward: Sharing::PerAgent,
            ended: Sharing::PerAgent,
            render_fps: 50,
            aspect: scene::ASPECT,
            ..Spec::single(id, actions(), seen())
        };
        let rng = SeededRng::new(options.seed);
        let game = Game::new(&mut rng.clone());
        Ok(Self { spec, options, rng, game, policy: Policy::default(), steps: 0 })
    }

    fn left(&mut self, action: &Value) -> Buttons {
        let buttons = match Buttons::of(action) {
            Some(buttons) => buttons,
            None => self.policy.press(&self.game.observation(LEFT).map(f64::from)),
        };
        if self.options.human_inputs { buttons.mirrored() } else { buttons }
    }
}

impl Environment for SlimeVolleyPair {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        Arguments::new(options).finish()?;
        if let Some(seed) = seed {
            self.rng = SeededRng::new(seed);
        }
        self.game = Game::new(&mut self.rng);
        self.steps = 0;
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        let left = self.left(action.get(0));
        let right = Buttons::of(action.get(1)).unwrap_or_default();
        let point = f32::from(self.game.step([left, right], &mut self.rng));
        self.steps = self.steps.saturating_add(1);
        let survival = if self.options.survival_reward { SURVIVAL } else { 0.0 };
        let rewards = [-point, point].map(|point| f64::from(point + survival));
        outcome.share(0.0, self.game.over(), self.steps >= self.options.limit);
        outcome.rewards.iter_mut().zip(rewards).for_each(|(slot, reward)| *slot = reward);
        Ok(())
    }

    fn observe(&self, agent: usize, out: &mut ValueWriter) {
        out.f32s(&self.game.observation(agent));
    }

    fn draw(&self, scene: &mut Scene) {
        let Game { ball, slimes, lives, .. } = &self.game;
        let figure = |slime: &Body, lives: i32| {
            let place = [slime.x.into(), slime.y.into()];
            Figure { place, lives: lives.into(), sad: lives < LIVES }
        };
        let ([left, right], [left_lives, right_lives]) = (slimes, *lives);
        let figures = [figure(left, left_lives), figure(right, right_lives)];
        let ball = [ball.x.into(), ball.y.into()];
        let court = Court { ball, figures, lives: LIVES.into(), steps: self.steps, limit: self.options.limit };
        scene::draw(scene, &court);
    }

    fn has_expert(&self) -> bool {
        true
    }

    fn advise(&self, advice: &mut Advice<'_>) {
        let mirrored = advice.agent == LEFT && self.options.human_inputs;
        expert::press(&self.game.observation(advice.agent).map(f64::from), mirrored, advice);
    }

    fn save(&self, out: &mut StateWriter) {
        out.bool(self.options.survival_reward);
        out.bool(self.options.human_inputs);
        out.u32(self.options.limit);
        out.u64(self.options.seed);
        self.game.save(out);
        self.policy.save(out);
        out.u32(self.steps);
        out.rng(&self.rng);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        let survival_reward = state.bool("survival_reward")?;
        let human_inputs = state.bool("human_inputs")?;
        let options = Options { survival_reward, human_inputs, limit: state.u32()?, seed: state.u64()? };
        if options != self.options {
            return Err(RestoreError::Foreign);
        }
        self.game = Game::restore(state)?;
        self.policy = Policy::restore(state)?;
        self.steps = state.u32()?;
        self.rng = state.rng()?;
        Ok(())
    }
}
