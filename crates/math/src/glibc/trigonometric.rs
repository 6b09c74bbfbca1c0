//! Sine and cosine as in `sysdeps/ieee754/dbl-64/s_sin.c`.
use super::rounding::unmistakable;
use super::tables::SINE_COSINE;
use crate::fused::fused;
use crate::trigonometric::{self, COSINE_IS_ONE_BELOW, FIRST_PHASE_BELOW, Reduced, SINE_IS_ARGUMENT_BELOW};

/// The library promises 0.55 units in the last place; half a unit cannot be helped.
const FURTHER_OFF: f64 = 1.0 / 16.0;
/// From here on the library reduces in another way, which is not followed.
const FOLLOWED_BELOW: f64 = f64::from_bits(0x4199_21fb_0000_0000);
/// Up to the first the argument is used as it is, up to the second it is taken from π/2.
const UNREDUCED_BELOW: f64 = f64::from_bits(0x3feb_6000_0000_0000);
const QUARTER_BELOW: f64 = f64::from_bits(0x4003_68fd_0000_0000);
/// Below this a sine needs no table.
const SERIES_BELOW: f64 = 0.126;

const HALF_PI: f64 = std::f64::consts::FRAC_PI_2;
const HALF_PI_REST: f64 = f64::from_bits(0x3c91_a626_3314_5c07);
/// π/2 in four parts.
const HALF_PI_PARTS: [f64; 4] = [
    f64::from_bits(0x3ff9_21fb_5800_0000),
    f64::from_bits(0xbe4d_de97_3c00_0000),
    f64::from_bits(0xbc8c_b3b3_9800_0000),
    f64::from_bits(0xbacd_747f_23e3_2ed7),
];
/// Added and taken away again, they round to an integer and to a multiple of 1/128.
const INTEGER_SHIFT: f64 = 1.5 * (1_u64 << 52) as f64;
const TABLE_SHIFT: f64 = 1.5 * (1_u64 << 45) as f64;

/// Of the sine's x³ … x¹¹, from the last on.
const SERIES: [f64; 5] = [
    f64::from_bits(0xbe5a_ddff_c2fc_df59),
    f64::from_bits(0x3ec7_1de2_7b9a_7ed9),
    f64::from_bits(0xbf2a_01a0_19db_08b8),
    f64::from_bits(0x3f81_1111_1111_0ece),
    f64::from_bits(0xbfc5_5555_5555_5555),
];
/// Between two points of the table: of the sine's x⁵ and x³, and of x⁶, x⁴ and x² in 1 − cos.
const SINE: [f64; 2] = [f64::from_bits(0x3f81_1110_e829_872f), f64::from_bits(0xbfc5_5555_5555_5515)];
const VERSINE: [f64; 3] = [f64::from_bits(0x3f56_c16b_edd9_e239), f64::from_bits(0xbfa5_5555_5555_5535), 0.5];

/// `sin` of the C library, bit for bit below 1.05·10⁸; correctly rounded beyond.
pub fn sin(x: f64) -> f64 {
    let size = x.abs();
    if size < SINE_IS_ARGUMENT_BELOW {
        return x;
    }
    if size < FIRST_PHASE_BELOW
        && let Some(result) = unmistakable(Reduced::new(x).sine().value, FURTHER_OFF)
    {
        return result;
    }
    if size < FOLLOWED_BELOW { sine_followed(x) } else { trigonometric::sin(x) }
}

/// `cos` of the C library, bit for bit below 1.05·10⁸; correctly rounded beyond.
pub fn cos(x: f64) -> f64 {
    let size = x.abs();
    if size < COSINE_IS_ONE_BELOW {
        return 1.0;
    }
    if size < FIRST_PHASE_BELOW
        && let Some(result) = unmistakable(Reduced::new(x).cosine().value, FURTHER_OFF)
    {
        return result;
    }
    if size < FOLLOWED_BELOW { cosine_followed(x) } else { trigonometric::cos(x) }
}

