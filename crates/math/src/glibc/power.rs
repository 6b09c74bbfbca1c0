//! Powers as in `sysdeps/ieee754/dbl-64/e_pow.c`.
use super::rounding::unmistakable;
use super::tables::{powers_of_two, reciprocals};
use crate::double::{Double, power_of_two};
use crate::fused::fused;
use crate::power::{First, first_phase, positive_power, with_special_cases};
use crate::tables::glibc_power::RECIPROCAL_START;

/// The library promises 0.509 units in the last place for the exponential, to which the logarithm adds at most 0.021; half a
/// unit cannot be helped.
const FURTHER_OFF: f64 = 1.0 / 24.0;
/// The results that are followed; further out the library computes in another way.
const ORDINARY: std::ops::RangeInclusive<f64> = 1e-220..=1e220;

const FRACTION_BITS: u32 = 52;
const EXPONENT: u64 = 0xfff << FRACTION_BITS;
/// Both tables have 128 rows.
const ROW_BITS: u32 = 7;
const ROWS: usize = 1 << ROW_BITS;

const LN_2: [f64; 2] = [f64::from_bits(0x3fe6_2e42_fefa_3800), f64::from_bits(0x3d2e_f357_93c7_6730)];
/// The coefficients of ln(1 + r) − r, for −r²/2 in the place of r².
const LOGARITHM: [f64; 7] = [
    -0.5,
    f64::from_bits(0xbfe5_5555_5555_5560),
    f64::from_bits(0x3fe0_0000_0000_0006),
    f64::from_bits(0x3fe9_9999_9959_554e),
    f64::from_bits(0xbfe5_5555_5529_a47a),
    f64::from_bits(0xbff2_495b_9b48_45e9),
    f64::from_bits(0x3ff0_002b_8b26_3fc3),
];
/// 128/ln 2, and −ln 2/128 in two parts.
const ROWS_PER_UNIT: f64 = f64::from_bits(0x4067_1547_652b_82fe);
const MINUS_ROW: [f64; 2] = [f64::from_bits(0xbf76_2e42_fefa_0000), f64::from_bits(0xbd0c_f79a_bc9e_3b3a)];
/// Of r², r³, r⁴ and r⁵ in e^r − 1.
const POWER: [f64; 4] = [
    f64::from_bits(0x3fdf_ffff_ffff_fdbd),
    f64::from_bits(0x3fc5_5555_5555_543c),
    f64::from_bits(0x3fa5_5555_cf17_2b91),
    f64::from_bits(0x3f81_1111_67a4_d017),
];
/// Added and taken away again, it rounds to an integer.
const SHIFT: f64 = 1.5 * (1_u64 << 52) as f64;

/// `pow` of the C library, bit for bit for a normal x and a result in 10⁻²²⁰ ..= 10²²⁰; correctly rounded else.
///
/// `pow(x, 2.0)` is what `x**2` gives for a NumPy float64 scalar and for a Python float; of an array it is x·x.
pub fn pow(x: f64, y: f64) -> f64 {
    with_special_cases(x, y, positive_power_followed)
}

/// For positive finite x but 1 and finite y but 0.
fn positive_power_followed(x: f64, y: f64) -> f64 {
    if y == 2.0 {
        let square = x * x;
        if !ORDINARY.contains(&square) {
            return square;
        }
        return unmistakable(Double::product(x, x), FURTHER_OFF).unwrap_or_else(|| followed(x, y));
    }
    match first_phase(x, y) {
        First::Certain(result) => result,
        First::Estimated(reduced, estimate) => {
            let Some(result) = reduced.scaled(estimate.value.hi) else {
                return positive_power(x, y);
            };
            if x < f64::MIN_POSITIVE || !ORDINARY.contains(&result) {
                return positive_power(x, y);
            }
            match unmistakable(estimate.value, FURTHER_OFF) {
                Some(rounded) => reduced.scaled(rounded).unwrap_or(result),
                None => followed(x, y),
            }
        }
    }
}

#[inline(never)]
fn followed(x: f64, y: f64) -> f64 {
    let Double { hi, lo } = logarithm(x);
    let product = y * hi;
    power(product, fused(y, lo, fused(hi, y, -product)))
}

fn logarithm(x: f64) -> Double {
    let bits = x.to_bits();
    let from_start = bits.wrapping_sub(RECIPROCAL_START);
    let row = (from_start >> (FRACTION_BITS - ROW_BITS)) as usize % ROWS;
    let exponent = (from_start as i64 >> FRACTION_BITS) as f64;
    let z = f64::from_bits(bits.wrapping_sub(from_start & EXPONENT));
    let [reciprocal, table, table_rest] = reciprocals()[row];

    let r = fused(z, reciprocal, -1.0);
    let main = fused(exponent, LN_2[0], table);
    let linear = main + r;
    let half = LOGARITHM[0] * r;
    let curve = r * half;
    let whole = linear + curve;
    let lost_first = fused(exponent, LN_2[1], table_rest);
    let lost_second = (main - linear) + r;
    let lost_third = fused(half, r, -curve);
    let lost_fourth = (linear - whole) + curve;

    let far = fused(fused(r, LOGARITHM[6], LOGARITHM[5]), curve, fused(LOGARITHM[4], r, LOGARITHM[3]));
    let series = fused(curve, far, fused(LOGARITHM[2], r, LOGARITHM[1]));
    let low = fused(r * curve, series, ((lost_first + lost_second) + lost_third) + lost_fourth);
    let hi = whole + low;
    Double { hi, lo: (whole - hi) + low }
}

/// e^(x + dx) where it is an ordinary number.
fn power(x: f64, dx: f64) -> f64 {
    let Growth { growth, nearest, octaves } = growth(x, dx);
    fused(growth, nearest, nearest) * power_of_two(octaves)
}

/// A power of e as 2^octaves·nearest·(1 + growth), of which `nearest` is from a table.
pub(super) struct Growth {
    pub(super) growth: f64,
    pub(super) nearest: f64,
    pub(super) octaves: i64,
}

/// The parts of e^(x + dx).
pub(super) fn growth(x: f64, dx: f64) -> Growth {
    let shifted = fused(x, ROWS_PER_UNIT, SHIFT);
    let n = shifted - SHIFT;
    let r = fused(n, MINUS_ROW[1], fused(n, MINUS_ROW[0], x)) + dx;
    let steps = shifted.to_bits();
    let [lacking, nearest] = powers_of_two()[steps as usize % ROWS];
    // The low bits of `shifted` are n in two's complement, above them lies the constant's own digit.
    let octaves = ((steps as i64) << 13 >> 13) >> ROW_BITS;

    let square = r * r;
    let linear = lacking + r;
    let near = fused(fused(POWER[1], r, POWER[0]), square, linear);
    let growth = fused(fused(r, POWER[3], POWER[2]), square * square, near);
    Growth { growth, nearest, octaves }
}
