//! Matrices by rows, for whatever multiplies them.
use palaestra_math::dot;

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
