//! Fixed-point numbers of 256 bits for the second phase.
use crate::double::{Double, integer_and_exponent};

/// The number of limbs, of which the last is the integer part.
const LIMBS: usize = 4;
/// The bits after the point.
pub(crate) const FRACTION_BITS: i32 = 192;
/// A result this close to the middle of two doubles, relative to itself, is taken to lie in the middle: the second phase
/// cannot tell, and only exact results (of powers) come that close.
const TIE_BITS: i32 = 118;

/// limbs · 2⁻¹⁹², least significant limb first; a difference below zero wraps around (two's complement).
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct Fixed(pub(crate) [u64; LIMBS]);

// None of it is part of its callers: it is seldom needed, and would be most of them.
impl Fixed {
    pub(crate) const ZERO: Self = Self([0; LIMBS]);
    pub(crate) const ONE: Self = Self([0, 0, 0, 1]);

    /// A finite number in 0 .. 2⁶³; bits below 2⁻¹⁹² are dropped.
    pub(crate) fn from_f64(x: f64) -> Self {
        let (integer, exponent) = integer_and_exponent(x);
        let shift = exponent + FRACTION_BITS;
        if shift >= 0 {
            Self([integer, 0, 0, 0]).shifted_left(shift)
        } else {
            Self([integer, 0, 0, 0]).shifted_right(-shift)
        }
    }

    #[inline(never)]
    pub(crate) fn plus(self, other: Self) -> Self {
        let mut carry = false;
        Self(std::array::from_fn(|i| {
            let (sum, first) = self.0[i].overflowing_add(other.0[i]);
            let (sum, second) = sum.overflowing_add(u64::from(carry));
            carry = first | second;
            sum
        }))
    }

    #[inline(never)]
    pub(crate) fn minus(self, other: Self) -> Self {
        let mut borrow = false;
        Self(std::array::from_fn(|i| {
            let (difference, first) = self.0[i].overflowing_sub(other.0[i]);
            let (difference, second) = difference.overflowing_sub(u64::from(borrow));
            borrow = first | second;
            difference
        }))
    }

    /// The product, cut off after 192 bits; it has to be below 2⁶⁴.
    #[inline(never)]
    pub(crate) fn times(self, other: Self) -> Self {
        let mut product = [0_u64; 2 * LIMBS];
        for (i, left) in self.0.iter().enumerate() {
            let mut carry = 0;
            for (j, right) in other.0.iter().enumerate() {
                // At most (2⁶⁴ − 1)² + 2·(2⁶⁴ − 1) = 2¹²⁸ − 1.
                let sum = u128::from(*left) * u128::from(*right) + u128::from(product[i + j]) + u128::from(carry);
                product[i + j] = sum as u64;
                carry = (sum >> 64) as u64;
            }
            product[i + LIMBS] = carry;
        }
        Self(std::array::from_fn(|i| product[i + LIMBS - 1]))
    }

    pub(crate) fn times_integer(self, factor: u64) -> Self {
        let mut carry = 0;
        Self(self.0.map(|limb| {
            let sum = u128::from(limb) * u128::from(factor) + carry;
            carry = sum >> 64;
            sum as u64
        }))
    }

    /// self / divisor, cut off after 192 bits.
    #[inline(never)]
    pub(crate) fn divided_by_integer(self, divisor: u32) -> Self {
        let divisor = u64::from(divisor);
        let mut quotient = self;
        let mut rest = 0;
        for limb in quotient.0.iter_mut().rev() {
            // By halves, so that no division is of more than 64 bits.
            let high = (rest << 32) | (*limb >> 32);
            let low = ((high % divisor) << 32) | (*limb & 0xffff_ffff);
            rest = low % divisor;
            *limb = ((high / divisor) << 32) | (low / divisor);
        }
        quotient
    }

