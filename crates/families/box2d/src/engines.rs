//! The lander's engines.

/// What the engines do in a step.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Engines {
    /// 0, or from 0.5 to 1.
    pub(super) main: f64,
    /// 0, or from 0.5 to 1.
    pub(super) side: f64,
    /// −1 for the left one, 1 for the right.
    pub(super) direction: f64,
}

impl Engines {
    pub(super) fn discrete(action: i64) -> Self {
        let side = if action == 1 || action == 3 { 1.0 } else { 0.0 };
        Self { main: if action == 2 { 1.0 } else { 0.0 }, side, direction: (action - 2) as f64 * side }
    }

    pub(super) fn continuous(action: &[f32]) -> Self {
        let number = |index: usize| action.get(index).map_or(0.0, |number| f64::from(number.clamp(-1.0, 1.0)));
        let (main, side) = (number(0), number(1));
        let mut engines = Self::default();
        if main > 0.0 {
            engines.main = (main + 1.0) * 0.5;
        }
        if side.abs() > 0.5 {
            (engines.side, engines.direction) = (side.abs(), side.signum());
        }
        engines
    }
}
