//! Sums of products in single precision, in one order: whatever multiplies matrices of a network comes here.

/// The sum of the products of two slices of one length, in eight sums side by side, which processors add at once.
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = sums(a, b);
    for ((sum, a), b) in sums.iter_mut().zip(a_rest).zip(b_rest) {
        *sum += a * b;
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (b + f)) + ((c + g) + (d + h))
}

#[cfg(not(target_family = "wasm"))]
fn sums(a: &[[f32; 8]], b: &[[f32; 8]]) -> [f32; 8] {
    let mut sums = [0.0_f32; 8];
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    sums
}

/// The same bits, four sums in a register of the browser's.
#[cfg(target_family = "wasm")]
#[target_feature(enable = "simd128")]
fn sums(a: &[[f32; 8]], b: &[[f32; 8]]) -> [f32; 8] {
    use core::arch::wasm32::{f32x4, f32x4_add, f32x4_extract_lane as lane, f32x4_mul, f32x4_splat};
    let (mut low, mut high) = (f32x4_splat(0.0), f32x4_splat(0.0));
    for ([a, b, c, d, e, f, g, h], other) in a.iter().zip(b) {
        let [p, q, r, s, t, u, v, w] = other;
        low = f32x4_add(low, f32x4_mul(f32x4(*a, *b, *c, *d), f32x4(*p, *q, *r, *s)));
        high = f32x4_add(high, f32x4_mul(f32x4(*e, *f, *g, *h), f32x4(*t, *u, *v, *w)));
    }
    let [a, b, c, d] = [lane::<0>(low), lane::<1>(low), lane::<2>(low), lane::<3>(low)];
    [a, b, c, d, lane::<0>(high), lane::<1>(high), lane::<2>(high), lane::<3>(high)]
}
