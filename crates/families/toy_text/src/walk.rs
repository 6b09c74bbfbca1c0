//! A walker on a grid: what FrozenLake and CliffWalking have in common.
use palaestra_env::{RestoreError, SeededRng, StateReader, StateWriter};

use super::chance::{drawn, drawn_of};
use super::grid::{Grid, Heading};

/// Where a step leads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Arrival {
    pub(super) cell: usize,
    pub(super) reward: f64,
    pub(super) terminated: bool,
}

/// Where the walker is, and how it got there.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Walk {
    pub(super) cell: usize,
    /// Steps since the reset, to be shown.
    pub(super) steps: u32,
    /// How likely the last step was.
    pub(super) probability: f64,
    /// Where the last step was meant to go and where it went; to be shown.
    pub(super) last: Option<[Heading; 2]>,
    rng: SeededRng,
}

impl Walk {
    pub(super) fn new(cell: usize) -> Self {
        Self { cell, steps: 0, probability: 1.0, last: None, rng: SeededRng::new(0) }
    }

    /// Starts anew in one of the cells, each as likely as its weight.
    pub(super) fn start(&mut self, seed: Option<u64>, weights: impl IntoIterator<Item = f64>) {
        if let Some(seed) = seed {
            self.rng = SeededRng::new(seed);
        }
        self.cell = drawn(weights, &mut self.rng);
        (self.steps, self.probability, self.last) = (0, 1.0, None);
    }

    /// Goes where chance leads. `ways` are the headings that the step may take, each as likely as said; `arrival` says where one
    /// leads to.
    pub(super) fn go<const N: usize>(
        &mut self,
        asked: Heading,
        ways: [(Heading, f64); N],
        arrival: impl FnOnce(usize, Heading) -> Arrival,
    ) -> (f64, bool) {
        let index = drawn_of(ways.map(|(_, probability)| probability), &mut self.rng);
        let Some((heading, probability)) = ways.get(index) else { return (0.0, false) };
        let Arrival { cell, reward, terminated } = arrival(self.cell, *heading);
        (self.cell, self.probability, self.last) = (cell, *probability, Some([asked, *heading]));
        self.steps = self.steps.saturating_add(1);
        (reward, terminated)
    }

    pub(super) fn save(&self, out: &mut StateWriter) {
        out.u32(self.cell as u32);
        out.u32(self.steps);
        out.f64(self.probability);
        out.bool(self.last.is_some());
        let [asked, went] = self.last.unwrap_or([Heading::Left; 2]);
        out.u32(asked as u32);
        out.u32(went as u32);
        out.rng(&self.rng);
    }

    pub(super) fn restore(&mut self, grid: Grid, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        self.cell = state.below(grid.cells(), "cell")?;
        self.steps = state.u32()?;
        self.probability = state.f64()?;
        if !(0.0..=1.0).contains(&self.probability) {
            return Err(RestoreError::Invalid { field: "probability" });
        }
        let moved = state.bool("last")?;
        let mut heading = || {
            let number = state.u32()? as usize;
            Heading::numbered(number).ok_or(RestoreError::Invalid { field: "heading" })
        };
        let last = [heading()?, heading()?];
        self.last = moved.then_some(last);
        self.rng = state.rng()?;
        Ok(())
    }
}
