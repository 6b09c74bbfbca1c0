//! Sums and products of doubles without loss: a number as the unevaluated sum of two doubles (T. J. Dekker, 1971).

/// hi + lo, where lo is small against hi.
#[derive(Clone, Copy)]
pub(crate) struct Double {
    pub(crate) hi: f64,
    pub(crate) lo: f64,
}

impl Double {
    /// From a row of a table.
    #[inline]
    pub(crate) fn from_bits(bits: [u64; 2]) -> Self {
        Self { hi: f64::from_bits(bits[0]), lo: f64::from_bits(bits[1]) }
    }

    /// a + b exactly, for |a| ≥ |b| or a = 0.
    #[inline]
    pub(crate) fn ordered_sum(a: f64, b: f64) -> Self {
        let hi = a + b;
        Self { hi, lo: b - (hi - a) }
    }

    /// a + b exactly.
    #[inline]
    pub(crate) fn sum(a: f64, b: f64) -> Self {
        let hi = a + b;
        let b_in_hi = hi - a;
        Self { hi, lo: (a - (hi - b_in_hi)) + (b - b_in_hi) }
    }

    /// a·b exactly, for factors below 2⁹⁹⁰ and a product that keeps clear of underflow and overflow.
    #[inline]
    pub(crate) fn product(a: f64, b: f64) -> Self {
        let (a_high, a_low) = halves(a);
        let (b_high, b_low) = halves(b);
        let hi = a * b;
        Self { hi, lo: ((a_high * b_high - hi) + a_high * b_low + a_low * b_high) + a_low * b_low }
    }

    #[inline]
    pub(crate) fn negated(self) -> Self {
        Self { hi: -self.hi, lo: -self.lo }
    }
}

/// What the first phase knows of a result: a number and a bound of its error.
#[derive(Clone, Copy)]
pub(crate) struct Estimate {
    pub(crate) value: Double,
    pub(crate) error: f64,
}

impl Estimate {
    /// The double that the result rounds to, if the estimate is good enough to tell.
    #[inline]
    pub(crate) fn rounded(self) -> Option<f64> {
        let low = self.value.hi + (self.value.lo - self.error);
        let high = self.value.hi + (self.value.lo + self.error);
        if low == high { Some(low) } else { None }
    }

    #[inline]
    pub(crate) fn negated(self) -> Self {
        Self { value: self.value.negated(), error: self.error }
    }
}

/// The upper and lower half of a double's digits (G. W. Veltkamp).
#[inline]
fn halves(a: f64) -> (f64, f64) {
    const SPLITTER: f64 = (1_u64 << 27) as f64 + 1.0;
    let scaled = a * SPLITTER;
    let high = scaled - (scaled - a);
    (high, a - high)
}

/// Rounds to an integer below 2⁵¹, which comes as a double and as the low bits of an integer.
#[inline]
pub(crate) fn nearest_integer(x: f64) -> (f64, i64) {
    /// In its binade the unit in the last place is 1.
    const SHIFT: f64 = 1.5 * (1_u64 << 52) as f64;
    let shifted = x + SHIFT;
    (shifted - SHIFT, (shifted.to_bits() as i64) << 13 >> 13)
}

/// 2ⁿ for n in −1022 ..= 1023.
#[inline]
pub(crate) fn power_of_two(n: i64) -> f64 {
    f64::from_bits(((n + 1023) as u64) << 52)
}

/// A positive finite number as an integer below 2⁵³ times a power of two.
pub(crate) fn integer_and_exponent(x: f64) -> (u64, i32) {
    let bits = x.to_bits();
    let fraction = bits & ((1 << 52) - 1);
    match (bits >> 52) as i32 & 0x7ff {
        0 => (fraction, -1074),
        exponent => (fraction | 1 << 52, exponent - 1075),
    }
}

#[cfg(test)]
mod tests {
    use super::{Double, integer_and_exponent, nearest_integer};
    use crate::phases::{magnitudes, spread};

    /// The exact value as an integer, of a number that is a multiple of 2⁻⁶⁰ and below 2⁶⁰.
    fn scaled(x: f64) -> i128 {
        (x * (1_u64 << 60) as f64) as i128
    }

    #[test]
    fn sums_lose_nothing() {
        for (a, b) in magnitudes(3.0, 20.0, 5_000).zip(magnitudes(0.0, 2.0, 5_000)) {
            for (a, b) in [(a, b), (b, a)] {
                let sum = Double::sum(a, b);
                assert_eq!(sum.hi, a + b);
                assert_eq!(scaled(sum.hi) + scaled(sum.lo), scaled(a) + scaled(b), "{a} + {b}");
            }
            let ordered = Double::ordered_sum(a, b);
            assert_eq!(scaled(ordered.hi) + scaled(ordered.lo), scaled(a) + scaled(b), "{a} + {b}");
        }
    }

    #[test]
    fn products_lose_nothing() {
        for (a, b) in spread(1.0, 2.0, 5_000).zip(spread(1.0, 2.0, 9_000).skip(4_000)) {
            let (a_integer, b_integer) = (integer_and_exponent(a).0, integer_and_exponent(b).0);
            let product = Double::product(a, b);
            let unit = (1_u128 << 104) as f64;
            assert_eq!(product.hi, a * b);
            let found = (product.hi * unit) as i128 + (product.lo * unit) as i128;
            assert_eq!(found, i128::from(a_integer) * i128::from(b_integer), "{a} * {b}");
        }
    }

    #[test]
    fn rounding_to_an_integer_gives_it_twice() {
        for x in spread(-1e9, 1e9, 5_000).chain([0.0, 0.49, -0.51, 1.5, 2.5, -2.5]) {
            let (rounded, integer) = nearest_integer(x);
            assert_eq!(rounded, x.round_ties_even());
            assert_eq!(integer as f64, rounded);
        }
    }
}
