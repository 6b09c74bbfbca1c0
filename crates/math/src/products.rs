//! Sums of products in single precision, in one order: whatever multiplies matrices of a network comes here.

/// The sum of the products of two slices of one length, in eight sums side by side, which processors add at once.
// A browser's as well: each sum stands in its own lane, so the bits are the same. And one number at a time Firefox takes a hundred times
// as long on some processors (Intel's since Ice Lake), where it loads with AVX and adds with SSE.
#[cfg_attr(target_family = "wasm", target_feature(enable = "simd128"))]
pub fn dot(a: &[f32], b: &[f32]) -> f32 {
    let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<8>(), b.as_chunks::<8>());
    let mut sums = [0.0_f32; 8];
    for (a, b) in a.iter().zip(b) {
        for ((sum, a), b) in sums.iter_mut().zip(a).zip(b) {
            *sum += a * b;
        }
    }
    for ((sum, a), b) in sums.iter_mut().zip(a_rest).zip(b_rest) {
        *sum += a * b;
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (b + f)) + ((c + g) + (d + h))
}
