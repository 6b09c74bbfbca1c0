//! NumPy's own float64 hyperbolic tangent: one polynomial of degree 16 for each of 15 pieces, and 1 beyond.
use crate::fused::{fused, quick};
use crate::tables::numpy_tanh::{DEGREE, TANH};

/// The bits above the lower half of an octave: a piece is half an octave long.
const HALF_OCTAVE: u32 = 51;
/// The number of half octaves below the second piece.
const BEFORE_SECOND: u64 = (0.1875_f64.to_bits() >> HALF_OCTAVE) - 1;
/// Within the last piece, where all is 1 already.
const LARGE: f64 = 23.9;

/// `numpy.tanh` of a float64, bit for bit.
pub fn tanh(x: f64) -> f64 {
    let (middle, coefficients) = piece(x.abs());
    let y = x.abs().min(LARGE) - middle;
    let from_the_last = coefficients.iter().rev().copied();
    signed(from_the_last.reduce(|sum, coefficient| fused(sum, y, coefficient)).unwrap_or(0.0), x)
}

/// [`tanh`] of several numbers side by side, in a fraction of the time: each step of a polynomial waits for the one before.
pub fn tanh_all<const N: usize>(xs: [f64; N]) -> [f64; N] {
    let pieces = xs.map(|x| piece(x.abs()));
    let ys: [f64; N] = std::array::from_fn(|lane| xs[lane].abs().min(LARGE) - pieces[lane].0);
    let coefficient = |lane: usize, degree: usize| pieces[lane].1[degree];
    let mut sums: [f64; N] = std::array::from_fn(|lane| coefficient(lane, DEGREE));
    let mut certain = [true; N];
    for degree in (0..DEGREE).rev() {
        for lane in 0..N {
            let (sum, sure) = quick(sums[lane], ys[lane], coefficient(lane, degree));
            (sums[lane], certain[lane]) = (sum, certain[lane] & sure);
        }
    }
    std::array::from_fn(|lane| if certain[lane] { signed(sums[lane], xs[lane]) } else { tanh(xs[lane]) })
}

fn piece(size: f64) -> (f64, &'static [f64; DEGREE + 1]) {
    let index = (size.to_bits() >> HALF_OCTAVE).saturating_sub(BEFORE_SECOND) as usize;
    let piece = &TANH[index.min(TANH.len() - 1)];
    (piece.middle, &piece.coefficients)
}

fn signed(result: f64, x: f64) -> f64 {
    if x.is_nan() { f64::NAN } else { result.copysign(x) }
}
