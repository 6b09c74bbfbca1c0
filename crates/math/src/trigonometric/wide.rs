//! The second phase, and the first for large angles: 192 bits after the point.
use crate::double::integer_and_exponent;
use crate::fixed::Fixed;
use crate::series::INVERSE_FACTORIAL;
use crate::tables::wide::{HALF_PI, TWO_OVER_PI};

/// The zero bits that `TWO_OVER_PI` begins with.
const PADDING: i32 = 128;
/// 320 bits hold an angle's two bits of quadrant, 53 of the argument's own digits, up to 62 that cancel, and 192 more.
const WINDOW: usize = 5;

/// sin(x) for x ≥ 2⁻²⁶; NaN for ∞ and NaN.
pub(super) fn sine(x: f64) -> f64 {
    sine_after(x, 0)
}

/// cos(x) for x ≥ 2⁻²⁷; NaN for ∞ and NaN.
pub(super) fn cosine(x: f64) -> f64 {
    sine_after(x, 1)
}

/// The sine of x and some quarter turns more.
#[inline(never)]
fn sine_after(x: f64, quarters: u64) -> f64 {
    if !x.is_finite() {
        return f64::NAN;
    }
    let (negative, size) = sign_and_size(x, quarters);
    if negative { -size.rounded(0) } else { size.rounded(0) }
}

/// Whether the sine of finite x ≥ 2⁻²⁷ and some quarter turns is below zero, and its size.
pub(crate) fn sign_and_size(x: f64, quarters: u64) -> (bool, Fixed) {
    let angle = Angle::reduced(x);
    let quadrant = angle.quadrant.wrapping_add(quarters);
    let odd = quadrant & 1 == 1;
    // A rest below zero only changes the sign of a sine.
    let negative = (quadrant & 2 != 0) ^ (!odd && angle.rest_is_negative);
    (negative, if odd { angle.cosine_of_rest() } else { angle.sine_of_rest() })
}

/// The sine and cosine of a quarter turn that is halved so many times, once at least.
pub(super) fn of_part(halvings: i32) -> (Fixed, Fixed) {
    let rest = Fixed(HALF_PI).shifted_right(halvings);
    let angle = Angle { quadrant: 0, rest_is_negative: false, rest };
    (angle.sine_of_rest(), angle.cosine_of_rest())
}

/// quadrant·π/2 ± rest.
struct Angle {
    quadrant: u64,
    rest_is_negative: bool,
    /// In 0 ..= π/4.
    rest: Fixed,
}

impl Angle {
    /// Multiplies by just those bits of 2/π that neither give whole turns nor lie below the precision (Payne and Hanek, 1983).
    fn reduced(x: f64) -> Self {
        let (integer, exponent) = integer_and_exponent(x);
        let start = (PADDING + exponent - 2).max(0) as usize;
        let mut turns = [0_u64; WINDOW];
        let mut carry = 0;
        for (i, limb) in turns.iter_mut().enumerate().rev() {
            let product = u128::from(two_over_pi_bits(start + 64 * i)) * u128::from(integer) + carry;
            *limb = product as u64;
            carry = product >> 64;
        }
        // Now turns, most significant limb first, is the fraction of x/2π: two bits of quadrant, then a part of a quarter.
        let quadrant = turns[0] >> 62;
        let [first, second, third] = [0, 1, 2].map(|i| turns[i] << 2 | turns[i + 1] >> 62);
        let part = Fixed([third, second, first, 0]);
        let rest_is_negative = first >> 63 == 1;
        let part = if rest_is_negative { Fixed::ONE.minus(part) } else { part };
        Self { quadrant: quadrant + u64::from(rest_is_negative), rest_is_negative, rest: part.times(Fixed(HALF_PI)) }
    }

    fn sine_of_rest(&self) -> Fixed {
        self.rest.times(self.alternating_series(1))
    }

    fn cosine_of_rest(&self) -> Fixed {
        self.alternating_series(0)
    }

    /// Σ (−1)ⁱ rest²ⁱ/(first + 2i)!; every partial sum from the far end is positive.
    fn alternating_series(&self, first: usize) -> Fixed {
        let square = self.rest.times(self.rest);
        let coefficients = INVERSE_FACTORIAL.iter().skip(first).step_by(2);
        coefficients.rfold(Fixed::ZERO, |sum, coefficient| coefficient.minus(sum.times(square)))
    }
}

/// 64 bits of 2/π and the padding before it, from bit `start` on.
fn two_over_pi_bits(start: usize) -> u64 {
    let limb = |i: usize| TWO_OVER_PI.get(i).copied().unwrap_or(0);
    let (index, offset) = (start / 64, start as u32 % 64);
    // In two shifts, so that an offset of 0 shifts the second limb out.
    limb(index) << offset | limb(index + 1) >> 1 >> (63 - offset)
}
