//! The natural logarithm.
mod reduced;
pub(crate) mod wide;

pub(crate) use reduced::first_phase;

/// ln(x); −∞ for ±0, ∞ for ∞, NaN below zero and for NaN.
pub fn ln(x: f64) -> f64 {
    if x == 0.0 {
        return f64::NEG_INFINITY;
    }
    if x == f64::INFINITY {
        return x;
    }
    if x.is_nan() || x < 0.0 {
        return f64::NAN;
    }
    if x == 1.0 {
        return 0.0;
    }
    first_phase(x).rounded().unwrap_or_else(|| wide::ln(x))
}

#[cfg(test)]
mod tests {
    use super::{first_phase, wide};
    use crate::phases::{assert_within, magnitudes, spread};

    #[test]
    fn the_first_phase_stays_within_its_stated_error() {
        let numbers = spread(0.5, 2.0, 4_000)
            .chain(spread(0.99, 1.01, 2_000))
            .chain(magnitudes(-1022.0, 1023.0, 2_000))
            .chain((1..1000).map(|n| f64::from(n) * 5e-324));
        for x in numbers.map(f64::abs).filter(|x| *x != 1.0) {
            let (negative, size) = wide::sign_and_size(x);
            assert_within(first_phase(x), negative, size, x);
        }
    }
}
