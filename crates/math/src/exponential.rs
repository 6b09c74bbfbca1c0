//! The exponential function and the hyperbolic tangent.
mod reduced;
pub(crate) mod wide;

use crate::double::{Double, Estimate, power_of_two};
pub(crate) use reduced::Reduced;

/// From here on e^x is beyond the largest double.
const INFINITE_FROM: f64 = 710.0;
/// Up to here e^x is below half of the smallest.
const ZERO_UP_TO: f64 = -746.0;
/// Below 2⁻⁵⁴ e^x rounds to 1.
const ONE_BELOW: f64 = 1.0 / (1_u64 << 54) as f64;

/// e^x; 0 for −∞, ∞ for ∞, NaN for NaN.
pub fn exp(x: f64) -> f64 {
    if x.abs() < ONE_BELOW {
        return 1.0;
    }
    if x >= INFINITE_FROM {
        return f64::INFINITY;
    }
    if x <= ZERO_UP_TO {
        return 0.0;
    }
    if x.is_nan() {
        return f64::NAN;
    }
    Reduced::new(Double { hi: x, lo: 0.0 }).rounded(0.0).unwrap_or_else(|| wide::exp(x))
}

/// Below 2⁻²⁷ tanh rounds to its argument.
const TANH_IS_ARGUMENT_BELOW: f64 = 1.0 / (1_u64 << 27) as f64;
/// From here on tanh rounds to 1.
const TANH_IS_ONE_FROM: f64 = 20.0;
/// Bound of the first phase's error, relative to the result.
const TANH_ERROR: f64 = 1.0 / (1_u64 << 32) as f64 / (1_u64 << 33) as f64;

/// The hyperbolic tangent; ±1 for ±∞, NaN for NaN.
pub fn tanh(x: f64) -> f64 {
    let size = x.abs();
    if size < TANH_IS_ARGUMENT_BELOW {
        return x;
    }
    if x.is_nan() {
        return f64::NAN;
    }
    let result = if size >= TANH_IS_ONE_FROM {
        1.0
    } else {
        tanh_first_phase(size).rounded().unwrap_or_else(|| wide::tanh(size))
    };
    if x < 0.0 { -result } else { result }
}

/// (e²ˣ − 1)/(e²ˣ + 1)
fn tanh_first_phase(x: f64) -> Estimate {
    let reduced = Reduced::new(Double { hi: 2.0 * x, lo: 0.0 });
    let scale = power_of_two(reduced.exponent);
    let grown = reduced.times_table_less_table();
    let table = Double { hi: reduced.table.hi * scale, lo: reduced.table.lo * scale };
    let grown = Double { hi: grown.hi * scale, lo: grown.lo * scale };

    // Where the table's entry is 1 it cancels exactly, and what is left is known relative to itself.
    let whole = Double::sum(table.hi, -1.0);
    let sum = Double::sum(whole.hi, grown.hi);
    let numerator = Double::ordered_sum(sum.hi, sum.lo + (whole.lo + table.lo + grown.lo));
    let sum = Double::sum(numerator.hi, 2.0);
    let denominator = Double { hi: sum.hi, lo: sum.lo + numerator.lo };

    let hi = numerator.hi / denominator.hi;
    let product = Double::product(hi, denominator.hi);
    let lo = (((numerator.hi - product.hi) - product.lo) + numerator.lo - hi * denominator.lo) / denominator.hi;
    Estimate { value: Double { hi, lo }, error: hi * TANH_ERROR }
}

#[cfg(test)]
mod tests {
    use super::{Reduced, exp, tanh, tanh_first_phase, wide};
    use crate::double::{Double, power_of_two};
    use crate::fixed::Fixed;
    use crate::phases::{assert_within, magnitudes, spread};

    fn exponents() -> impl Iterator<Item = f64> {
        spread(-1.0, 1.0, 2_000).chain(spread(-745.0, 709.0, 4_000)).chain(magnitudes(-54.0, 9.0, 2_000))
    }

    #[test]
    fn the_first_phase_of_exp_stays_within_its_stated_error() {
        for x in exponents() {
            let reduced = Reduced::new(Double { hi: x, lo: 0.0 });
            let (power, exponent) = wide::power(x < 0.0, Fixed::from_f64(x.abs()));
            // The two phases may normalise to neighbouring powers of two.
            let power = if i64::from(exponent) < reduced.exponent { power.shifted_right(1) } else { power };
            assert_within(reduced.power(0.0), false, power, x);
        }
    }

    #[test]
    fn the_first_phase_of_tanh_stays_within_its_stated_error() {
        let sizes = spread(0.0, 1.0, 2_000).chain(spread(0.0, 20.0, 2_000)).chain(magnitudes(-27.0, 4.0, 2_000));
        for x in sizes.map(f64::abs) {
            assert_within(tanh_first_phase(x), false, wide::wide_tanh(x), x);
        }
    }

    #[test]
    fn exp_of_a_sum_of_logarithms_of_two_is_a_power_of_two_times_exp_of_the_rest() {
        for n in -1020..1020 {
            let x = n as f64 * std::f64::consts::LN_2;
            let ratio = exp(x) / power_of_two(n);
            assert!((ratio - 1.0).abs() < 1e-12, "{n}: {ratio}");
        }
    }

    #[test]
    fn tanh_is_odd_and_never_leaves_its_bounds() {
        for x in exponents() {
            assert_eq!(tanh(-x).to_bits(), (-tanh(x)).to_bits());
            assert!(tanh(x).abs() <= 1.0);
        }
    }
}
