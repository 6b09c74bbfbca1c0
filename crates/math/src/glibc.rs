//! The C library's functions that Python and NumPy call, roundings included: those of glibc 2.36 on an x86-64 processor with
//! fused multiply-add, for environments that have to repeat a Python reference bit for bit.
//!
//! About one result in a thousand is not the nearest double there, and in a chaotic simulation that shows: of Acrobot's
//! 500-step episodes, one in nine ends up with another float32 observation when the correctly rounded functions are used.
//!
//! Those results are a few hundredths of a unit in the last place further off than they need be. Where the first phase shows
//! that only one double is that near, it is the answer; else, in about one case of ten, the library's own arithmetic is
//! followed step by step. Its constants and the order of its operations were read off its source and the compiled library;
//! its tables are recomputed from what they mean.
mod exponential;
mod logarithm;
mod power;
mod rounding;
mod single;
mod square;
mod tables;
mod trigonometric;

pub use exponential::exp;
pub use logarithm::log1p;
pub use power::pow;
pub use single::{cos_f32, sin_f32};
pub use square::{square, square_f32};
pub use trigonometric::{cos, sin};
