//! The product of a small matrix and a vector in OpenBLAS's order: `kernel/x86_64/dgemv_t_4.c` with the micro-kernel that it
//! has for Haswell and later processors, Zen included.
use crate::fused::{fused, quick};

/// Rows are taken by so many, and columns too.
const BLOCK: usize = 4;

/// `numpy.dot(matrix, x)` of float64s, bit for bit, for two rows or more (one is a dot product there) and 2 to 2048 columns;
/// `out` has an element a row.
///
/// Rows are taken by fours, then two, then one, and each of the three ways adds up in an order of its own.
pub fn matrix_vector<const COLUMNS: usize>(matrix: &[[f64; COLUMNS]], x: &[f64; COLUMNS], out: &mut [f64]) {
    let fours = matrix.len() / BLOCK * BLOCK;
    let (x_blocks, x_rest) = x.as_chunks::<BLOCK>();
    let x = x_blocks.as_flattened();
    for (index, (row, out)) in matrix.iter().zip(out).enumerate() {
        let (blocks, rest) = row.as_chunks::<BLOCK>();
        let row = blocks.as_flattened();
        let whole = if index < fours {
            let [a, b, c, d] = fused_sums(blocks, x_blocks);
            (a + c) + (b + d)
        } else if index < matrix.len() / 2 * 2 {
            let [even, odd] = sums(row, x, |a, x, sum| sum + a * x);
            even + odd
        } else {
            let [a, b, c, d] = sums(row, x, |a, x, sum| sum + a * x);
            (a + c) + (b + d)
        };
        *out = match (rest, x_rest) {
            ([a], [x]) => fused(*a, *x, whole),
            ([a, b], [x, y]) => whole + fused(*a, *x, b * y),
            ([a, b, c], [x, y, z]) => whole + fused(*c, *z, fused(*a, *x, b * y)),
            _ => whole,
        };
    }
}

/// Every fourth product on one sum, each time rounded once.
fn fused_sums(row: &[[f64; BLOCK]], x: &[[f64; BLOCK]]) -> [f64; BLOCK] {
    let mut sums = [0.0; BLOCK];
    let mut certain = true;
    for (index, (row, x)) in row.iter().zip(x).enumerate() {
        for lane in 0..BLOCK {
            let first = (row[lane] * x[lane], true);
            let (sum, sure) = if index == 0 { first } else { quick(row[lane], x[lane], sums[lane]) };
            (sums[lane], certain) = (sum, certain & sure);
        }
    }
    if certain { sums } else { self::sums(row.as_flattened(), x.as_flattened(), fused) }
}

/// Every so-manieth product on one sum.
fn sums<const LANES: usize>(row: &[f64], x: &[f64], add: impl Fn(f64, f64, f64) -> f64) -> [f64; LANES] {
    let mut sums = [0.0; LANES];
    for (row, x) in row.as_chunks::<LANES>().0.iter().zip(x.as_chunks::<LANES>().0) {
        sums.iter_mut().zip(row).zip(x).for_each(|((sum, a), x)| *sum = add(*a, *x, *sum));
    }
    sums
}
