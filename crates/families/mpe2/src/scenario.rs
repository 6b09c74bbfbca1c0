//! What makes a game of a world: where bodies begin, what is seen, what it earns and when it is over.
use palaestra_env::{BoxSpace, DType, SeededRng, Space, ValueWriter};

use super::nearest::Nearest;
use super::world::{Pair, World};

/// The rules of a game. What changes while it is played is in the [`World`].
pub(crate) trait Scenario: Send {
    /// Puts everything in its place.
    fn start(&self, world: &mut World, rng: &mut SeededRng);

    /// What each agent has earned with the last step.
    fn rewards(&self, world: &World, rewards: &mut [f64]);

    /// What an agent sees.
    fn observe(&self, world: &World, agent: usize, seen: &mut Seen<'_>);

    /// Whether the task is done.
    fn done(&self, _world: &World) -> bool {
        false
    }

    /// The landmark that it is about, among the bodies.
    fn goal(&self, _world: &World) -> Option<usize> {
        None
    }

    /// What the figures for comparing policies are, for an agent.
    fn benchmark_space(&self, _world: &World, _agent: usize) -> Space {
        Space::dict([])
    }

    /// Writes these figures.
    fn benchmark(&self, _world: &World, _agent: usize, _out: &mut ValueWriter) {}
}

/// Where an observation goes, number by number; without a writer they are only counted.
pub(crate) struct Seen<'a> {
    out: Option<&'a mut ValueWriter>,
    count: usize,
}

impl<'a> Seen<'a> {
    /// Into a writer.
    pub(crate) fn into(out: &'a mut ValueWriter) -> Self {
        Self { out: Some(out), count: 0 }
    }

    /// How many numbers an agent sees.
    pub(crate) fn count(scenario: &dyn Scenario, world: &World, agent: usize) -> usize {
        let mut seen = Seen { out: None, count: 0 };
        scenario.observe(world, agent, &mut seen);
        seen.count
    }

    pub(crate) fn number(&mut self, number: f32) {
        self.count += 1;
        if let Some(out) = &mut self.out {
            out.f32s(&[number]);
        }
    }

    pub(crate) fn numbers(&mut self, numbers: &[f32]) {
        numbers.iter().for_each(|number| self.number(*number));
    }

    pub(crate) fn pair(&mut self, [x, y]: Pair) {
        self.number(x as f32);
        self.number(y as f32);
    }

    pub(crate) fn nothing(&mut self, count: usize) {
        (0..count).for_each(|_| self.number(0.0));
    }

    /// 1 for yes and -1 for no.
    pub(crate) fn sign(&mut self, yes: bool) {
        self.number(if yes { 1.0 } else { -1.0 });
    }

    /// The ways to some bodies: to all in their order, or to the nearest first, and nothing for those that are lacking.
    pub(crate) fn ways(
        &mut self,
        world: &World,
        agent: usize,
        to: impl Iterator<Item = usize>,
        nearest: Option<usize>,
    ) {
        let Some(most) = nearest else {
            to.for_each(|body| self.pair(world.way(agent, body)));
            return;
        };
        let nearest = Nearest::of(world, agent, to, most);
        nearest.iter().for_each(|body| self.pair(world.way(agent, body)));
        self.nothing(2 * (most - nearest.iter().len()));
    }
}

/// All agents but one.
pub(crate) fn others(world: &World, agent: usize) -> impl Iterator<Item = usize> + Clone + use<> {
    (0..world.agents).filter(move |other| *other != agent)
}

/// The smallest; of none infinity, which no rule asks for.
pub(crate) fn least(numbers: impl Iterator<Item = f64>) -> f64 {
    numbers.fold(f64::INFINITY, f64::min)
}

/// Puts bodies at random places of a square about the middle.
pub(crate) fn scatter(world: &mut World, bodies: impl Iterator<Item = usize>, reach: f64, rng: &mut SeededRng) {
    for body in bodies {
        world.places[body] = [rng.uniform(-reach, reach), rng.uniform(-reach, reach)];
        world.speeds[body] = [0.0; 2];
    }
}

/// A float64 by itself.
pub(crate) fn real() -> Space {
    Space::Box(BoxSpace::uniform(-f64::MAX, f64::MAX, &[], DType::Float64))
}

/// A count by itself.
pub(crate) fn count() -> Space {
    Space::Box(BoxSpace::uniform(0.0, i64::MAX as f64, &[], DType::Int64))
}
