//! The first phase: the exponent as a multiple of ln 2/128, whose power is in a table, and a small rest.
use crate::double::{Double, Estimate, nearest_integer, power_of_two};
use crate::tables::exponential::{POWER_OF_TWO, STEP_FIRST, STEP_SECOND, STEPS_PER_UNIT};

/// Steps in a doubling.
const OCTAVE: i64 = 128;
/// Bound of the error, relative to the result, of the terms of order three and more and of all sums.
const ERROR: f64 = 1.0 / (1_u64 << 32) as f64 / (1_u64 << 36) as f64;
/// Exponents of two with which neither the result nor its parts leave the normal numbers.
const SAFE_EXPONENTS: std::ops::RangeInclusive<i64> = -960..=1022;

/// e^x = 2^exponent · table · (1 + growth)
#[derive(Clone, Copy)]
pub(crate) struct Reduced {
    pub(crate) exponent: i64,
    /// In 1 .. 2.
    pub(crate) table: Double,
    /// At most 2⁻⁸, known to 2⁻⁷⁵ and, where x itself is the rest, to 2⁻⁷⁰ of itself.
    pub(crate) growth: Double,
}

impl Reduced {
    /// For |x| < 2¹¹.
    #[inline]
    pub(crate) fn new(x: Double) -> Self {
        let (steps, steps_bits) = nearest_integer(x.hi * STEPS_PER_UNIT);
        // The first product and difference are exact.
        let rest = Double::sum(x.hi - steps * STEP_FIRST, -(steps * STEP_SECOND));
        let rest = Double::ordered_sum(rest.hi, rest.lo + x.lo);

        let h = rest.hi;
        let square = Double::product(h, h);
        let cubic =
            square.hi * h * (1.0 / 6.0 + h * (1.0 / 24.0 + h * (1.0 / 120.0 + h * (1.0 / 720.0 + h * (1.0 / 5040.0)))));
        let main = Double::ordered_sum(h, 0.5 * square.hi);
        let low = main.lo + 0.5 * square.lo + (rest.lo + h * rest.lo) + cubic;
        Self {
            exponent: steps_bits.div_euclid(OCTAVE),
            table: Double::from_bits(POWER_OF_TWO[steps_bits.rem_euclid(OCTAVE) as usize]),
            growth: Double::ordered_sum(main.hi, low),
        }
    }

    /// table·growth, where table·(1 + growth) is wanted.
    #[inline]
    pub(crate) fn times_table_less_table(self) -> Double {
        let product = Double::product(self.table.hi, self.growth.hi);
        let lo = product.lo + self.table.hi * self.growth.lo + self.table.lo * self.growth.hi;
        Double { hi: product.hi, lo }
    }

    /// e^x/2^exponent, which lies in 0.99 .. 2; x itself may be wrong by `error_of_x`.
    #[inline]
    pub(crate) fn power(self, error_of_x: f64) -> Estimate {
        let grown = self.times_table_less_table();
        let main = Double::ordered_sum(self.table.hi, grown.hi);
        let value = Double { hi: main.hi, lo: main.lo + (self.table.lo + grown.lo) };
        // Twice the error of x, since e^error is a little more than 1 + error, and the result may be as large as 2.
        Estimate { value, error: 2.0 * ERROR + 4.0 * error_of_x }
    }

    /// A result near [`Self::power`] times 2^exponent, unless that leaves the normal numbers.
    #[inline]
    pub(crate) fn scaled(self, rounded: f64) -> Option<f64> {
        SAFE_EXPONENTS.contains(&self.exponent).then(|| rounded * power_of_two(self.exponent))
    }

    /// e^x, if the first phase can tell.
    #[inline]
    pub(crate) fn rounded(self, error_of_x: f64) -> Option<f64> {
        self.scaled(self.power(error_of_x).rounded()?)
    }
}