#[inline(never)]
fn sine_followed(x: f64) -> f64 {
    let size = x.abs();
    if size < UNREDUCED_BELOW {
        sine_of(x, 0.0)
    } else if size < QUARTER_BELOW {
        cosine_of(HALF_PI - size, HALF_PI_REST).copysign(x)
    } else {
        sine_after_quarters(x, 0)
    }
}

#[inline(never)]
fn cosine_followed(x: f64) -> f64 {
    let size = x.abs();
    if size < UNREDUCED_BELOW {
        cosine_of(x, 0.0)
    } else if size < QUARTER_BELOW {
        let rest = HALF_PI - size;
        let angle = rest + HALF_PI_REST;
        sine_of(angle, (rest - angle) + HALF_PI_REST)
    } else {
        sine_after_quarters(x, 1)
    }
}

fn sine_after_quarters(x: f64, quarters: u64) -> f64 {
    let [first, second, third, fourth] = HALF_PI_PARTS;
    let shifted = fused(x, std::f64::consts::FRAC_2_PI, INTEGER_SHIFT);
    let n = shifted - INTEGER_SHIFT;
    let rest = fused(-n, second, fused(-n, first, x));
    let finer = fused(-n, third, rest);
    let lost = fused(-n, third, rest - finer);
    let finest = fused(-n, fourth, finer);
    let lost = lost + fused(-n, fourth, finer - finest);

    let quadrant = shifted.to_bits().wrapping_add(quarters);
    let result = if quadrant & 1 == 0 { sine_of(finest, lost) } else { cosine_of(finest, lost) };
    if quadrant & 2 == 0 { result } else { -result }
}

/// sin(x + dx) for |x| ≤ 0.86.
fn sine_of(x: f64, dx: f64) -> f64 {
    if x.abs() < SERIES_BELOW {
        let square = x * x;
        let slope = fused(polynomial(&SERIES, square), x, -(0.5 * dx));
        return x + fused(square, slope, dx);
    }
    let near = Point::nearest(x);
    let dx = if x > 0.0 { dx } else { -dx };
    let h = near.offset;
    let square = h * h;
    let sine = h + fused(h * square, polynomial(&SINE, square), dx);
    let versine = fused(h, dx, square * polynomial(&VERSINE, square));
    let change = fused(sine, near.cosine_rest, near.sine_rest);
    let change = fused(sine, near.cosine, fused(-versine, near.sine, change));
    (near.sine + change).copysign(x)
}

/// cos(x + dx) for |x| ≤ 0.86.
fn cosine_of(x: f64, dx: f64) -> f64 {
    let near = Point::nearest(x);
    let h = near.offset + if x < 0.0 { -dx } else { dx };
    let square = h * h;
    let sine = fused(h * square, polynomial(&SINE, square), h);
    let versine = square * polynomial(&VERSINE, square);
    let change = fused(-sine, near.sine_rest, near.cosine_rest);
    near.cosine + fused(-sine, near.sine, fused(-versine, near.cosine, change))
}

/// The table's point next to |x|.
struct Point {
    offset: f64,
    sine: f64,
    sine_rest: f64,
    cosine: f64,
    cosine_rest: f64,
}

impl Point {
    fn nearest(x: f64) -> Self {
        let size = x.abs();
        let shifted = size + TABLE_SHIFT;
        let row = shifted.to_bits() as usize % 128;
        let [sine, sine_rest, cosine, cosine_rest] = SINE_COSINE.get(row).copied().unwrap_or_default();
        Self { offset: size - (shifted - TABLE_SHIFT), sine, sine_rest, cosine, cosine_rest }
    }
}

/// By Horner's rule, the coefficient of the highest power first.
fn polynomial(coefficients: &[f64], x: f64) -> f64 {
    coefficients.iter().copied().reduce(|sum, coefficient| fused(sum, x, coefficient)).unwrap_or(0.0)
}
