//! Elementary functions, one implementation for every build: the native one and every browser's agree in every bit.
//!
//! A host's own `sin` or `exp` depends on the machine and its C library; feedback in a simulation makes that visible within
//! a few hundred steps. Here only `+ - * /`, the square root and bit operations are used, which IEEE 754 and WebAssembly
//! define exactly, and never a fused multiply-add.
//!
//! Every function is computed in two phases (A. Ziv, 1991). The first has some 66 correct bits and knows a bound of its own
//! error; when both ends of its interval round to the same number, which fails in one of some thousand inputs, that is the
//! answer. Else the second phase decides with about 180 bits. The results are thus correctly rounded (to nearest, ties to
//! even) but for inputs whose exact result lies closer than 2⁻¹¹⁸ of itself to the middle between two doubles; no such input
//! is known.
//!
//! An environment of one's own takes these functions. One that repeats a Python reference bit for bit takes those of
//! [`glibc`] and [`numpy`], which have the roundings of the libraries that the reference calls.
//!
//! Special values are those of C99, annex F; every NaN that comes out is [`f64::NAN`].
//!
//! | module | functions |
//! |---|---|
//! | `trigonometric` | [`sin`], [`cos`], [`sin_cos`] |
//! | `exponential` | [`exp`], [`tanh`] |
//! | `logarithm`, `power` | [`ln`], [`pow`] |
//! | `single` | [`sin_f32`], [`cos_f32`] |
//! | [`glibc`] | `sin`, `cos`, `pow`, `exp`, `log1p`, `square`, `sin_f32`, `cos_f32`, `square_f32` with that library's roundings |
//! | [`numpy`] | `sin_f32`, `cos_f32`, `tanh`, `tanh_all`, `logaddexp`, `matrix_vector` with NumPy's roundings |
//! | `double`, `fixed`, `fused`, `series`, `tables` | the arithmetic of the two phases and its constants |
#![forbid(unsafe_code)]

mod double;
mod exponential;
mod fixed;
mod fused;
pub mod glibc;
mod logarithm;
pub mod numpy;
#[cfg(test)]
mod phases;
mod power;
mod products;
mod series;
mod single;
mod tables;
mod trigonometric;

pub use exponential::{exp, tanh};
pub use logarithm::ln;
pub use power::pow;
pub use products::dot;
pub use single::{cos_f32, sin_f32};
pub use trigonometric::{cos, sin, sin_cos};

/// The square root, correctly rounded: an instruction of the processor and of WebAssembly.
#[inline]
pub fn sqrt(x: f64) -> f64 {
    x.sqrt()
}
