//! Tests that the first phase is as good as it says, measured by the second.
use crate::double::{Double, Estimate};
use crate::fixed::Fixed;

/// How much of the stated error may be used up by what these tests happen to find.
const MARGIN: f64 = 0.5;

/// Numbers spread evenly over a range, the same in every run.
pub(crate) fn spread(low: f64, high: f64, count: u64) -> impl Iterator<Item = f64> {
    /// The golden ratio's fraction: its multiples fill an interval evenly (Weyl).
    const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
    (1..=count).map(move |i| low + (high - low) * ((i.wrapping_mul(STEP) >> 11) as f64 / (1_u64 << 53) as f64))
}

/// Numbers of all magnitudes between two powers of two, of both signs.
pub(crate) fn magnitudes(lowest: f64, highest: f64, count: u64) -> impl Iterator<Item = f64> {
    spread(lowest, highest, count).zip(spread(1.0, 2.0, count * 3).skip(count as usize)).enumerate().map(
        |(i, (exponent, mantissa))| {
            let size = mantissa * f64::from_bits(((exponent as i64 + 1023) as u64) << 52);
            if i % 2 == 0 { size } else { -size }
        },
    )
}

/// Panics unless the estimate is within its error of the exact value.
pub(crate) fn assert_within(estimate: Estimate, negative: bool, exact: Fixed, of: impl std::fmt::Debug) {
    let exact = as_double(exact);
    let exact = if negative { exact.negated() } else { exact };
    let off = ((estimate.value.hi - exact.hi) + (estimate.value.lo - exact.lo)).abs();
    assert!(off <= MARGIN * estimate.error, "{of:?}: off by {off:e}, stated {:e}", estimate.error);
}

fn as_double(exact: Fixed) -> Double {
    let hi = exact.rounded(0);
    let rest = exact.minus(Fixed::from_f64(hi));
    let lo = rest.magnitude().rounded(0);
    Double { hi, lo: if rest.is_negative() { -lo } else { lo } }
}
