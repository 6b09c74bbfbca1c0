//! Sine and cosine in single precision.
use crate::fixed::Fixed;
use crate::trigonometric::{cos, sin, wide};

/// The sine of an angle in radians, correctly rounded to a float32; NaN for ±∞ and NaN.
pub fn sin_f32(x: f32) -> f32 {
    let x = f64::from(x);
    rounded_once(sin(x), || wide::sign_and_size(x.abs(), 0).1)
}

/// The cosine of an angle in radians, correctly rounded to a float32; NaN for ±∞ and NaN.
pub fn cos_f32(x: f32) -> f32 {
    let x = f64::from(x);
    rounded_once(cos(x), || wide::sign_and_size(x.abs(), 1).1)
}

/// For six sizes of argument in all the double lies in the middle of two float32s: there its own rounding has to be undone.
#[inline]
fn rounded_once(rounded: f64, exact_size: impl FnOnce() -> Fixed) -> f32 {
    /// The digits of a double that a float32 lacks.
    const LACKING: u64 = (1 << 29) - 1;
    const MIDDLE: u64 = 1 << 28;
    let bits = rounded.to_bits();
    if bits & LACKING != MIDDLE {
        return rounded as f32;
    }
    let below = exact_size().is_below(Fixed::from_f64(rounded.abs()));
    f64::from_bits(if below { bits - 1 } else { bits + 1 }) as f32
}
