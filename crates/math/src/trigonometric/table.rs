//! The first phase's table. It is made when it is first needed: as numbers it would be a part of each participant's download that does not
//! compress.
use std::sync::LazyLock;

use super::wide::of_part;
use crate::double::Double;
use crate::fixed::Fixed;

/// sin(jπ/256) for j = 0 ..= 128.
pub(super) static SINE: LazyLock<[Double; 129]> = LazyLock::new(|| {
    let (sine, cosine) = of_part(7);
    let mut table = [Fixed::ZERO.pair(); 129];
    let mut here = (Fixed::ZERO, Fixed::ONE);
    // An eighth of a turn, and its mirror: so the end of the quarter is exactly 1.
    for j in 0..=64 {
        let (along, across) = here;
        (table[j], table[128 - j]) = (along.pair(), across.pair());
        here = (along.times(cosine).plus(across.times(sine)), across.times(cosine).minus(along.times(sine)));
    }
    table
});

#[cfg(test)]
mod tests {
    use crate::tables::sine;

    #[test]
    fn the_table_is_that_of_a_thousand_digits() {
        for (j, (made, expected)) in super::SINE.iter().zip(&sine::SINE).enumerate() {
            assert_eq!([made.hi, made.lo].map(f64::to_bits), *expected, "{j}");
        }
    }
}
