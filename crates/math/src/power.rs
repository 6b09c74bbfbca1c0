//! Powers.
use crate::double::{Double, Estimate};
use crate::exponential;
use crate::fixed::Fixed;
use crate::logarithm;

/// Beyond this a logarithm has no finite power but 0.
const BEYOND: f64 = 760.0;
/// A power of a logarithm below 2⁻⁵⁴ rounds to 1.
const ONE_BELOW: f64 = 1.0 / (1_u64 << 54) as f64;

/// x^y with the special cases of C99's `pow`: 1 for y = 0 and for x = 1, whatever the other is; NaN for a negative x and a y
/// that is no integer.
///
/// `pow(x, 2.0)` is x·x, which is its correctly rounded value.
pub fn pow(x: f64, y: f64) -> f64 {
    if y == 2.0 && !x.is_nan() { x * x } else { with_special_cases(x, y, positive_power) }
}

/// x^y, where `positive_power` is asked for positive finite x but 1 and finite y but 0.
#[inline]
pub(crate) fn with_special_cases(x: f64, y: f64, positive_power: impl Fn(f64, f64) -> f64) -> f64 {
    if y == 0.0 || x == 1.0 {
        return 1.0;
    }
    if x.is_nan() || y.is_nan() {
        return f64::NAN;
    }
    let parity = Parity::of(y);
    let size = x.abs();
    if x < 0.0 && size.is_finite() && parity == Parity::Fraction {
        return f64::NAN;
    }
    let result = if size == 1.0 {
        1.0
    } else if size == 0.0 || size.is_infinite() || y.is_infinite() {
        if (size > 1.0) == (y > 0.0) { f64::INFINITY } else { 0.0 }
    } else {
        positive_power(size, y)
    };
    if x.is_sign_negative() && parity == Parity::Odd { -result } else { result }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Parity {
    Even,
    Odd,
    Fraction,
}

impl Parity {
    fn of(y: f64) -> Self {
        const ALL_EVEN_FROM: f64 = (1_u64 << 53) as f64;
        if y.abs() >= ALL_EVEN_FROM {
            return Self::Even;
        }
        let integer = y as i64;
        match (integer as f64 == y, integer & 1 == 0) {
            (false, _) => Self::Fraction,
            (true, true) => Self::Even,
            (true, false) => Self::Odd,
        }
    }
}

/// What is known at first of a power.
pub(crate) enum First {
    /// Too large, too small or too near 1 to be anything but this.
    Certain(f64),
    /// The estimate has to be rounded and scaled.
    Estimated(exponential::Reduced, Estimate),
}

/// For positive finite x but 1 and finite y but 0.
#[inline]
pub(crate) fn first_phase(x: f64, y: f64) -> First {
    let Estimate { value: ln, error } = logarithm::first_phase(x);
    let product = ln.hi * y;
    if product.abs() > BEYOND {
        return First::Certain(if product > 0.0 { f64::INFINITY } else { 0.0 });
    }
    if product.abs() < ONE_BELOW {
        return First::Certain(1.0);
    }
    let product = Double::product(ln.hi, y);
    let reduced = exponential::Reduced::new(Double::ordered_sum(product.hi, product.lo + ln.lo * y));
    First::Estimated(reduced, reduced.power(y.abs() * error))
}

pub(crate) fn positive_power(x: f64, y: f64) -> f64 {
    match first_phase(x, y) {
        First::Certain(result) => result,
        First::Estimated(reduced, estimate) => {
            estimate.rounded().and_then(|rounded| reduced.scaled(rounded)).unwrap_or_else(|| second_phase(x, y))
        }
    }
}

#[inline(never)]
fn second_phase(x: f64, y: f64) -> f64 {
    let (below_zero, ln) = logarithm::wide::sign_and_size(x);
    // y has no digits below 2⁻¹⁹² and none from 2⁶³ up, since its product with a logarithm lies between 2⁻⁵⁴ and 760.
    let (power, exponent) = exponential::wide::power(below_zero != (y < 0.0), ln.times(Fixed::from_f64(y.abs())));
    power.rounded(exponent)
}
