//! What the numbers of an environment mean, for whoever reads its data or trains on it.
use core::ops::RangeInclusive;

use serde::Serialize;

/// What the numbers of an environment mean, in the order of Gymnasium's own pages. Text is plain, a sentence or a few; what does not
/// apply is empty.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Manual {
    /// What each action does, or each number of an action that has several.
    pub actions: &'static [Meaning],
    /// What each number of an observation is.
    pub observation: &'static [Meaning],
    /// What a step earns.
    pub reward: &'static str,
    /// How an episode begins, and what `reset` takes to begin it otherwise.
    pub start: &'static str,
    /// When an episode is terminated, and when truncated.
    pub ends: &'static str,
    /// What `info` holds.
    pub info: &'static str,
    /// How the ids of one game, or the versions of one id, differ.
    pub versions: &'static str,
    /// Which implementation it follows, with its version.
    pub source: &'static str,
}

impl Manual {
    /// With nothing in it. To be changed with struct update syntax.
    pub const EMPTY: Self =
        Self { actions: &[], observation: &[], reward: "", start: "", ends: "", info: "", versions: "", source: "" };
}

/// What one action or number means, or a few.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Meaning {
    /// Which: `0`, `4–7`, or a name such as `image[x][y][0]`.
    pub at: &'static str,
    /// What it is: with its unit and its range, where it has them.
    pub what: &'static str,
}

impl Meaning {
    /// Of the action or the number at this place.
    pub const fn new(at: &'static str, what: &'static str) -> Self {
        Self { at, what }
    }

    /// The places, where they are numbers: `4` or `4–7`.
    pub fn places(&self) -> Option<RangeInclusive<u64>> {
        let number = |text: &str| text.parse().ok();
        match self.at.split_once('–') {
            Some((first, last)) => Some(number(first)?..=number(last)?),
            None => number(self.at).map(|place| place..=place),
        }
    }
}
