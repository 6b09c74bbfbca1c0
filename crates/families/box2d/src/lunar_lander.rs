//! LunarLander: engines, rewards and ends of Gymnasium 1.4.0's `box2d/lunar_lander.py`, operation for operation.
use palaestra_env::{
    Advice, ArgumentError, BoxSpace, DType, Environment, JointAction, Kwargs, Outcome, RestoreError, Scene, SeededRng,
    Space, Spec, StateReader, StateWriter, StepError, ValueWriter,
};
use palaestra_math::glibc::{cos, sin};
use palaestra_math::sqrt;
use palaestra_physics2d::vec2;

use super::arguments::Settings;
use super::craft::{CHUNKS, Craft, FLAT, FPS, Ground, HEIGHT, LEG_DOWN, PAD_HEIGHT, SCALE, WIDTH};
use super::engines::Engines;
use super::expert;
use super::lunar_scene::{self, Ending, Seen};
use super::saved_world::{Sink, Source};
use super::wind::Gust;

const MAIN_ENGINE_POWER: f64 = 13.0;
const SIDE_ENGINE_POWER: f64 = 0.6;
const MAIN_ENGINE_Y: f64 = 4.0;
const SIDE_ENGINE_HEIGHT: f64 = 14.0;
const SIDE_ENGINE_AWAY: f64 = 12.0;
/// The greatest force that the lander is sent off with.
const INITIAL_RANDOM: f64 = 1000.0;

/// `LunarLander-v3` and `LunarLanderContinuous-v3`.
pub(super) struct LunarLander {
    spec: Spec,
    settings: Settings,
    rng: SeededRng,
    ground: Ground,
    craft: Craft,
    wind: Gust,
    torque: Gust,
    /// What the last state was worth; the next one is compared with it.
    shaping: Option<f64>,
    /// The last step's, to be shown.
    engines: Engines,
    /// Steps since the reset, to be shown.
    steps: u32,
}

impl LunarLander {
    /// # Errors
    /// [`ArgumentError`] for arguments other than those of [`Settings`].
    pub(super) fn new(id: &str, continuous: bool, kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        let settings = Settings::new(continuous, kwargs)?;
        let actions = if settings.continuous {
            Space::Box(BoxSpace::uniform(-1.0, 1.0, &[2], DType::Float32))
        } else {
            Space::Discrete { n: 4, start: 0 }
        };
        let turn = f64::from((2.0 * std::f64::consts::PI) as f32);
        let low = [-2.5, -2.5, -10.0, -10.0, -turn, -10.0, -0.0, -0.0];
        let high = [2.5, 2.5, 10.0, 10.0, turn, 10.0, 1.0, 1.0];
        let spec = Spec {
            clips_actions: settings.continuous,
            max_episode_steps: Some(1000),
            render_fps: 50,
            aspect: lunar_scene::ASPECT,
            ..Spec::single(id, actions, Space::Box(BoxSpace::vector(&low, &high, DType::Float32)))
        };
        Ok(Self {
            spec,
            settings,
            rng: SeededRng::new(0),
            ground: FLAT,
            craft: Craft::new(settings.gravity),
            wind: Gust::default(),
            torque: Gust::default(),
            shaping: None,
            engines: Engines::default(),
            steps: 0,
        })
    }

    /// What an agent sees, before it is rounded to float32.
    fn state(&self) -> [f64; 8] {
        let Some(lander) = self.craft.lander() else { return [0.0; 8] };
        let (place, velocity) = (lander.transform().position, lander.velocity());
        let [right, left] = self.craft.landed.map(|landed| if landed { 1.0 } else { 0.0 });
        [
            (f64::from(place.x) - WIDTH / 2.0) / (WIDTH / 2.0),
            (f64::from(place.y) - (PAD_HEIGHT + LEG_DOWN / SCALE)) / (HEIGHT / 2.0),
            f64::from(velocity.x) * (WIDTH / 2.0) / FPS,
            f64::from(velocity.y) * (HEIGHT / 2.0) / FPS,
            lander.angle().into(),
            20.0 * f64::from(lander.angular_velocity()) / FPS,
            right,
            left,
        ]
    }

