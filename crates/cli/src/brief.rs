//! An environment for tests, whose episodes are over after a step: what happens in it is the test's to say.
use palaestra_env::catalog::{Entry, Family, MakeEnvironment};
use palaestra_env::{
    ArgumentError, Environment, JointAction, Kwargs, Outcome, RestoreError, Scene, Space, Spec, StateReader,
    StateWriter, StepError, ValueWriter,
};

/// One that a test makes.
pub(crate) struct Brief {
    spec: Spec,
    /// How many steps were made, over all episodes: no state has that.
    steps: u32,
    reset: fn(Option<u64>),
    /// Is given the action, and how many steps were made before it; gives what it earns.
    step: fn(i64, u32) -> f64,
}

impl Brief {
    pub(crate) fn boxed(id: &str, reset: fn(Option<u64>), step: fn(i64, u32) -> f64) -> Box<dyn Environment> {
        Box::new(Self { spec: Spec::single(id, Space::discrete(2), Space::discrete(1)), steps: 0, reset, step })
    }
}

/// A family of such environments.
pub(crate) const fn family(entries: &'static [Entry], make: MakeEnvironment) -> Family {
    Family { name: "brief", title: "Brief", entries, make, artwork: &[] }
}

impl Environment for Brief {
    fn spec(&self) -> &Spec {
        &self.spec
    }

    fn reset(&mut self, seed: Option<u64>, _: &Kwargs) -> Result<(), ArgumentError> {
        (self.reset)(seed);
        Ok(())
    }

    fn step(&mut self, action: JointAction<'_>, outcome: &mut Outcome) -> Result<(), StepError> {
        outcome.share((self.step)(action.discrete(0), self.steps), true, false);
        self.steps += 1;
        Ok(())
    }

    fn observe(&self, _: usize, out: &mut ValueWriter) {
        out.discrete(0);
    }

    fn draw(&self, _: &mut Scene) {}

    fn save(&self, _: &mut StateWriter) {}

    fn restore(&mut self, _: &mut StateReader<'_>) -> Result<(), RestoreError> {
        Ok(())
    }
}
