//! The `info` of the walks: `prob`, how likely the step was.
use palaestra_env::{BoxSpace, DType, Phase, Space, ValueWriter};

/// A probability, a float64.
pub(super) fn number() -> Space {
    Space::Box(BoxSpace::uniform(0.0, 1.0, &[], DType::Float64))
}

/// After a reset: the integer 1.
pub(super) fn certain() -> Space {
    Space::dict([("prob", Space::Discrete { n: 1, start: 1 })])
}

/// After a step.
pub(super) fn probability() -> Space {
    Space::dict([("prob", number())])
}

/// Writes [`certain`] or [`probability`].
pub(super) fn write(phase: Phase, probability: f64, out: &mut ValueWriter) {
    match phase {
        Phase::Reset => out.discrete(1),
        Phase::Step => out.f64s(&[probability]),
    }
}
