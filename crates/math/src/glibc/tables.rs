//! The library's tables, made when they are first needed: as numbers they were a twentieth of a participant's download, of which
//! nothing compresses. They are made of 192 bits, and are the same as those of `make_tables.py` to the last of theirs.
use std::sync::LazyLock;

use crate::exponential::wide::power_of_rest;
use crate::fixed::Fixed;
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
pub(super) static POWER_OF_TWO: LazyLock<[[f64; 2]; 128]> = LazyLock::new(|| {
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
});

#[cfg(test)]
mod tests {
    use crate::tables::{glibc_power, glibc_sine};

    #[test]
    fn the_tables_are_those_of_a_thousand_digits() {
        for (k, (made, expected)) in super::SINE_COSINE.iter().zip(&glibc_sine::SINE_COSINE).enumerate() {
            assert_eq!(made.map(f64::to_bits), *expected, "{k}");
        }
        for (k, (made, expected)) in super::POWER_OF_TWO.iter().zip(&glibc_power::POWER_OF_TWO).enumerate() {
            assert_eq!(made.map(f64::to_bits), *expected, "{k}");
        }
    }
}
