//! The coefficients of the second phase's series, made when they are first needed: as numbers they would be a part of each participant's
//! download that hardly compresses.
use std::sync::LazyLock;

use crate::fixed::Fixed;

/// Bits more than a [`Fixed`] has after its point, for numbers up to 1: they are rounded at the end.
const GUARD_BITS: i32 = 63;

/// 1/n!, rounded.
pub(crate) static INVERSE_FACTORIAL: LazyLock<[Fixed; 47]> = LazyLock::new(|| {
    let half = Fixed([1, 0, 0, 0]).shifted_left(GUARD_BITS - 1);
    let mut here = Fixed::ONE.shifted_left(GUARD_BITS);
    std::array::from_fn(|n| {
        // What is cut off at each division is what would be cut off at one by the product of all.
        here = here.divided_by_integer(n.max(1) as u32);
        here.plus(half).shifted_right(GUARD_BITS)
    })
});

#[cfg(test)]
mod tests {
    use crate::tables::wide;

    #[test]
    fn the_coefficients_are_those_of_a_thousand_digits() {
        for (n, (made, expected)) in super::INVERSE_FACTORIAL.iter().zip(&wide::INVERSE_FACTORIAL).enumerate() {
            assert_eq!(made.0, *expected, "{n}");
        }
    }
}