    /// self / divisor for self < divisor < 2⁶³, cut off after 192 bits.
    #[inline(never)]
    pub(crate) fn divided_by(self, divisor: Self) -> Self {
        let mut rest = self;
        let mut quotient = Self::ZERO;
        for _ in 0..FRACTION_BITS {
            rest = rest.shifted_left(1);
            quotient = quotient.shifted_left(1);
            if !rest.is_below(divisor) {
                rest = rest.minus(divisor);
                quotient.0[0] |= 1;
            }
        }
        quotient
    }

    #[inline(never)]
    pub(crate) fn shifted_left(self, bits: i32) -> Self {
        let (limbs, bits) = (bits as usize / 64, bits as u32 % 64);
        let limb = |i: usize| i.checked_sub(limbs).map_or(0, |i| self.0[i]);
        // What comes from the next limb is shifted twice, so that by 0 bits nothing comes.
        Self(std::array::from_fn(|i| limb(i) << bits | i.checked_sub(1).map_or(0, limb) >> 1 >> (63 - bits)))
    }

    #[inline(never)]
    pub(crate) fn shifted_right(self, bits: i32) -> Self {
        let (limbs, bits) = (bits as usize / 64, bits as u32 % 64);
        let limb = |i: usize| self.0.get(i + limbs).copied().unwrap_or(0);
        Self(std::array::from_fn(|i| limb(i) >> bits | limb(i + 1) << 1 << (63 - bits)))
    }

    pub(crate) fn is_below(self, other: Self) -> bool {
        self.0.iter().rev().lt(other.0.iter().rev())
    }

    /// Whether a difference came out below zero.
    pub(crate) fn is_negative(self) -> bool {
        self.0[LIMBS - 1] >> 63 == 1
    }

    pub(crate) fn magnitude(self) -> Self {
        if self.is_negative() { Self::ZERO.minus(self) } else { self }
    }

    /// The nearest double, or next to it.
    pub(crate) fn to_f64(self) -> f64 {
        const LIMB: f64 = 1.0 / (u64::MAX as f64);
        self.0.iter().fold(0.0, |sum, limb| sum * LIMB + *limb as f64)
    }

    /// The nearest double, and the one nearest to what it leaves.
    #[inline(never)]
    pub(crate) fn pair(self) -> Double {
        let hi = self.rounded(0);
        Double { hi, lo: self.minus(Self::from_f64(hi)).signed() }
    }

    /// The nearest double of a difference, which may be below zero.
    pub(crate) fn signed(self) -> f64 {
        let size = self.magnitude().rounded(0);
        if self.is_negative() { -size } else { size }
    }

    /// The position of the highest bit that is set, −1 if none is.
    fn highest_bit(self) -> i32 {
        let full = self.0.iter().rposition(|limb| *limb != 0);
        full.map_or(-1, |i| 64 * i as i32 + 63 - self.0[i].leading_zeros() as i32)
    }

    /// self·2^exponent rounded to the nearest double, ties to even; infinity beyond the largest.
    #[inline(never)]
    pub(crate) fn rounded(self, exponent: i32) -> f64 {
        let top = self.highest_bit();
        let exponent = top - FRACTION_BITS + exponent;
        // Below 2⁻¹⁰²² every halving costs a digit.
        let digits = 53 - (-1022 - exponent).max(0);
        if top < 0 || digits < 0 {
            return 0.0;
        }
        if exponent > 1023 {
            return f64::INFINITY;
        }
        let cut = top + 1 - digits;
        let kept = self.shifted_right(cut);
        let half = Self([1, 0, 0, 0]).shifted_left(cut - 1);
        let beyond_half = self.minus(kept.shifted_left(cut)).minus(half);
        let tie = beyond_half.magnitude().highest_bit() < top - TIE_BITS;
        let integer = kept.0[0];
        let up = if tie { integer & 1 == 1 } else { !beyond_half.is_negative() };
        // The highest digit of a normal number adds one to the exponent field, a carry from rounding one more.
        let exponent_field = (exponent + 1022).max(0) as u64;
        f64::from_bits((exponent_field << 52) + integer + u64::from(up))
    }
}

