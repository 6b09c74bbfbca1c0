//! The logarithm of 1 + x as in `sysdeps/ieee754/dbl-64/s_log1p.c`, which comes from fdlibm. Which products the compiler fused with
//! a sum was read off the compiled library.
use crate::fused::fused;

const LN_2: [f64; 2] = [f64::from_bits(0x3fe6_2e42_fee0_0000), f64::from_bits(0x3dea_39ef_3579_3c76)];
/// Of s², s⁴, … in the series of ln(1 + f) with s = f/(2 + f).
const SERIES: [f64; 7] = [
    f64::from_bits(0x3fe5_5555_5555_5593),
    f64::from_bits(0x3fd9_9999_9997_fa04),
    f64::from_bits(0x3fd2_4924_9422_9359),
    f64::from_bits(0x3fcc_71c5_1d8e_78af),
    f64::from_bits(0x3fc7_4664_96cb_03de),
    f64::from_bits(0x3fc3_9a09_d078_c69f),
    f64::from_bits(0x3fc2_f112_df3e_5244),
];
/// The upper halves of √2 − 1, of √½ − 1 (as the library has it, with its sign) and of √2's fraction.
const ROOT_LESS_ONE: u32 = 0x3fda_827a;
const HALF_ROOT_LESS_ONE: u32 = 0xbfd2_bec4;
const ROOT_FRACTION: u32 = 0x6_a09e;
const FRACTION: u32 = 0xf_ffff;
const TINY: f64 = 1.0 / (1_u64 << 54) as f64;
const SMALL: f64 = 1.0 / (1_u64 << 29) as f64;
/// From here on 1 + x is x.
const LARGE: f64 = (1_u64 << 53) as f64;

fn upper(x: f64) -> u32 {
    (x.to_bits() >> 32) as u32
}

fn with_upper(x: f64, upper: u32) -> f64 {
    f64::from_bits(u64::from(upper) << 32 | x.to_bits() & u64::from(u32::MAX))
}

/// 1 + x as 2^octaves·(1 + fraction), and what was lost when 1 was added.
struct Parts {
    octaves: f64,
    fraction: f64,
    lost: f64,
    /// Whether the fraction is so small that the series has one term.
    near: bool,
}

fn parts(x: f64) -> Parts {
    let own = upper(x);
    if own < ROOT_LESS_ONE || (x < 0.0 && own < HALF_ROOT_LESS_ONE) {
        return Parts { octaves: 0.0, fraction: x, lost: 0.0, near: false };
    }
    let sum = if x < LARGE { 1.0 + x } else { x };
    let octaves = (upper(sum) >> 20) as i32 - 1023;
    let lost = match x < LARGE {
        true if octaves > 0 => (1.0 - (sum - x)) / sum,
        true => (x - (sum - 1.0)) / sum,
        false => 0.0,
    };
    let mantissa = upper(sum) & FRACTION;
    if mantissa < ROOT_FRACTION {
        let fraction = with_upper(sum, mantissa | 0x3ff0_0000) - 1.0;
        Parts { octaves: f64::from(octaves), fraction, lost, near: mantissa == 0 }
    } else {
        let fraction = with_upper(sum, mantissa | 0x3fe0_0000) - 1.0;
        Parts { octaves: f64::from(octaves + 1), fraction, lost, near: (FRACTION + 1 - mantissa) >> 2 == 0 }
    }
}

/// `log1p` of the C library, bit for bit.
pub fn log1p(x: f64) -> f64 {
    if x.is_nan() || x < -1.0 {
        return f64::NAN;
    }
    if x == -1.0 {
        return f64::NEG_INFINITY;
    }
    if x.is_infinite() {
        return x;
    }
    if x.abs() < TINY {
        return x;
    }
    if x.abs() < SMALL {
        return x - x * x * 0.5;
    }
    let Parts { octaves: k, fraction: f, lost, near } = parts(x);
    let half = 0.5 * f * f;
    if f == 0.0 {
        return if k == 0.0 { 0.0 } else { fused(k, LN_2[0], fused(k, LN_2[1], lost)) };
    }
    let with_octaves = |rest: f64| fused(k, LN_2[0], -(rest - f));
    if near {
        let rest = half * fused(-2.0 / 3.0, f, 1.0);
        return if k == 0.0 { f - rest } else { with_octaves(rest - fused(k, LN_2[1], lost)) };
    }
    let s = f / (2.0 + f);
    let z = s * s;
    let z2 = z * z;
    let z4 = z2 * z2;
    let second = fused(z, SERIES[2], SERIES[1]);
    let third = fused(SERIES[4], z, SERIES[3]);
    let fourth = fused(SERIES[6], z, SERIES[5]);
    let series = fused(z2 * z4, fourth, fused(z4, third, fused(z, SERIES[0], z2 * second)));
    let curve = (series + half) * s;
    if k == 0.0 { f - (half - curve) } else { with_octaves(half - (fused(k, LN_2[1], lost) + curve)) }
}
