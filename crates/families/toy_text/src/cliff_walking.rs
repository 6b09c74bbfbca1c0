//! CliffWalking: moves, rewards and ends of Gymnasium 1.4.0's `toy_text/cliffwalking.py`.
use std::cell::OnceCell;

use palaestra_env::{
    Advice, ArgumentError, Arguments, Environment, JointAction, Kwargs, Outcome, Phase, RestoreError, Scene, Space,
    Spec, StateReader, StateWriter, StepError, ValueWriter,
};

use super::cliff::{Falls, GOAL, GRID, START, is_cliff};
use super::grid::Heading;
use super::walk::{Arrival, Walk};
use super::{arguments, cliff_walking_scene, expert, info};

/// The actions in their order; the two beside one are the ways its step may slip.
const ACTIONS: [Heading; 4] = [Heading::Up, Heading::Right, Heading::Down, Heading::Left];

const STEP: f64 = -1.0;
const FALL: f64 = -100.0;

/// `CliffWalking-v1` and `CliffWalkingSlippery-v1`.
pub(super) struct CliffWalking {
    spec: Spec,
    slippery: bool,
    walk: Walk,
    falls: Falls,
    /// For each cell the best actions, once an expert has been asked.
    ways: OnceCell<Vec<u8>>,
}

fn arrival(from: usize, heading: Heading) -> Arrival {
    let to = GRID.next(from, heading);
    if is_cliff(to) {
        Arrival { cell: START, reward: FALL, terminated: false }
    } else {
        Arrival { cell: to, reward: STEP, terminated: to == GOAL }
    }
}

impl CliffWalking {
    /// # Errors
    /// [`ArgumentError`] for any argument but the bool `is_slippery`.
    pub(super) fn new(id: &str, slippery: bool, kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        let mut arguments = Arguments::new(kwargs);
        let slippery = arguments.bool("is_slippery", slippery)?;
        arguments.finish()?;
        let spec = Spec {
            reset_info: info::certain(),
            step_info: info::probability(),
            render_fps: 4,
            aspect: cliff_walking_scene::ASPECT,
            ..Spec::single(id, Space::discrete(4), Space::discrete(GRID.cells() as i64))
        };
        Ok(Self { spec, slippery, walk: Walk::new(START), falls: Falls::default(), ways: OnceCell::new() })
    }
}

impl Environment for CliffWalking {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        arguments::none(options)?;
        self.walk.start(seed, (0..GRID.cells()).map(|cell| f64::from(u8::from(cell == START))));
        self.falls = Falls::default();
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        let action = action.discrete(0) as usize;
        let turned = |by: usize| ACTIONS[(action + by) % ACTIONS.len()];
        let (asked, from) = (turned(0), self.walk.cell);
        let (reward, terminated) = if self.slippery {
            self.walk.go(asked, [turned(3), asked, turned(1)].map(|heading| (heading, 1.0 / 3.0)), arrival)
        } else {
            self.walk.go(asked, [(asked, 1.0)], arrival)
        };
        self.falls.latest = None;
        if reward == FALL
            && let Some([_, went]) = self.walk.last
        {
            let [_, column] = GRID.place(GRID.next(from, went));
            self.falls = Falls { count: self.falls.count.saturating_add(1), latest: Some(column as u32) };
        }
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
        cliff_walking_scene::draw(scene, &self.walk, self.falls);
    }

    fn has_expert(&self) -> bool {
        true
    }

    fn advise(&self, advice: &mut Advice<'_>) {
        let outcomes = |cell, action: usize| {
            let turned = |by: usize| ACTIONS[(action + by) % ACTIONS.len()];
            let [asked, slip] = if self.slippery { [1.0 / 3.0; 2] } else { [1.0, 0.0] };
            [(3, slip), (0, asked), (1, slip)].map(|(by, chance)| (chance, arrival(cell, turned(by))))
        };
        let ways = self.ways.get_or_init(|| expert::ways(GRID, |cell| cell == GOAL, outcomes));
        expert::walk(ways, self.walk.cell, advice);
    }

    fn save(&self, out: &mut StateWriter) {
        out.bool(self.slippery);
        self.walk.save(out);
        out.u32(self.falls.count);
        out.bool(self.falls.latest.is_some());
        out.u32(self.falls.latest.unwrap_or_default());
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        if state.bool("is_slippery")? != self.slippery {
            return Err(RestoreError::Foreign);
        }
        self.walk.restore(GRID, state)?;
        if is_cliff(self.walk.cell) {
            return Err(RestoreError::Invalid { field: "cell" });
        }
        self.falls.count = state.u32()?;
        let fell = state.bool("fell")?;
        let column = state.below(GRID.columns, "column")?;
        self.falls.latest = fell.then_some(column as u32);
        Ok(())
    }
}
