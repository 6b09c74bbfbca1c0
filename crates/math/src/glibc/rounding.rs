//! Results that only one double can be.
use crate::double::{Double, Estimate};

/// The result, if every number within `units` in the last place of it rounds to the same double.
#[inline]
pub(super) fn unmistakable(value: Double, units: f64) -> Option<f64> {
    Estimate { value, error: value.hi.abs() * (units * f64::EPSILON) }.rounded()
}
