//! `numpy.logaddexp`, after `npymath/npy_math_internal.h.src`: the C library's functions, in that order.
use crate::glibc::{exp, log1p};

/// ln(eˣ + eʸ) as `numpy.logaddexp` of two float64s gives it.
pub fn logaddexp(x: f64, y: f64) -> f64 {
    if x == y {
        // Infinities of one sign included.
        return x + std::f64::consts::LN_2;
    }
    let difference = x - y;
    if difference > 0.0 {
        x + log1p(exp(-difference))
    } else if difference <= 0.0 {
        y + log1p(exp(difference))
    } else {
        f64::NAN
    }
}
