//! The second phase: 192 bits after the point.
use crate::fixed::Fixed;
use crate::series::INVERSE_FACTORIAL;
use crate::tables::wide::LN_2;

/// e^x for 2⁻⁵⁴ ≤ |x| < 2¹⁰.
#[inline(never)]
pub(crate) fn exp(x: f64) -> f64 {
    let (power, exponent) = power(x < 0.0, Fixed::from_f64(x.abs()));
    power.rounded(exponent)
}

/// tanh(x) for 2⁻²⁷ ≤ x < 2⁵.
#[inline(never)]
pub(crate) fn tanh(x: f64) -> f64 {
    wide_tanh(x).rounded(0)
}

pub(super) fn wide_tanh(x: f64) -> Fixed {
    let (power, exponent) = power(true, Fixed::from_f64(2.0 * x));
    let falling = power.shifted_right(-exponent);
    Fixed::ONE.minus(falling).divided_by(Fixed::ONE.plus(falling))
}

/// e^±size as a number in 1 ..= 2 and an exponent of two, for sizes below 2¹¹.
pub(crate) fn power(negative: bool, size: Fixed) -> (Fixed, i32) {
    let ln_2 = Fixed(LN_2);
    let estimate = (size.to_f64() * std::f64::consts::LOG2_E) as u64;
    let mut octaves = estimate as i32;
    let mut rest = size.minus(ln_2.times_integer(estimate));
    if rest.is_negative() {
        rest = rest.plus(ln_2);
        octaves -= 1;
    }
    if !rest.is_below(ln_2) {
        rest = rest.minus(ln_2);
        octaves += 1;
    }
    if negative { (power_of_rest(ln_2.minus(rest)), -octaves - 1) } else { (power_of_rest(rest), octaves) }
}

/// e^rest for rest in 0 ..= ln 2.
pub(crate) fn power_of_rest(rest: Fixed) -> Fixed {
    INVERSE_FACTORIAL.iter().rfold(Fixed::ZERO, |sum, coefficient| sum.times(rest).plus(*coefficient))
}
