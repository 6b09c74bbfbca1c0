//! Sine and cosine.
mod reduced;
mod table;
pub(crate) mod wide;

pub(crate) use reduced::Reduced;

/// The first phase's reduction is good up to here; the second phase takes any argument.
pub(crate) const FIRST_PHASE_BELOW: f64 = 32768.0;
/// Below 2⁻²⁶ the sine rounds to its argument.
pub(crate) const SINE_IS_ARGUMENT_BELOW: f64 = 1.0 / (1_u64 << 26) as f64;
/// Below 2⁻²⁷ the cosine rounds to 1.
pub(crate) const COSINE_IS_ONE_BELOW: f64 = 1.0 / (1_u64 << 27) as f64;

/// The sine of an angle in radians, however large; NaN for ±∞ and NaN.
pub fn sin(x: f64) -> f64 {
    let size = x.abs();
    if size < SINE_IS_ARGUMENT_BELOW {
        return x;
    }
    if size < FIRST_PHASE_BELOW
        && let Some(result) = Reduced::new(x).sine().rounded()
    {
        return result;
    }
    if x < 0.0 { -wide::sine(size) } else { wide::sine(size) }
}

/// The cosine of an angle in radians, however large; NaN for ±∞ and NaN.
pub fn cos(x: f64) -> f64 {
    let size = x.abs();
    if size < COSINE_IS_ONE_BELOW {
        return 1.0;
    }
    if size < FIRST_PHASE_BELOW
        && let Some(result) = Reduced::new(x).cosine().rounded()
    {
        return result;
    }
    wide::cosine(size)
}

/// `(sin(x), cos(x))`, with the argument reduced once.
pub fn sin_cos(x: f64) -> (f64, f64) {
    if (SINE_IS_ARGUMENT_BELOW..FIRST_PHASE_BELOW).contains(&x.abs()) {
        let reduced = Reduced::new(x);
        if let (Some(sine), Some(cosine)) = (reduced.sine().rounded(), reduced.cosine().rounded()) {
            return (sine, cosine);
        }
    }
    (sin(x), cos(x))
}

#[cfg(test)]
mod tests {
    use super::{Reduced, cos, sin, sin_cos, wide};
    use crate::phases::{assert_within, magnitudes, spread};

    fn angles() -> impl Iterator<Item = f64> {
        spread(-1.0, 1.0, 2_000)
            .chain(spread(-40.0, 40.0, 2_000))
            .chain(spread(-32768.0, 32768.0, 2_000))
            .chain(magnitudes(-26.0, 15.0, 2_000))
    }

    /// Where the sine or cosine is smallest.
    fn angles_next_to_multiples_of_a_quarter_turn() -> impl Iterator<Item = f64> {
        (1..2_000).map(|n| f64::from(n) * std::f64::consts::FRAC_PI_2)
    }

    /// Where the rest after whole steps of the table is largest.
    fn angles_between_two_steps() -> impl Iterator<Item = f64> {
        (0..2_000).map(|n| (f64::from(n) + 0.5) * std::f64::consts::PI / 256.0)
    }

    #[test]
    fn the_first_phase_stays_within_its_stated_error() {
        for x in angles().chain(angles_next_to_multiples_of_a_quarter_turn()).chain(angles_between_two_steps()) {
            let (negative, size) = wide::sign_and_size(x.abs(), 0);
            assert_within(Reduced::new(x).sine(), negative ^ (x < 0.0), size, x);
            let (negative, size) = wide::sign_and_size(x.abs(), 1);
            assert_within(Reduced::new(x).cosine(), negative, size, x);
        }
    }

    #[test]
    fn sine_and_cosine_together_are_each_alone() {
        for x in angles().chain(magnitudes(-1070.0, 1023.0, 1_000)).chain([0.0, -0.0, f64::INFINITY, f64::NAN]) {
            let (sine, cosine) = sin_cos(x);
            assert_eq!((sine.to_bits(), cosine.to_bits()), (sin(x).to_bits(), cos(x).to_bits()), "{x:e}");
        }
    }

    #[test]
    fn the_sine_is_odd_and_the_cosine_even() {
        for x in angles().chain(magnitudes(-1070.0, 1023.0, 1_000)) {
            assert_eq!(sin(-x).to_bits(), (-sin(x)).to_bits(), "{x:e}");
            assert_eq!(cos(-x).to_bits(), cos(x).to_bits(), "{x:e}");
        }
    }
}
