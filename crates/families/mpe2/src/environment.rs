//! A scenario as an environment: actions, rewards, ends and states. After mpe2 1.1.1, `_mpe_utils/simple_env.py`, behind PettingZoo
//! 1.27.0's `parallel_wrapper_fn`.
use palaestra_env::{
    Advice, ArgumentError, Arguments, BoxSpace, DType, Environment, JointAction, Kwargs, Outcome, Phase, RestoreError,
    Scene, SeededRng, Sharing, Space, Spec, StateReader, StateWriter, StepError, ValueWriter,
};

use super::actions::{DIRECTIONS, MOVES, words};
use super::scenario::{Scenario, Seen};
use super::scenarios::Made;
use super::world::{FARTHEST, FASTEST, MOST_WORDS, World};
use super::{expert, scene};

/// The reference's pace, which is that of its world.
pub(crate) const FPS: u32 = 10;
/// An environment of the family.
pub(crate) struct Particles {
    spec: Spec,
    made: Made,
    rng: SeededRng,
    steps: u32,
}

/// What an agent can do, and how many words it can say.
fn action_space(made: &Made, agent: usize) -> Space {
    let moves = if made.world.bodies[agent].movable { MOVES } else { 0 };
    let words = words(&made.world, agent);
    if made.common.continuous_actions {
        return Space::Box(BoxSpace::uniform(0.0, 1.0, &[moves + words], DType::Float32));
    }
    Space::discrete((moves.max(1) * words.max(1)) as i64)
}

