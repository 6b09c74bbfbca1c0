//! NumPy's `Generator(PCG64(SeedSequence(seed)))`, draw for draw.
//!
//! Facts from NumPy 2.4's `numpy/random` (`bit_generator.pyx`, `src/pcg64`, `src/distributions`, `_generator.pyx`); the
//! tests compare with draws recorded from it.
//!
//! | here | NumPy | draws |
//! |---|---|---|
//! | [`SeededRng::new`] | `default_rng(seed)` | |
//! | [`SeededRng::from_entropy_words`] | `default_rng(big_integer)`, `default_rng([word, …])` | |
//! | [`SeededRng::random`] | `random()` | one u64 |
//! | [`SeededRng::uniform`] | `uniform(low, high)` | one u64 |
//! | [`SeededRng::integers`] | `integers(low, high)` | u32s or u64s by the range, none for one value |
//! | [`SeededRng::integers_inclusive`] | `integers(low, high, endpoint=True)` | the same |
//! | [`SeededRng::choice`] | `choice(n)` | those of `integers(0, n)` |
//! | [`SeededRng::choice_weighted`] | `choice(n, p=weights)` | one u64 |
//! | [`SeededRng::shuffle`] | `shuffle(sequence)` | at least one u32 for each element but the first |
//! | [`SeededRng::permutation`] | `permutation(n)` | those of `shuffle` |
//!
//! An array of draws (`size=k`) is k single draws, one after the other. [`LegacyRng`] is `numpy.random.seed` and `randint`.
mod bounded;
mod generator;
mod legacy;
mod pcg64;
mod seed_sequence;
mod state;

pub use generator::SeededRng;
pub use legacy::LegacyRng;
pub use state::{InvalidRngBytes, RngState};
