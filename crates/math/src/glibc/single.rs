//! Sine and cosine of a float32 as in `sysdeps/ieee754/flt-32/s_sinf.c`.
use crate::fused::fused;
use crate::single;

/// From here on the library reduces in another way, which is not followed.
const FOLLOWED_BELOW: f32 = 120.0;
const UNREDUCED_BELOW: f32 = 0.75;
const TRIVIAL_BELOW: f32 = 1.0 / (1 << 12) as f32;

/// 2²⁴·2/π.
const QUARTERS_PER_UNIT: f64 = std::f64::consts::FRAC_2_PI * (1 << 24) as f64;
/// π/2 in two parts; the first times a small integer is exact, and so is what it leaves of the argument.
const HALF_PI_FIRST: f64 = f64::from_bits(0x3ff9_21fb_5444_2000);
const HALF_PI_SECOND: f64 = std::f64::consts::FRAC_PI_2 - HALF_PI_FIRST;

/// Of x³, x⁵ and x⁷.
const SINE: [f64; 3] = [
    f64::from_bits(0xbfc5_5554_5995_a603),
    f64::from_bits(0x3f81_1076_0523_0bc4),
    f64::from_bits(0xbf29_94eb_3774_cf24),
];
/// Of x², x⁴, x⁶ and x⁸.
const COSINE: [f64; 4] = [
    f64::from_bits(0xbfdf_ffff_fd0c_621c),
    f64::from_bits(0x3fa5_5553_e106_8f19),
    f64::from_bits(0xbf56_c087_e89a_359d),
    f64::from_bits(0x3ef9_9343_027b_f8c3),
];

/// `sinf` of the C library, bit for bit below 120; correctly rounded beyond.
pub fn sin_f32(x: f32) -> f32 {
    let size = x.abs();
    if size < TRIVIAL_BELOW {
        x
    } else if size < FOLLOWED_BELOW {
        sine_after_quarters(x, 0)
    } else {
        single::sin_f32(x)
    }
}

/// `cosf` of the C library, bit for bit below 120; correctly rounded beyond.
pub fn cos_f32(x: f32) -> f32 {
    let size = x.abs();
    if size < TRIVIAL_BELOW {
        1.0
    } else if size < FOLLOWED_BELOW {
        sine_after_quarters(x, 1)
    } else {
        single::cos_f32(x)
    }
}

#[inline]
fn sine_after_quarters(x: f32, quarters: i32) -> f32 {
    let reduced = x.abs() >= UNREDUCED_BELOW;
    let x = f64::from(x);
    let n = if reduced { ((x * QUARTERS_PER_UNIT) as i32 + (1 << 23)) >> 24 } else { 0 };
    let rest = (x - f64::from(n) * HALF_PI_FIRST) - f64::from(n) * HALF_PI_SECOND;
    let quadrant = n + quarters;
    let size = if quadrant & 1 == 0 { sine_of(rest) } else { cosine_of(rest) };
    if quadrant & 2 == 0 { size } else { -size }
}

fn sine_of(x: f64) -> f32 {
    let square = x * x;
    let cube = x * square;
    rounded(|times_plus| {
        let main = times_plus(cube, SINE[0], x);
        times_plus(square * cube, times_plus(SINE[2], square, SINE[1]), main)
    })
}

fn cosine_of(x: f64) -> f32 {
    let square = x * x;
    let fourth = square * square;
    rounded(|times_plus| {
        let main = times_plus(fourth, COSINE[1], times_plus(COSINE[0], square, 1.0));
        times_plus(square * fourth, times_plus(COSINE[3], square, COSINE[2]), main)
    })
}

/// The library fuses every product with a sum. That decides the float32 only when the double lies next to the middle of two.
#[inline]
fn rounded(compute: impl Fn(fn(f64, f64, f64) -> f64) -> f64) -> f32 {
    /// The digits of a double that a float32 lacks, and how far from their middle rounding is safe.
    const LACKING: u64 = (1 << 29) - 1;
    const MIDDLE: u64 = 1 << 28;
    const SAFE_DISTANCE: u64 = 64;
    let plain = compute(|a, b, c| a * b + c);
    if (plain.to_bits() & LACKING).abs_diff(MIDDLE) > SAFE_DISTANCE { plain as f32 } else { compute(fused) as f32 }
}
