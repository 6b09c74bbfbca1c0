//! The library's tables, made when they are first needed: as numbers they were a twentieth of a participant's download, of which
//! nothing compresses. They are made of 192 bits, and are the same as those of `make_tables.py` to the last of theirs.
use std::sync::{LazyLock, OnceLock};

use crate::exponential::wide::power_of_rest;
use crate::fixed::{FRACTION_BITS, Fixed};
use crate::tables::glibc_power::RECIPROCAL_START;
use crate::tables::wide::LN_2;
use crate::trigonometric::wide::sign_and_size;

/// sin(k/128) and cos(k/128), each as a double and the double nearest to what it leaves.
pub(super) static SINE_COSINE: LazyLock<[[f64; 4]; 110]> = LazyLock::new(|| {
    let [(_, sine), (_, cosine)] = [0, 1].map(|quarters| sign_and_size(1.0 / 128.0, quarters));
    let mut here = (Fixed::ZERO, Fixed::ONE);
    std::array::from_fn(|_| {
        let (along, across) = here;
        here = (along.times(cosine).plus(across.times(sine)), across.times(cosine).minus(along.times(sine)));
        let (along, across) = (along.pair(), across.pair());
        [along.hi, along.lo, across.hi, across.lo]
    })
});

/// 2^(k/128): what the second number lacks, relative to it, and the nearest double.
pub(super) fn powers_of_two() -> &'static [[f64; 2]; 128] {
    // No LazyLock: it points to what makes it, which would keep that in a module whose part alone needs it.
    static TABLE: OnceLock<[[f64; 2]; 128]> = OnceLock::new();
    TABLE.get_or_init(make_powers_of_two)
}

#[inline(never)]
fn make_powers_of_two() -> [[f64; 2]; 128] {
    let step = power_of_rest(Fixed(LN_2).shifted_right(7));
    let mut here = Fixed::ONE;
    std::array::from_fn(|_| {
        let power = here;
        here = power.times(step);
        let nearest = Fixed::from_f64(power.rounded(0));
        let rest = power.minus(nearest);
        let lacking = rest.magnitude().divided_by(nearest).rounded(0);
        [if rest.is_negative() { -lacking } else { lacking }, nearest.rounded(0)]
    })
}

/// The bits after the point of the first part of a logarithm.
const FIRST_BITS: i32 = 43;

/// r near the reciprocal of an interval's middle, in steps of 1/128 above 1 and of 1/256 below; −ln r in two parts.
pub(super) fn reciprocals() -> &'static [[f64; 3]; 128] {
    static TABLE: OnceLock<[[f64; 3]; 128]> = OnceLock::new();
    TABLE.get_or_init(make_reciprocals)
}

#[inline(never)]
fn make_reciprocals() -> [[f64; 3]; 128] {
    let edge = |row: usize| f64::from_bits(RECIPROCAL_START + ((row as u64) << 45));
    std::array::from_fn(|row| {
        let middle = 0.5 * (edge(row) + edge(row + 1));
        let steps = if middle < 1.0 { 128.0 } else { 256.0 };
        let reciprocal = (steps / middle + 0.5).floor() / steps;
        let size = size_of_logarithm(reciprocal);
        let half = Fixed([1, 0, 0, 0]).shifted_left(FRACTION_BITS - FIRST_BITS - 1);
        let first = size.plus(half).shifted_right(FRACTION_BITS - FIRST_BITS).shifted_left(FRACTION_BITS - FIRST_BITS);
        let rest = size.minus(first);
        let (first, rest) = (first.rounded(0), rest.signed());
        if reciprocal <= 1.0 { [reciprocal, first, rest] } else { [reciprocal, -first, -rest] }
    })
}

/// |ln x| for x between √½ and √2: twice the inverse hyperbolic tangent of (x − 1)/(x + 1), by its series.
fn size_of_logarithm(x: f64) -> Fixed {
    let z = Fixed::from_f64((x - 1.0).abs()).divided_by(Fixed::from_f64(x + 1.0));
    let square = z.times(z);
    let mut power = z.shifted_left(1);
    // The square is at most 2⁻⁵: 192 bits take 39 terms.
    (0..40).fold(Fixed::ZERO, |sum, i| {
        let term = power.divided_by_integer(2 * i + 1);
        power = power.times(square);
        sum.plus(term)
    })
}

#[cfg(test)]
mod tests {
    use crate::tables::{glibc_power, glibc_sine};

    #[test]
    fn the_tables_are_those_of_a_thousand_digits() {
        for (k, (made, expected)) in super::SINE_COSINE.iter().zip(&glibc_sine::SINE_COSINE).enumerate() {
            assert_eq!(made.map(f64::to_bits), *expected, "{k}");
        }
        for (k, (made, expected)) in super::powers_of_two().iter().zip(&glibc_power::POWER_OF_TWO).enumerate() {
            assert_eq!(made.map(f64::to_bits), *expected, "{k}");
        }
        for (k, (made, expected)) in super::reciprocals().iter().zip(&glibc_power::RECIPROCAL).enumerate() {
            assert_eq!(made.map(f64::to_bits), *expected, "{k}");
        }
    }
}
