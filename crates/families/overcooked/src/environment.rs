//! The kitchen as an [`Environment`].
use palaestra_env::{
    Advice, ArgumentError, Arguments, BoxSpace, DType, Environment, JointAction, Kwargs, Outcome, Phase, RestoreError,
    Scene, Sharing, Space, Spec, StateReader, StateWriter, StepError, ValueWriter,
};

use super::action::Action;
use super::features_reach::Reach;
use super::kitchen::{Kitchen, View};
use super::layouts::Layout;
use super::state::State;
use super::{expert, features, lossless, observe, save, scene, step};

/// People's games were recorded at 0.15 s a step.
pub(super) const FPS: u32 = 7;

/// Overcooked for two.
#[derive(Debug)]
pub(super) struct Overcooked {
    spec: Spec,
    kitchen: Kitchen,
    state: State,
    /// Whether every reward is a whole number, as with the reference's own settings: then `info` holds integers.
    whole: bool,
    /// Where the features are observed; else of nothing.
    reach: Reach,
}

impl Overcooked {
    /// In a registered layout, with the arguments of `make`.
    ///
    /// # Errors
    /// [`ArgumentError`] for arguments it does not take.
    pub(super) fn new(layout: &Layout, kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        let kitchen = Kitchen::new(layout, kwargs)?;
        let whole = kitchen.book.all().all(|recipe| kitchen.book.delivery(recipe).fract() == 0.0)
            && kitchen.shaping.all().iter().all(|reward| reward.fract() == 0.0);
        let (spec, state) = (spec(&kitchen, whole), State::new(&kitchen));
        let reach = if kitchen.view == View::Features { Reach::new(&kitchen.grid) } else { Reach::default() };
        Ok(Self { spec, kitchen, state, whole, reach })
    }
}

fn spec(kitchen: &Kitchen, whole: bool) -> Spec {
    let (observation, space) = match kitchen.view {
        View::State => (Sharing::Shared, observe::space(kitchen)),
        View::Lossless => (Sharing::PerAgent, lossless::space(kitchen)),
        View::Features => (Sharing::PerAgent, features::space(kitchen)),
    };
    let by_agent = |[low, high]: [f64; 2]| {
        Space::Box(BoxSpace::uniform(low, high, &[2], if whole { DType::Int64 } else { DType::Float64 }))
    };
    let shaped = kitchen.shaping.range();
    let action_space = Space::discrete(Action::COUNT);
    Spec {
        agents: vec!["agent_0".to_owned(), "agent_1".to_owned()],
        action_spaces: vec![action_space.clone(); 2],
        observation_spaces: vec![space.clone(); 2],
        step_info: Space::dict([("sparse", by_agent(kitchen.book.delivery_range())), ("shaped", by_agent(shaped))]),
        observation,
        max_episode_steps: Some(kitchen.horizon),
        render_fps: FPS,
        aspect: scene::aspect(kitchen),
        atlas: Some(palaestra_kitchen::sprites::atlas()),
        ..Spec::single(kitchen.id, action_space, space)
    }
}

impl Environment for Overcooked {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, _seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        Arguments::new(options).finish()?;
        self.state.restart(&self.kitchen);
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        if self.state.timestep >= self.kitchen.horizon {
            return Err(StepError::EpisodeOver);
        }
        let actions = [0, 1].map(|agent| Action::numbered(action.discrete(agent)));
        step::advance(&self.kitchen, &mut self.state, actions);
        let over = self.state.timestep >= self.kitchen.horizon;
        outcome.share(self.state.sparse.iter().sum(), false, over);
        Ok(())
    }

    fn observe(&self, agent: usize, out: &mut ValueWriter) {
        match self.kitchen.view {
            View::State => observe::write(&self.kitchen, &self.state, out),
            View::Lossless => lossless::write(&self.kitchen, &self.state, agent, out),
            View::Features => features::write(&self.kitchen, &self.reach, &self.state, agent, out),
        }
    }

    fn info(&self, phase: Phase, out: &mut ValueWriter) {
        if phase == Phase::Reset {
            return;
        }
        for rewards in [&self.state.sparse, &self.state.shaped] {
            if self.whole {
                out.i64s(&rewards.map(|reward| reward as i64));
            } else {
                out.f64s(rewards);
            }
        }
    }

    fn draw(&self, scene: &mut Scene) {
        scene::draw(&self.kitchen, &self.state, scene);
    }

    fn has_expert(&self) -> bool {
        true
    }

    fn advise(&self, advice: &mut Advice<'_>) {
        expert::cook(&self.kitchen, &self.state, advice);
    }

    fn save(&self, out: &mut StateWriter) {
        save::save(&self.kitchen, &self.state, out);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        save::restore(&self.kitchen, &mut self.state, state)
    }
}
