//! Sine and cosine in single precision.
use crate::trigonometric::{cos, sin};

/// The sine of an angle in radians, correctly rounded to a float32; NaN for ±∞ and NaN.
pub fn sin_f32(x: f32) -> f32 {
    sin(f64::from(x)) as f32
}

/// The cosine of an angle in radians, correctly rounded to a float32; NaN for ±∞ and NaN.
pub fn cos_f32(x: f32) -> f32 {
    cos(f64::from(x)) as f32
}
