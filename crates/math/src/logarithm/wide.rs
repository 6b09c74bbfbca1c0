//! The second phase: 192 bits after the point.
use super::first_phase;
use crate::double::integer_and_exponent;
use crate::exponential::wide::power_of_rest;
use crate::fixed::Fixed;
use crate::tables::wide::LN_2;

/// ln(x) for positive finite x but 1.
#[inline(never)]
pub(crate) fn ln(x: f64) -> f64 {
    let (negative, size) = sign_and_size(x);
    if negative { -size.rounded(0) } else { size.rounded(0) }
}

/// Whether ln(x) is below zero, and |ln(x)|, for positive finite x.
pub(crate) fn sign_and_size(x: f64) -> (bool, Fixed) {
    let (integer, exponent) = integer_and_exponent(x);
    let zeros = integer.leading_zeros() as i32;
    let exponent = exponent + 63 - zeros;
    let mantissa = Fixed([0, 0, integer << zeros, 0]).shifted_left(1);
    let octaves = Fixed(LN_2).times_integer(u64::from(exponent.unsigned_abs()));
    let of_mantissa = ln_of_mantissa(mantissa);
    let sum = if exponent < 0 { of_mantissa.minus(octaves) } else { of_mantissa.plus(octaves) };
    (sum.is_negative(), sum.magnitude())
}

/// ln(m) for m in 1 .. 2: a Newton step on e^y = m, of second order, makes three times as many bits of the first phase's 70.
fn ln_of_mantissa(mantissa: Fixed) -> Fixed {
    let first = first_phase(mantissa.to_f64()).value;
    let low = Fixed::from_f64(first.lo.abs());
    let estimate = Fixed::from_f64(first.hi);
    let estimate = if first.lo < 0.0 { estimate.minus(low) } else { estimate.plus(low) };
    // m·e^−y = m·e^(ln 2 − y)/2 = 1 + d, and ln(1 + d) = d − d²/2 to 2⁻¹⁹⁰.
    let quotient = mantissa.times(power_of_rest(Fixed(LN_2).minus(estimate))).shifted_right(1);
    let d = quotient.minus(Fixed::ONE);
    estimate.plus(d).minus(d.magnitude().times(d.magnitude()).shifted_right(1))
}