#[cfg(test)]
mod tests {
    use super::Fixed;
    use crate::phases::{magnitudes, spread};

    #[test]
    fn doubles_go_in_and_come_out_unchanged() {
        for x in magnitudes(-100.0, 60.0, 5_000).map(f64::abs) {
            assert_eq!(Fixed::from_f64(x).rounded(0), x);
            assert_eq!(Fixed::from_f64(x).to_f64(), x);
        }
    }

    #[test]
    fn rounding_goes_to_the_nearer_double_and_from_the_middle_to_the_even_one() {
        let unit = Fixed::from_f64(f64::EPSILON);
        let half = unit.shifted_right(1);
        let little = Fixed::from_f64(1e-30);
        for (steps, even) in [(0, true), (1, false), (2, true), (3, false)] {
            let below = Fixed::ONE.plus(unit.times_integer(steps));
            let (low, high) = (below.rounded(0), below.plus(unit).rounded(0));
            assert_eq!(high - low, f64::EPSILON);
            assert_eq!(below.plus(half).rounded(0), if even { low } else { high });
            assert_eq!(below.plus(half).plus(little).rounded(0), high);
            assert_eq!(below.plus(half).minus(little).rounded(0), low);
        }
    }

    #[test]
    fn rounding_meets_both_ends_of_the_doubles() {
        let nearly_two = Fixed::from_f64(2.0 - f64::EPSILON);
        assert_eq!(nearly_two.rounded(1023), f64::MAX);
        let half_a_unit_more = nearly_two.plus(Fixed::from_f64(f64::EPSILON / 2.0));
        assert_eq!(half_a_unit_more.rounded(1023), f64::INFINITY);
        assert_eq!(Fixed::ONE.rounded(1024), f64::INFINITY);
        assert_eq!(Fixed::ONE.rounded(-1022), f64::MIN_POSITIVE);
        assert_eq!(Fixed::ONE.rounded(-1074), 5e-324);
        assert_eq!(Fixed::ONE.rounded(-1075), 0.0);
        assert_eq!(Fixed::from_f64(1.1).rounded(-1075), 5e-324);
        assert_eq!(Fixed::from_f64(1.5).rounded(-1074), 1e-323);
        assert_eq!(Fixed::from_f64(1.9).rounded(-1076), 0.0);
        assert_eq!(nearly_two.rounded(-1023), f64::MIN_POSITIVE);
        assert_eq!(Fixed::ZERO.rounded(0), 0.0);
    }

    #[test]
    fn a_quotient_times_its_divisor_is_the_dividend() {
        for (a, b) in spread(0.01, 1.0, 300).zip(spread(1.0, 1000.0, 300)) {
            let (a, b) = (Fixed::from_f64(a), Fixed::from_f64(b));
            let off = a.minus(a.divided_by(b).times(b));
            assert!(off.is_below(Fixed([2000, 0, 0, 0])), "off by {:?}", off.0);
        }
    }

    #[test]
    fn products_of_short_numbers_are_exact() {
        for (a, b) in spread(0.0, 1000.0, 1_000).zip(spread(0.0, 1.0, 2_000).skip(1_000)) {
            let (a, b) = ((a * 65536.0).floor() / 65536.0, (b * 65536.0).floor() / 65536.0);
            assert!(Fixed::from_f64(a).times(Fixed::from_f64(b)) == Fixed::from_f64(a * b));
        }
    }

    #[test]
    fn shifting_there_and_back_changes_nothing() {
        let number = Fixed([0x0123_4567_89ab_cdef, 0xfedc_ba98_7654_3210, 0, 0]);
        for bits in 0..=128 {
            assert!(number.shifted_left(bits).shifted_right(bits) == number, "{bits}");
        }
    }
}
