//! Tables and constants, written by `make_tables.py`.
pub(crate) mod exponential;
pub(crate) mod glibc_power;
#[cfg(test)]
pub(crate) mod glibc_sine;
pub(crate) mod logarithm;
pub(crate) mod numpy_tanh;
pub(crate) mod sine;
pub(crate) mod wide;
