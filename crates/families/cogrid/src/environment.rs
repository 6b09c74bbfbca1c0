//! All of it as an [`Environment`].
use palaestra_env::rng::LegacyRng;
use palaestra_env::{
    Advice, ArgumentError, Arguments, BoxSpace, DType, Environment, JointAction, Kwargs, Outcome, RestoreError, Scene,
    SeededRng, Sharing, Space, Spec, StateReader, StateWriter, StepError, ValueWriter,
};

use super::features::Maps;
use super::plan::{Cell, Direction, Plan};
use super::scene::Stage;
use super::setup::{Rewards, Setup, View};
use super::step::{Action, Chance};
use super::thing::Scope;
use super::world::World;
use super::{expert, features, maps, rescue, reward, save, step};

/// The seed of the agents' first directions in a reset without one.
const DIRECTIONS: u64 = 42;

/// An environment of the family.
pub(super) struct CoGrid {
    spec: Spec,
    plan: Plan,
    world: World,
    maps: Maps,
    stage: Stage,
    /// Gives a reset its places, and every step its key.
    rng: SeededRng,
    /// Gives the wanted soups.
    targets: Option<Box<LegacyRng>>,
    /// Nothing has been reset yet.
    fresh: bool,
}

impl CoGrid {
    /// A registered one, with the arguments of `make`.
    ///
    /// # Errors
    /// [`ArgumentError`] for arguments it does not take.
    pub(super) fn new(setup: &Setup, kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        let plan = Plan::new(setup, kwargs)?;
        let mut world = World::new(&plan);
        let mut maps = Maps::new(&plan);
        maps.refresh(&plan, &mut world);
        let targets = (plan.scope == Scope::OpenKitchen).then(|| Box::new(LegacyRng::new(0)));
        let stage = Stage::new(&plan);
        Ok(Self { spec: spec(&plan, &stage), plan, world, maps, stage, rng: SeededRng::new(0), targets, fresh: true })
    }

    /// A place for the next agent: drawn from the free cells, without those of the agents before it.
    fn place(&mut self, before: Option<Cell>) -> Cell {
        let free = |cell: &Cell| self.world.number(*cell) == 0 && Some(*cell) != before;
        let cells = || (0..self.plan.things.len()).filter(free);
        let drawn = self.rng.choice(cells().count());
        cells().nth(drawn).unwrap_or_default()
    }
}

fn spec(plan: &Plan, stage: &Stage) -> Spec {
    let (len, low, high) = match plan.view {
        // Ways are as long as the longest layout; a pot's timer begins with 30.
        View::Kitchen | View::Orders => (features::len(plan.view), -10.0, 30.0),
        View::Maps { radius, layout } => (maps::len(plan, radius, layout), 0.0, 3.0),
        View::Rescue => (rescue::LEN, 0.0, plan.scope.things().len() as f64),
    };
    let action_space = Space::discrete(Action::COUNT);
    let space = Space::Box(BoxSpace::uniform(low, high, &[len], DType::Float32));
    Spec {
        agents: vec!["agent_0".to_owned(), "agent_1".to_owned()],
        action_spaces: vec![action_space.clone(); 2],
        observation_spaces: vec![space.clone(); 2],
        observation: Sharing::PerAgent,
        reward: Sharing::PerAgent,
        ended: Sharing::PerAgent,
        max_episode_steps: Some(plan.max_steps),
        render_fps: 35,
        aspect: stage.aspect(plan),
        atlas: Some(stage.atlas()),
        ..Spec::single(plan.id, action_space, space)
    }
}

impl Environment for CoGrid {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        Arguments::new(options).finish()?;
        let seed = seed.or(self.fresh.then_some(0));
        self.fresh = false;
        if let Some(seed) = seed {
            self.rng = SeededRng::new(seed);
            self.targets.iter_mut().for_each(|targets| **targets = LegacyRng::new(seed));
        }
        self.world.clear(&self.plan);
        let mut before = None;
        for agent in 0..2 {
            let cell = match self.plan.starts {
                Some(starts) => starts[agent],
                None => self.place(before),
            };
            before = Some(cell);
            self.world.now.agents[agent].cell = cell;
            // A direction that the reference draws and does not use.
            self.rng.choice(Direction::ALL.len());
        }
        if let Some(targets) = &mut self.targets {
            self.world.now.target = targets.randint(0, 2) as u8;
        }
        let mut directions = SeededRng::new(seed.unwrap_or(DIRECTIONS));
        directions.integers(0, i64::MAX);
        for agent in &mut self.world.now.agents {
            agent.direction = Direction::numbered(directions.integers(0, 4));
        }
        self.maps.refresh(&self.plan, &mut self.world);
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        let Self { plan, world, maps, rng, targets, .. } = self;
        let actions = [0, 1].map(|agent| Action::numbered(action.discrete(agent)));
        let chance = Chance::new(rng.integers(0, 1 << 31) as u64);
        let before = world.now;
        step::cook(plan, world);
        let orders = plan.rewards == Rewards::Orders;
        if orders {
            step::take_orders(world, &chance);
        }
        if let Some(targets) = targets {
            step::show_target(plan, world, || targets.randint(0, 2) as u8);
        }
        step::walk(plan, world, actions, orders, &chance);
        step::handle(plan, world, actions);
        world.now.time = world.now.time.saturating_add(1);
        let rewards = reward::earned(plan, &before, &mut world.now, actions);
        outcome.rewards.copy_from_slice(&rewards);
        outcome.truncated.fill(world.now.time >= plan.max_steps);
        maps.refresh(plan, world);
        Ok(())
    }

    fn observe(&self, agent: usize, out: &mut ValueWriter) {
        match self.plan.view {
            View::Kitchen | View::Orders => features::write(&self.plan, &self.world, &self.maps, agent, out),
            View::Maps { radius, layout } => maps::write(&self.plan, &self.world, agent, radius, layout, out),
            View::Rescue => rescue::write(&self.plan, &self.world, agent, out),
        }
    }

    fn draw(&self, scene: &mut Scene) {
        self.stage.draw(&self.plan, &self.world, scene);
    }

    fn has_expert(&self) -> bool {
        self.plan.scope != Scope::Rescue
    }

    fn advise(&self, advice: &mut Advice<'_>) {
        if self.has_expert() {
            expert::cook(&self.plan, &self.world, advice);
        }
    }

    fn save(&self, out: &mut StateWriter) {
        out.u64(self.plan.fingerprint);
        out.bool(self.fresh);
        save::save(&self.world, out);
        out.rng(&self.rng);
        self.targets.iter().for_each(|targets| targets.words().for_each(|word| out.u32(word)));
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        if state.u64()? != self.plan.fingerprint {
            return Err(RestoreError::Foreign);
        }
        self.fresh = state.bool("fresh")?;
        save::restore(&self.plan, &mut self.world, state)?;
        self.rng = state.rng()?;
        if let Some(targets) = &mut self.targets {
            let mut words = [0; LegacyRng::WORDS];
            for word in &mut words {
                *word = state.u32()?;
            }
            **targets = LegacyRng::from_words(&words).ok_or(RestoreError::Invalid { field: "targets" })?;
        }
        self.maps.refresh(&self.plan, &mut self.world);
        Ok(())
    }
}
