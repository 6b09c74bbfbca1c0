//! The first phase: the angle as a multiple of π/256, whose sine and cosine are in a table, and a small rest.
use super::table::SINE;
use crate::double::{Double, Estimate, nearest_integer};
use crate::tables::sine::{STEP_FIRST, STEP_SECOND, STEP_THIRD, STEPS_PER_UNIT};

/// Steps in a quarter turn.
const QUARTER: usize = 128;
/// Bounds of the first phase's error: relative to the result, from the terms of order two and more in the rest, each
/// computed in double precision; and absolute, from the reduction.
const RELATIVE_ERROR: f64 = 1.0 / (1_u64 << 32) as f64 / (1_u64 << 33) as f64;
const ABSOLUTE_ERROR: f64 = RELATIVE_ERROR / (1_u64 << 32) as f64;

/// steps·π/256 + rest.
#[derive(Clone, Copy)]
pub(crate) struct Reduced {
    steps: usize,
    /// At most π/512, known to 2⁻⁹⁸.
    rest: Double,
    /// sin(rest) − rest.
    sine_less_rest: f64,
    /// cos(rest) − 1.
    cosine_less_one: f64,
}

impl Reduced {
    /// For |x| < 2¹⁵.
    #[inline]
    pub(crate) fn new(x: f64) -> Self {
        let (steps, steps_bits) = nearest_integer(x * STEPS_PER_UNIT);
        // The first two products and the first difference are exact.
        let rest = Double::sum(x - steps * STEP_FIRST, -(steps * STEP_SECOND));
        let rest = Double::sum(rest.hi, rest.lo - steps * STEP_THIRD);
        let h = rest.hi;
        let square = h * h;
        Self {
            steps: steps_bits as usize,
            rest,
            sine_less_rest: h * square * (-1.0 / 6.0 + square * (1.0 / 120.0 - square * (1.0 / 5040.0))),
            // The part of cos that the low half of the rest adds is −hi·lo.
            cosine_less_one: square * (-0.5 + square * (1.0 / 24.0 - square * (1.0 / 720.0))) - h * rest.lo,
        }
    }

    #[inline]
    pub(crate) fn sine(self) -> Estimate {
        self.sine_from(self.steps)
    }

    #[inline]
    pub(crate) fn cosine(self) -> Estimate {
        self.sine_from(self.steps.wrapping_add(QUARTER))
    }

    /// sin(steps·π/256 + rest)
    #[inline]
    fn sine_from(self, steps: usize) -> Estimate {
        let along = steps % QUARTER;
        let table = &*SINE;
        let (rising, falling) = (table[along], table[QUARTER - along]);
        let (sine, cosine) = if steps & QUARTER == 0 { (rising, falling) } else { (falling, rising.negated()) };

        let linear = Double::product(cosine.hi, self.rest.hi);
        let main = Double::ordered_sum(sine.hi, linear.hi);
        let small = linear.lo + sine.lo + cosine.lo * self.rest.hi + cosine.hi * self.rest.lo;
        let curved = sine.hi * self.cosine_less_one + cosine.hi * self.sine_less_rest;
        let value = Double { hi: main.hi, lo: main.lo + small + curved };
        let estimate = Estimate { value, error: main.hi.abs() * RELATIVE_ERROR + ABSOLUTE_ERROR };
        if steps & (2 * QUARTER) == 0 { estimate } else { estimate.negated() }
    }
}
