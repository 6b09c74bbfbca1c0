//! FrozenLake: moves, rewards and ends of Gymnasium 1.4.0's `toy_text/frozen_lake.py`.
use std::cell::OnceCell;

use palaestra_env::{
    Advice, ArgumentError, Arguments, Environment, JointAction, Kwargs, Outcome, Phase, RestoreError, Scene, Space,
    Spec, StateReader, StateWriter, StepError, ValueWriter,
};

use super::arguments::{probability, rewards};
use super::grid::Heading;
use super::lake::{Lake, Tile};
use super::walk::{Arrival, Walk};
use super::{arguments, expert, frozen_lake_scene, info};

/// The actions in their order; the two beside one are the ways its step may slip.
const ACTIONS: [Heading; 4] = [Heading::Left, Heading::Down, Heading::Right, Heading::Up];

/// `FrozenLake-v1` and `FrozenLake8x8-v1`.
pub(super) struct FrozenLake {
    spec: Spec,
    lake: Lake,
    /// How likely a step goes where it is meant to; `None` where that is certain.
    success: Option<f64>,
    /// For reaching the goal, a hole, and ice.
    rewards: [f64; 3],
    rules: u64,
    walk: Walk,
    /// For each cell the best actions, once an expert has been asked.
    ways: OnceCell<Vec<u8>>,
}

impl FrozenLake {
    /// # Errors
    /// [`ArgumentError`] for any argument but `desc`, `map_name`, `is_slippery`, `success_rate` and `reward_schedule`.
    pub(super) fn new(
        id: &str,
        map_name: &'static str,
        max_episode_steps: u32,
        kwargs: &Kwargs,
    ) -> Result<Self, ArgumentError> {
        let mut arguments = Arguments::new(kwargs);
        let lake = Lake::read(kwargs, &mut arguments, map_name)?;
        let slippery = arguments.bool("is_slippery", true)?;
        let success = Some(probability(&mut arguments, "success_rate", 1.0 / 3.0)?).filter(|_| slippery);
        let rewards = rewards(&mut arguments)?;
        arguments.finish()?;
        let spec = Spec {
            reset_info: info::certain(),
            step_info: info::probability(),
            max_episode_steps: Some(max_episode_steps),
            render_fps: 4,
            aspect: frozen_lake_scene::aspect(lake.grid),
            ..Spec::single(id, Space::discrete(4), Space::discrete(lake.grid.cells() as i64))
        };
        let mut rules = StateWriter::new();
        rules.u32(lake.grid.columns as u32);
        lake.tiles().for_each(|(_, tile)| rules.u8(tile as u8));
        success.into_iter().chain(rewards).for_each(|number| rules.f64(number));
        Ok(Self { spec, lake, success, rewards, rules: rules.hash(), walk: Walk::new(0), ways: OnceCell::new() })
    }
}

fn arrival(lake: &Lake, [goal, hole, ice]: [f64; 3], from: usize, heading: Heading) -> Arrival {
    let cell = lake.grid.next(from, heading);
    let tile = lake.tile(cell);
    let reward = match tile {
        Tile::Goal => goal,
        Tile::Hole => hole,
        Tile::Start | Tile::Frozen => ice,
    };
    Arrival { cell, reward, terminated: tile.is_end() }
}

impl Environment for FrozenLake {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        arguments::none(options)?;
        self.walk.start(seed, self.lake.starts());
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        let action = action.discrete(0) as usize;
        let turned = |by: usize| ACTIONS[(action + by) % ACTIONS.len()];
        let asked = turned(0);
        let arrival = |from, heading| arrival(&self.lake, self.rewards, from, heading);
        let (reward, terminated) = if self.lake.tile(self.walk.cell).is_end() {
            let stay = |cell, _| Arrival { cell, reward: 0.0, terminated: true };
            self.walk.go(asked, [(asked, 1.0)], stay)
        } else if let Some(success) = self.success {
            let slip = (1.0 - success) / 2.0;
            self.walk.go(asked, [(turned(3), slip), (asked, success), (turned(1), slip)], arrival)
        } else {
            self.walk.go(asked, [(asked, 1.0)], arrival)
        };
        outcome.share(reward, terminated, false);
        Ok(())
    }

    fn observe(&self, _agent: usize, out: &mut ValueWriter) {
        out.discrete(self.walk.cell as i64);
    }

    fn info(&self, phase: Phase, out: &mut ValueWriter) {
        info::write(phase, self.walk.probability, out);
    }

    fn draw(&self, scene: &mut Scene) {
        let limit = self.spec.max_episode_steps.unwrap_or(u32::MAX);
        frozen_lake_scene::draw(scene, &self.lake, &self.walk, limit);
    }

    fn has_expert(&self) -> bool {
        true
    }

    fn advise(&self, advice: &mut Advice<'_>) {
        let outcomes = |cell, action: usize| {
            let turned = |by: usize| ACTIONS[(action + by) % ACTIONS.len()];
            let success = self.success.unwrap_or(1.0);
            let slip = (1.0 - success) / 2.0;
            [(3, slip), (0, success), (1, slip)]
                .map(|(by, chance)| (chance, arrival(&self.lake, self.rewards, cell, turned(by))))
        };
        let is_end = |cell| self.lake.tile(cell).is_end();
        let ways = self.ways.get_or_init(|| expert::ways(self.lake.grid, is_end, outcomes));
        expert::walk(ways, self.walk.cell, advice);
    }

    fn save(&self, out: &mut StateWriter) {
        out.u64(self.rules);
        self.walk.save(out);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        if state.u64()? != self.rules {
            return Err(RestoreError::Foreign);
        }
        self.walk.restore(self.lake.grid, state)
    }
}
