//! The exponential as in `sysdeps/ieee754/dbl-64/e_exp.c`.
use super::power::{Growth, growth};
use crate::double::power_of_two;
use crate::fused::fused;

/// Closer to 0 the result is 1 + x.
const TINY: f64 = 1.0 / (1_u64 << 54) as f64;
/// Further out there is nothing but 0 and infinity.
const ENDS: f64 = 1024.0;
/// From here on the library scales in two steps; below 0 without fusing.
const FAR: f64 = 512.0;

/// `exp` of the C library, bit for bit.
pub fn exp(x: f64) -> f64 {
    if x.is_nan() {
        return f64::NAN;
    }
    if x.abs() < TINY {
        return 1.0 + x;
    }
    if x.abs() >= ENDS {
        return if x > 0.0 { f64::INFINITY } else { 0.0 };
    }
    let Growth { growth, nearest, octaves } = growth(x, 0.0);
    if x.abs() < FAR {
        return fused(growth, nearest, nearest) * power_of_two(octaves);
    }
    if octaves > 0 {
        let scale = nearest * power_of_two(octaves - 1009);
        return fused(scale, growth, scale) * power_of_two(1009);
    }
    // In units of the smallest normal number. Below it a result is rounded where its last digit will be, and only once.
    let scale = nearest * power_of_two(octaves + 1022);
    let y = scale + scale * growth;
    let y = if y < 1.0 {
        let rest = scale - y + scale * growth;
        let above = 1.0 + y;
        let rest = (1.0 - above) + y + rest;
        (above + rest) - 1.0
    } else {
        y
    };
    y * f64::MIN_POSITIVE
}
