//! NumPy's own functions, roundings included: float32 sine and cosine, of which up to 17 % are not the nearest float32, the
//! float64 hyperbolic tangent, the logarithm of a sum of exponentials, and the product of a matrix and a vector.
//!
//! Constants, coefficients and the order of the fused operations are those of numpy 2.4, `_core/src/umath/`
//! `loops_trigonometric.dispatch.cpp` and `loops_hyperbolic.dispatch.cpp.src`, and of the OpenBLAS 0.3.31 in its wheels, on a
//! processor with fused multiply-add.
mod hyperbolic;
mod logarithm;
mod matrix;

pub use hyperbolic::{tanh, tanh_all};
pub use logarithm::logaddexp;
pub use matrix::matrix_vector;

use crate::fused::fused_f32;
use crate::single;

/// Beyond these NumPy asks the C library.
const SINE_UP_TO: f32 = f32::from_bits(0x47e5_5dff);
const COSINE_UP_TO: f32 = f32::from_bits(0x478b_9a08);

const TWO_OVER_PI: f32 = f32::from_bits(0x3f22_f983);
/// Added and taken away again, it rounds to an integer.
const SHIFT: f32 = 1.5 * (1_u32 << 23) as f32;
/// −π/2 in three parts.
const MINUS_HALF_PI: [f32; 3] = [f32::from_bits(0xbfc9_0fd8), f32::from_bits(0xb4a8_885a), f32::from_bits(0xa7c2_34c4)];
/// Of x³, x⁵, x⁷ and x⁹, from the last on.
const SINE: [f32; 4] = [
    f32::from_bits(0x363e_9dde),
    f32::from_bits(0xb950_35dd),
    f32::from_bits(0x3c08_88cd),
    f32::from_bits(0xbe2a_aaab),
];
/// Of 1, x², x⁴, x⁶ and x⁸, from the last on.
const COSINE: [f32; 5] =
    [f32::from_bits(0x37cc_730b), f32::from_bits(0xbab6_036e), f32::from_bits(0x3d2a_aa9e), -0.5, 1.0];

/// `numpy.sin` of a float32, bit for bit up to |x| = 117435.99; correctly rounded beyond.
pub fn sin_f32(x: f32) -> f32 {
    if x.abs() <= SINE_UP_TO { sine_after(x, 0) } else { single::sin_f32(x) }
}

/// `numpy.cos` of a float32, bit for bit up to |x| = 71476.06; correctly rounded beyond.
pub fn cos_f32(x: f32) -> f32 {
    if x.abs() <= COSINE_UP_TO { sine_after(x, 1) } else { single::cos_f32(x) }
}

/// The sine of x and some quarter turns more.
fn sine_after(x: f32, quarters: i32) -> f32 {
    let rounded = fused_f32(x, TWO_OVER_PI, SHIFT) - SHIFT;
    let rest = MINUS_HALF_PI.iter().fold(x, |rest, part| fused_f32(rounded, *part, rest));
    let square = rest * rest;
    let quadrant = rounded as i32 + quarters;
    let result = if quadrant & 1 == 0 {
        let series = polynomial(&SINE, square);
        fused_f32(fused_f32(series, square, 0.0), rest, rest)
    } else {
        polynomial(&COSINE, square)
    };
    // A difference, as there, and so never −0.
    if quadrant & 2 == 0 { result } else { 0.0 - result }
}

fn polynomial(coefficients: &[f32], x: f32) -> f32 {
    coefficients.iter().copied().reduce(|sum, coefficient| fused_f32(sum, x, coefficient)).unwrap_or(0.0)
}
