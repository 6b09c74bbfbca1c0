//! The first phase: x = 2^exponent · (1 + z)/r, with r and its logarithm in a table.
use crate::double::{Double, Estimate};
use crate::tables::logarithm::{HALVED_FROM, LN_2_FIRST, LN_2_SECOND, RECIPROCAL};

const FRACTION_BITS: u32 = 52;
const FRACTION: u64 = (1 << FRACTION_BITS) - 1;
/// The digits of a mantissa whose product with nine bits is exact.
const SHORT: u64 = !0x1ff;
const TWO_TO_54: f64 = (1_u64 << 54) as f64;
/// Bounds of the error: relative to z³, from the cubic and further terms in double precision, and to the result.
const CUBIC_ERROR: f64 = 1.0 / (1_u64 << 51) as f64;
const RELATIVE_ERROR: f64 = 1.0 / (1_u64 << 43) as f64 / (1_u64 << 43) as f64;

/// ln(x) for positive finite x.
#[inline]
pub(crate) fn first_phase(x: f64) -> Estimate {
    let (x, lifted) = if x < f64::MIN_POSITIVE { (x * TWO_TO_54, 54) } else { (x, 0) };
    let bits = x.to_bits();
    let row = (bits >> (FRACTION_BITS - 7)) as usize % RECIPROCAL.len();
    let halved = u64::from(row >= HALVED_FROM);
    let exponent = (bits >> FRACTION_BITS) as i64 - 1023 - lifted + halved as i64;
    let mantissa = f64::from_bits(bits & FRACTION | (1023 - halved) << FRACTION_BITS);
    let [reciprocal, table_hi, table_lo] = RECIPROCAL[row].map(f64::from_bits);

    // Both products are exact, and z is at most 2⁻⁷.
    let short = f64::from_bits(mantissa.to_bits() & SHORT);
    let z = Double::sum(short * reciprocal - 1.0, (mantissa - short) * reciprocal);

    let exponent = exponent as f64;
    let table = exponent * LN_2_FIRST + table_hi;
    let h = z.hi;
    let square = Double::product(h, h);
    let cube = square.hi * h;
    let series = cube
        * (1.0 / 3.0
            - h * (0.25 - h * (0.2 - h * (1.0 / 6.0 - h * (1.0 / 7.0 - h * (0.125 - h * (1.0 / 9.0 - h * 0.1)))))));
    let main = Double::ordered_sum(table, h);
    let curved = Double::ordered_sum(main.hi, -0.5 * square.hi);
    let low = main.lo + curved.lo + (exponent * LN_2_SECOND + table_lo) + (z.lo - h * z.lo) - 0.5 * square.lo + series;
    Estimate {
        value: Double::ordered_sum(curved.hi, low),
        error: cube.abs() * CUBIC_ERROR + curved.hi.abs() * RELATIVE_ERROR,
    }
}
