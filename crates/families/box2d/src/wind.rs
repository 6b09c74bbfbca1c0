//! LunarLander's wind: two waves of lengths that have no common measure, so that it never repeats.
use std::f64::consts::PI;

use palaestra_env::SeededRng;
use palaestra_math::glibc::sin;
use palaestra_math::tanh;

/// How far along its wave a gust is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Gust(pub(super) i64);

impl Gust {
    /// Somewhere along it.
    pub(super) fn draw(rng: &mut SeededRng) -> Self {
        Self(rng.integers(-9999, 9999))
    }

    /// From -1 to 1, and one step on.
    pub(super) fn blow(&mut self) -> f64 {
        let place = self.0 as f64;
        self.0 = self.0.saturating_add(1);
        tanh(sin(0.02 * place) + sin(PI * 0.01 * place))
    }
}
