//! The one order in which products are summed: everything of a network that multiplies matrices comes here.

/// The sum of the products of two slices of one length, in eight sums side by side, which processors add at once.
#[inline]
pub(crate) fn dot(a: &[f32], b: &[f32]) -> f32 {
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

/// Each of `out` is the product of `x` and its row of `rows`.
pub(crate) fn rows_times(rows: &[f32], x: &[f32], out: &mut [f32]) {
    for (out, row) in out.iter_mut().zip(rows.chunks_exact(x.len())) {
        *out = dot(row, x);
    }
}

/// A matrix of `rows` rows with its columns as rows.
pub(crate) fn transpose(from: &[f32], rows: usize, out: &mut [f32]) {
    let columns = from.len() / rows;
    for (index, out) in out.iter_mut().enumerate() {
        *out = from[index % rows * columns + index / rows];
    }
}