    /// The weather and the engines.
    fn push(&mut self, engines: &Engines) {
        if self.settings.enable_wind && self.craft.landed == [false; 2] {
            let force = self.wind.blow() * self.settings.wind_power;
            let torque = self.torque.blow() * self.settings.turbulence_power;
            self.craft.push(|lander| {
                lander.apply_force_to_centre(vec2(force as f32, 0.0));
                lander.apply_torque(torque as f32);
            });
        }
        let dispersion = [(); 2].map(|()| self.rng.uniform(-1.0, 1.0) / SCALE);
        let angle = self.craft.lander().map_or(0.0, |lander| f64::from(lander.angle()));
        let tip = [sin(angle), cos(angle)];
        let side = [-tip[1], tip[0]];
        if engines.main > 0.0 {
            let down = MAIN_ENGINE_Y / SCALE + 2.0 * dispersion[0];
            let nozzle = [tip[0] * down + side[0] * dispersion[1], -tip[1] * down - side[1] * dispersion[1]];
            self.fire(nozzle, [0.0, 0.0], MAIN_ENGINE_POWER, engines.main);
        }
        if engines.side > 0.0 {
            let away = 3.0 * dispersion[1] + engines.direction * SIDE_ENGINE_AWAY / SCALE;
            let nozzle = [tip[0] * dispersion[0] + side[0] * away, -tip[1] * dispersion[0] - side[1] * away];
            // The reference's own 17 and 14: the thrust's point depends on the angle.
            let place = [-(tip[0] * 17.0 / SCALE), tip[1] * SIDE_ENGINE_HEIGHT / SCALE];
            self.fire(nozzle, place, SIDE_ENGINE_POWER, engines.side);
        }
    }

    fn fire(&mut self, [ox, oy]: [f64; 2], [x, y]: [f64; 2], power: f64, throttle: f64) {
        self.craft.push(|lander| {
            let place = lander.transform().position;
            let at = vec2((f64::from(place.x) + ox + x) as f32, (f64::from(place.y) + oy + y) as f32);
            let impulse = vec2((-ox * power * throttle) as f32, (-oy * power * throttle) as f32);
            lander.apply_linear_impulse(impulse, at);
        });
    }

    /// Reward, and whether the episode is over.
    fn advance(&mut self, engines: Engines) -> (f64, bool) {
        self.push(&engines);
        self.craft.step();
        self.engines = engines;
        let state = self.state();
        let shaping = shaping(&state);
        let mut reward = self.shaping.map_or(0.0, |before| shaping - before);
        self.shaping = Some(shaping);
        reward -= engines.main * 0.30;
        reward -= engines.side * 0.03;
        match self.ending(&state) {
            Some(Ending::Landed) => (100.0, true),
            Some(Ending::Crashed | Ending::Away) => (-100.0, true),
            None => (reward, false),
        }
    }

    fn ending(&self, state: &[f64; 8]) -> Option<Ending> {
        if self.craft.lander().is_some_and(|lander| !lander.awake()) {
            Some(Ending::Landed)
        } else if self.craft.crashed {
            Some(Ending::Crashed)
        } else {
            (state[0].abs() >= 1.0).then_some(Ending::Away)
        }
    }
}

/// Better the nearer, the slower and the more upright.
fn shaping(state: &[f64; 8]) -> f64 {
    -100.0 * sqrt(state[0] * state[0] + state[1] * state[1])
        - 100.0 * sqrt(state[2] * state[2] + state[3] * state[3])
        - 100.0 * state[4].abs()
        + 10.0 * state[6]
        + 10.0 * state[7]
}

