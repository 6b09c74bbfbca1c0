//! Fused multiply-add without the instruction, which WebAssembly lacks: for the functions that repeat another library's.
use crate::double::Double;

/// a·b + c rounded once, while nothing comes near underflow or overflow.
#[inline]
pub(crate) fn fused(a: f64, b: f64, c: f64) -> f64 {
    let (result, certain) = quick(a, b, c);
    if certain { result } else { careful(a, b, c) }
}

/// a·b + c, and whether it is certain that it is rounded as if once; without a branch, for many at a time.
#[inline(always)]
pub(crate) fn quick(a: f64, b: f64, c: f64) -> (f64, bool) {
    /// Sign, exponent and more digits than quarters of a unit can have.
    const LOWER_HALF: u64 = u32::MAX as u64;
    let product = Double::product(a, b);
    let sum = Double::sum(product.hi, c);
    // Rounding the rest can mislead the rounding of the whole only by hitting the middle of two doubles, which is a few
    // quarters of a unit in the last place of `sum.hi` away: a number of few digits. (Where `sum.hi` has lost its leading
    // digits to `c`, `sum.lo` is 0 and the rest is exact, as it is where `product.lo` is 0.)
    let rest = sum.lo + product.lo;
    (sum.hi + rest, (rest.to_bits() & LOWER_HALF != 0) | (product.lo == 0.0))
}

/// As [`fused`], for the few that are uncertain (S. Boldo and G. Melquiond, 2008).
#[cold]
fn careful(a: f64, b: f64, c: f64) -> f64 {
    let product = Double::product(a, b);
    let low = Double::sum(c, product.lo);
    let high = Double::sum(product.hi, low.hi);
    high.hi + sum_to_odd(low.lo, high.lo)
}

/// a·b + c rounded once.
#[inline]
pub(crate) fn fused_f32(a: f32, b: f32, c: f32) -> f32 {
    // A double holds the product exactly.
    sum_to_odd(f64::from(a) * f64::from(b), f64::from(c)) as f32
}

/// a + b with a last digit that is odd where digits are lost, so that rounding again goes the right way.
#[inline]
fn sum_to_odd(a: f64, b: f64) -> f64 {
    let Double { hi, lo } = Double::sum(a, b);
    let bits = hi.to_bits();
    if lo == 0.0 || bits & 1 == 1 {
        return hi;
    }
    f64::from_bits(if (lo > 0.0) == (hi > 0.0) { bits + 1 } else { bits - 1 })
}

#[cfg(test)]
mod tests {
    use super::{fused, fused_f32};
    use crate::phases::{magnitudes, spread};

    /// The standard library's is exact by definition, if slow.
    #[test]
    #[allow(clippy::disallowed_methods, reason = "what this one is compared with")]
    fn it_rounds_once_as_the_instruction_does() {
        for ((a, b), c) in
            magnitudes(-30.0, 30.0, 5_000).zip(spread(-2.0, 2.0, 5_000)).zip(magnitudes(-40.0, 40.0, 5_000))
        {
            for c in [c, -a * b, -a * b * (1.0 + f64::EPSILON), 0.0] {
                assert_eq!(fused(a, b, c), a.mul_add(b, c), "{a} {b} {c}");
                let (a, b, c) = (a as f32, b as f32, c as f32);
                assert_eq!(fused_f32(a, b, c), a.mul_add(b, c), "{a} {b} {c}");
                assert_eq!(fused_f32(a, b, -a * b), a.mul_add(b, -a * b), "{a} {b}");
            }
        }
    }
}
