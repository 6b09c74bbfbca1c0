//! `SlimeVolley-v0` of slimevolleygym 0.1.0: the right slime against the policy that comes with it.
use palaestra_env::{
    Advice, ArgumentError, Arguments, BoxSpace, DType, Environment, JointAction, Kwargs, Outcome, Phase, RestoreError,
    Scene, SeededRng, Space, Spec, StateReader, StateWriter, StepError, ValueWriter,
};

use super::buttons::Buttons;
use super::expert;
use super::policy::Policy;
use super::scene::{self, Court, Figure};
use super::single_game::{Game, LIVES, Slime};

const LEFT: usize = 0;
const RIGHT: usize = 1;
/// Of an episode in which nobody runs out of lives.
const LIMIT: i64 = 3000;
const SURVIVAL: f64 = 0.01;

/// What the reference has as attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Options {
    survival_bonus: bool,
    atari_mode: bool,
    limit: u32,
}

/// `SlimeVolley-v0`.
pub(super) struct SlimeVolley {
    spec: Spec,
    options: Options,
    rng: SeededRng,
    game: Game,
    policy: Policy,
    steps: u32,
}

impl SlimeVolley {
    /// # Errors
    /// [`ArgumentError`] for anything but the flags `survival_bonus` and `atari_mode` and the positive integer `t_limit`.
    pub(super) fn new(id: &str, kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        let mut arguments = Arguments::new(kwargs);
        let survival_bonus = arguments.bool("survival_bonus", false)?;
        let atari_mode = arguments.bool("atari_mode", false)?;
        let limit = arguments.integer("t_limit", 1..=i64::from(u32::MAX), LIMIT)? as u32;
        arguments.finish()?;
        let buttons = Space::MultiBinary { n: Buttons::COUNT };
        let actions = match atari_mode {
            // It takes three buttons then too.
            true => Space::OneOf { spaces: vec![Space::discrete(Buttons::ACTIONS), buttons] },
            false => buttons,
        };
        // The reference's space says float32 and its observations are float64.
        let most = f64::from(f32::MAX);
        let seen = || Space::Box(BoxSpace::uniform(-most, most, &[12], DType::Float64));
        let lives = || Space::Box(BoxSpace::uniform(i64::MIN as f64, LIVES as f64, &[], DType::Int64));
        let info = [("ale.lives", lives()), ("ale.otherLives", lives()), ("otherObs", seen())];
        let spec = Spec {
            step_info: Space::dict(info),
            render_fps: 50,
            aspect: scene::ASPECT,
            ..Spec::single(id, actions, seen())
        };
        let mut rng = SeededRng::new(0);
        let game = Game::new(&mut rng);
        let options = Options { survival_bonus, atari_mode, limit };
        Ok(Self { spec, options, rng, game, policy: Policy::default(), steps: 0 })
    }

    fn over(&self) -> bool {
        self.steps >= self.options.limit || self.game.slimes.iter().any(|slime| slime.lives <= 0)
    }
}

impl Environment for SlimeVolley {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        Arguments::new(options).finish()?;
        if let Some(seed) = seed {
            self.rng = SeededRng::new(seed);
            // There, a seed makes a game, which the reset then makes again.
            self.game = Game::new(&mut self.rng);
        }
        self.game = Game::new(&mut self.rng);
        self.steps = 0;
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        let right = Buttons::of(action.get(0)).unwrap_or_default();
        let left = self.policy.press(&self.game.observations[LEFT]);
        self.steps = self.steps.saturating_add(1);
        let mut reward = f64::from(self.game.step([left, right], &mut self.rng));
        if self.options.survival_bonus {
            reward += SURVIVAL;
        }
        outcome.share(reward, self.over(), false);
        Ok(())
    }

    fn observe(&self, _agent: usize, out: &mut ValueWriter) {
        out.f64s(&self.game.observations[RIGHT]);
    }

    fn info(&self, phase: Phase, out: &mut ValueWriter) {
        if phase == Phase::Step {
            let [left, right] = self.game.slimes;
            out.i64s(&[right.lives, left.lives]);
            out.f64s(&self.game.observations[LEFT]);
        }
    }

    fn draw(&self, scene: &mut Scene) {
        let Game { ball, slimes, sad, .. } = &self.game;
        let figure = |player: usize, slime: &Slime| {
            let sad = *sad == Some(player);
            Figure { place: [slime.x, slime.y], lives: slime.lives, sad }
        };
        let [left, right] = slimes;
        let figures = [figure(LEFT, left), figure(RIGHT, right)];
        let court =
            Court { ball: [ball.x, ball.y], figures, lives: LIVES, steps: self.steps, limit: self.options.limit };
        scene::draw(scene, &court);
    }

    fn has_expert(&self) -> bool {
        true
    }

    fn advise(&self, advice: &mut Advice<'_>) {
        expert::press(&self.game.observations[RIGHT], false, advice);
    }

    fn save(&self, out: &mut StateWriter) {
        out.bool(self.options.survival_bonus);
        out.bool(self.options.atari_mode);
        out.u32(self.options.limit);
        self.game.save(out);
        self.policy.save(out);
        out.u32(self.steps);
        out.rng(&self.rng);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        let survival_bonus = state.bool("survival_bonus")?;
        let atari_mode = state.bool("atari_mode")?;
        if (Options { survival_bonus, atari_mode, limit: state.u32()? }) != self.options {
            return Err(RestoreError::Foreign);
        }
        self.game = Game::restore(state)?;
        self.policy = Policy::restore(state)?;
        self.steps = state.u32()?;
        self.rng = state.rng()?;
        Ok(())
    }
}