/// Heights drawn one a corner and one more, level about the pad, and smoothed.
fn draw_ground(rng: &mut SeededRng) -> Ground {
    let mut height: [f64; CHUNKS + 1] = std::array::from_fn(|_| rng.uniform(0.0, HEIGHT / 2.0));
    height.iter_mut().skip(CHUNKS / 2 - 2).take(5).for_each(|height| *height = PAD_HEIGHT);
    // What comes before the first corner is the last height drawn, as Python counts.
    let at = |index: usize| height[index % (CHUNKS + 1)];
    std::array::from_fn(|index| (0.33 * (at(index + CHUNKS) + at(index) + at(index + 1))) as f32)
}

impl Environment for LunarLander {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        palaestra_env::Arguments::new(options).finish()?;
        if let Some(seed) = seed {
            self.rng = SeededRng::new(seed);
        }
        self.ground = draw_ground(&mut self.rng);
        self.craft.build(&self.ground);
        let force = [(); 2].map(|()| self.rng.uniform(-INITIAL_RANDOM, INITIAL_RANDOM) as f32);
        self.craft.push(|lander| lander.apply_force_to_centre(vec2(force[0], force[1])));
        if self.settings.enable_wind {
            self.wind = Gust::draw(&mut self.rng);
            self.torque = Gust::draw(&mut self.rng);
        }
        self.craft.add_legs();
        self.shaping = None;
        self.steps = 0;
        self.advance(Engines::default());
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        let engines = if self.settings.continuous {
            Engines::continuous(action.f32s(0))
        } else {
            Engines::discrete(action.discrete(0))
        };
        let (reward, terminated) = self.advance(engines);
        self.steps = self.steps.saturating_add(1);
        outcome.share(reward, terminated, false);
        Ok(())
    }

    fn observe(&self, _agent: usize, out: &mut ValueWriter) {
        out.f32s(&self.state().map(|number| number as f32));
    }

    fn draw(&self, scene: &mut Scene) {
        let limit = self.spec.max_episode_steps.unwrap_or(u32::MAX);
        let state = self.state();
        let ending = self.ending(&state).filter(|_| self.steps > 0);
        let seen =
            Seen { craft: &self.craft, ground: &self.ground, engines: self.engines, steps: self.steps, limit, ending };
        lunar_scene::draw(scene, &seen);
    }

    fn has_expert(&self) -> bool {
        true
    }

    fn advise(&self, advice: &mut Advice<'_>) {
        expert::fly(self.state(), self.settings.continuous, advice);
    }

    fn save(&self, out: &mut StateWriter) {
        self.settings.save(out);
        self.ground.iter().for_each(|height| out.f32(*height));
        self.craft.world.save(&mut Sink(out));
        self.craft.landed.iter().for_each(|landed| out.bool(*landed));
        out.bool(self.craft.crashed);
        [self.wind, self.torque].iter().for_each(|Gust(place)| out.i64(*place));
        out.bool(self.shaping.is_some());
        out.f64(self.shaping.unwrap_or_default());
        let Engines { main, side, direction } = self.engines;
        [main, side, direction].iter().for_each(|number| out.f64(*number));
        out.u32(self.steps);
        out.rng(&self.rng);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        self.settings.check(state)?;
        for height in &mut self.ground {
            *height = state.f32()?;
            if !(0.0..=HEIGHT as f32).contains(height) {
                return Err(RestoreError::Invalid { field: "ground" });
            }
        }
        self.craft.build(&self.ground);
        self.craft.add_legs();
        self.craft.world.restore(&mut Source(state))?;
        self.craft.landed = [state.bool("landed")?, state.bool("landed")?];
        self.craft.crashed = state.bool("crashed")?;
        (self.wind, self.torque) = (Gust(state.i64()?), Gust(state.i64()?));
        let shaped = state.bool("shaped")?;
        self.shaping = Some(state.finite("shaping")?).filter(|_| shaped);
        self.engines = Engines { main: state.f64()?, side: state.f64()?, direction: state.f64()? };
        if ![self.engines.main, self.engines.side, self.engines.direction.abs()].iter().all(|n| (0.0..=1.0).contains(n))
        {
            return Err(RestoreError::Invalid { field: "engines" });
        }
        self.steps = state.u32()?;
        self.rng = state.rng()?;
        Ok(())
    }
}
