//! A level behind [`Environment`].
use std::cell::RefCell;

use palaestra_env::{
    Advice, ArgumentError, Arguments, BoxSpace, DType, Environment, JointAction, Kwargs, Outcome, RestoreError, Scene,
    SeededRng, Space, Spec, StateReader, StateWriter, StepError, ValueWriter,
};

use super::expert;
use super::level::{Level, Setup};
use super::mission::Mission;
use super::placement::Builder;
use super::scene::{Ending, Stage};
use super::view::View;
use super::world::{Action, World};

/// An environment of the family.
pub(super) struct MiniGrid {
    spec: Spec,
    setup: Setup,
    level: Box<dyn Level>,
    rng: SeededRng,
    world: World,
    /// What the next episode is built in, so that a failure leaves this one as it is.
    next: World,
    mission: String,
    view: View,
    ending: Ending,
    /// What is drawn alike all through an episode; worked out when it is first drawn.
    stage: RefCell<Stage>,
}

impl MiniGrid {
    pub(super) fn new(id: &str, setup: Setup, level: Box<dyn Level>) -> Self {
        let size = setup.view_size;
        let longest = Mission::longest(setup.sentence);
        let stage = Stage::new(&setup);
        let observation_space = Space::dict([
            ("image", Space::Box(BoxSpace::uniform(0.0, 255.0, &[size, size, 3], DType::Uint8))),
            ("direction", Space::discrete(4)),
            ("mission", Space::text(longest)),
        ]);
        let spec = Spec {
            render_fps: 10,
            aspect: stage.aspect(),
            atlas: Some(super::scene::atlas()),
            ..Spec::single(id, Space::discrete(setup.actions), observation_space)
        };
        let mut made = Self {
            spec,
            setup,
            level,
            rng: SeededRng::new(0),
            world: setup.world(),
            next: setup.world(),
            mission: String::with_capacity(longest),
            view: View::new(size, setup.see_through_walls),
            ending: Ending::None,
            stage: RefCell::new(stage),
        };
        made.look();
        made
    }

    /// Looks at the world anew.
    fn look(&mut self) {
        self.view.look(&self.world);
    }

    /// After the world has become another one.
    fn enter(&mut self) {
        self.mission.clear();
        // Before the first reset there is no mission.
        if self.world.agent != World::NOWHERE {
            self.world.mission.write(self.setup.sentence, &mut self.mission);
        }
        self.stage.get_mut().forget();
        self.look();
    }

    /// Builds an episode in `next`. Where the reference gives up with an error, the level is built anew with the generator where
    /// it is, as if its caller had simply tried again.
    fn build(&mut self, rng: &mut SeededRng) -> Result<(), ArgumentError> {
        let mut patience = Builder::PATIENCE;
        while patience > 0 {
            self.next.clear();
            if self.level.build(&mut Builder::new(&mut self.next, rng, &mut patience)).is_ok() {
                return Ok(());
            }
        }
        Err(ArgumentError::Invalid {
            name: self.setup.crowding.to_owned(),
            expected: format!("a level that fits into a grid of {} by {}", self.setup.width, self.setup.height),
            found: format!("none in {} tries", Builder::PATIENCE),
        })
    }
}

impl Environment for MiniGrid {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, options: &Kwargs) -> Result<(), ArgumentError> {
        Arguments::new(options).finish()?;
        let mut rng = seed.map_or_else(|| self.rng.clone(), SeededRng::new);
        self.build(&mut rng)?;
        self.rng = rng;
        std::mem::swap(&mut self.world, &mut self.next);
        self.ending = Ending::None;
        self.enter();
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        let score = self.level.step(&mut self.world, Action::from_i64(action.discrete(0)), &mut self.rng);
        let truncated = self.world.truncated();
        self.ending = Ending::of(score, truncated);
        outcome.share(score.reward, score.terminated, truncated);
        self.look();
        Ok(())
    }

    fn observe(&self, _agent: usize, out: &mut ValueWriter) {
        out.u8s(self.view.image());
        out.discrete(self.world.direction as i64);
        out.text(&self.mission);
    }

    fn draw(&self, scene: &mut Scene) {
        if let Ok(mut stage) = self.stage.try_borrow_mut() {
            stage.draw(scene, &self.setup, &self.world, &self.view, &self.mission, self.ending);
        }
    }

    fn has_expert(&self) -> bool {
        true
    }

    fn advise(&self, advice: &mut Advice<'_>) {
        let hands = self.setup.actions > Action::Toggle as i64;
        expert::act(&self.world, self.level.aim(&self.world), hands, advice);
    }

    fn save(&self, out: &mut StateWriter) {
        self.world.save(out);
        self.ending.save(out);
        out.rng(&self.rng);
    }

    fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        self.world.restore(state)?;
        self.ending = Ending::restore(state)?;
        self.rng = state.rng()?;
        self.enter();
        Ok(())
    }
}