fn observation_space(scenario: &dyn Scenario, world: &World, agent: usize) -> Space {
    let (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
    Space::Box(BoxSpace::uniform(low, high, &[Seen::count(scenario, world, agent)], DType::Float32))
}

fn info_space(made: &Made) -> Space {
    let of = |(agent, name): (usize, &String)| {
        let figures = made.scenario.benchmark_space(&made.world, agent);
        (name.clone(), Space::dict([("benchmark_data", figures)]))
    };
    let told = made.common.benchmark_data;
    Space::Dict { spaces: made.names.iter().enumerate().filter(|_| told).map(of).collect() }
}

impl Particles {
    /// From what was made of the arguments.
    pub(crate) fn new(id: &str, made: Made) -> Self {
        let agents = 0..made.world.agents;
        let actions: Vec<Space> = agents.clone().map(|agent| action_space(&made, agent)).collect();
        let seen: Vec<Space> = agents.map(|agent| observation_space(&*made.scenario, &made.world, agent)).collect();
        let spec = Spec {
            id: id.to_owned(),
            agents: made.names.clone(),
            action_spaces: actions,
            clips_actions: made.common.continuous_actions,
            observation_spaces: seen,
            reset_info: Space::dict([]),
            step_info: info_space(&made),
            observation: Sharing::PerAgent,
            reward: Sharing::PerAgent,
            ended: Sharing::PerAgent,
            // The environment counts by itself: at the limit it tells nobody that the task is done.
            max_episode_steps: None,
            render_fps: FPS,
            aspect: scene::ASPECT,
            atlas: None,
        };
        Self { spec, made, rng: SeededRng::new(0), steps: 0 }
    }

    /// Lets an agent do what its action says.
    fn act(&mut self, agent: usize, action: JointAction<'_>) {
        let world = &mut self.made.world;
        let (movable, words) = (world.bodies[agent].movable, words(world, agent));
        if self.made.common.continuous_actions {
            let numbers = action.f32s(agent);
            let strength = |index: usize| numbers.get(index).map_or(0.0, |number| number.clamp(0.0, 1.0));
            if movable {
                let along = |back: usize, on: usize| f64::from(strength(on) - strength(back));
                world.push(agent, [along(1, 2), along(3, 4)]);
            }
            let spoken = if movable { MOVES } else { 0 };
            for (word, said) in world.said.iter_mut().take(words).enumerate() {
                *said = strength(spoken + word) + 0.0;
            }
            return;
        }
        let number = action.discrete(agent).max(0) as usize;
        let (direction, word) = if movable { (number % MOVES, number / MOVES) } else { (0, number) };
        world.push(agent, DIRECTIONS[direction]);
        if words > 0 {
            world.said = [0.0; MOST_WORDS];
            world.said[word % words] = 1.0;
        }
    }
}

impl Environment for Particles {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        Arguments::new(options).finish()?;
        if let Some(seed) = seed {
            self.rng = SeededRng::new(seed);
        }
        let Made { scenario, world, .. } = &mut self.made;
        world.said = [0.0; MOST_WORDS];
        scenario.start(world, &mut self.rng);
        self.steps = 0;
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        (0..self.made.world.agents).for_each(|agent| self.act(agent, action));
        let Made { scenario, world, common, .. } = &mut self.made;
        world.step();
        self.steps = self.steps.saturating_add(1);
        let cut = self.steps >= common.max_cycles;
        outcome.share(0.0, !cut && scenario.done(world), cut);
        scenario.rewards(world, &mut outcome.rewards);
        // A reward is added to a nought there.
        outcome.rewards.iter_mut().for_each(|reward| *reward += 0.0);
        Ok(())
    }

    fn observe(&self, agent: usize, out: &mut ValueWriter) {
        self.made.scenario.observe(&self.made.world, agent, &mut Seen::into(out));
    }

    fn info(&self, phase: Phase, out: &mut ValueWriter) {
        if phase == Phase::Step && self.made.common.benchmark_data {
            let world = &self.made.world;
            (0..world.agents).for_each(|agent| self.made.scenario.benchmark(world, agent, out));
        }
    }

    fn draw(&self, scene: &mut Scene) {
        let Made { scenario, world, common, .. } = &self.made;
        let goal = scenario.goal(world);
        scene::draw(scene, &scene::Picture { world, goal, common, steps: self.steps });
    }

    fn has_expert(&self) -> bool {
        true
    }

    fn advise(&self, advice: &mut Advice<'_>) {
        let Made { scenario, world, common, .. } = &self.made;
        expert::act(world, scenario.goal(world), common.continuous_actions, advice);
    }

    fn save(&self, out: &mut StateWriter) {
        let Made { world, stamp, .. } = &self.made;
        stamp.iter().for_each(|number| out.u64(*number));
        world.places.iter().flatten().for_each(|number| out.f64(*number));
        let agents = world.speeds.iter().take(world.agents);
        agents.flatten().for_each(|number| out.f64(*number));
        world.said.iter().for_each(|number| out.f32(*number));
        out.u32(world.goal as u32);
        out.u32(self.steps);
        out.rng(&self.rng);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        let Made { world, stamp, .. } = &mut self.made;
        for number in stamp {
            if state.u64()? != *number {
                return Err(RestoreError::Foreign);
            }
        }
        for number in world.places.iter_mut().flatten() {
            *number = within(state, FARTHEST, "place")?;
        }
        for number in world.speeds.iter_mut().take(world.agents).flatten() {
            *number = within(state, FASTEST, "speed")?;
        }
        let words = world.words;
        for (word, said) in world.said.iter_mut().enumerate() {
            *said = state.f32()?;
            let most = if word < words { 1.0 } else { 0.0 };
            if !(0.0..=most).contains(said) {
                return Err(RestoreError::Invalid { field: "said" });
            }
        }
        world.goal = state.below(world.landmarks().len().max(1), "goal")?;
        self.steps = state.u32()?;
        self.rng = state.rng()?;
        Ok(())
    }
}

fn within(state: &mut StateReader<'_>, most: f64, field: &'static str) -> Result<f64, RestoreError> {
    Some(state.f64()?).filter(|number| number.abs() <= most).ok_or(RestoreError::Invalid { field })
}
