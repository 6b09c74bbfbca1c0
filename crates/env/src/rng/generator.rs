//! The draws an environment makes.
use super::bounded::{lemire, masked};
use super::pcg64::Pcg64;
use super::seed_sequence::SeedSequence;
use super::state::{InvalidRngBytes, RngState};

/// NumPy's `Generator(PCG64(SeedSequence(seed)))`: the same seed and calls give the same numbers.
///
/// ```
/// # use palaestra_env::rng::SeededRng;
/// let mut rng = SeededRng::new(42);
/// assert_eq!(rng.random(), 0.773_956_048_555_963_3); // numpy.random.default_rng(42).random()
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeededRng {
    pcg: Pcg64,
}

impl SeededRng {
    /// `numpy.random.default_rng(seed)`.
    pub fn new(seed: u64) -> Self {
        Self::from_entropy_words(&[seed as u32, (seed >> 32) as u32])
    }

    /// The generator of whoever plays agent number `agent` of a session: `default_rng([seed's low half, its high half, agent, 1])`.
    /// Each seat has its own, so that a second random player does not change what the first one does.
    pub fn for_seat(seed: u64, agent: usize) -> Self {
        // SeedSequence fills up with zeros to four words: without the last one, agent 0 would draw what the environment draws.
        Self::from_entropy_words(&[seed as u32, (seed >> 32) as u32, agent as u32, 1])
    }

    /// `default_rng` of an integer of any size, given as its 32-bit words from the least significant up, or of a list of
    /// integers below 2³².
    pub fn from_entropy_words(words: &[u32]) -> Self {
        Self { pcg: Pcg64::new(&SeedSequence::new(words)) }
    }

    /// A generator that goes on from `state`, whose increment is made odd: PCG64 has no other streams.
    pub fn from_state(state: RngState) -> Self {
        Self { pcg: Pcg64::from_state(RngState { inc: state.inc | 1, ..state }) }
    }

    /// NumPy's `bit_generator.state`.
    pub fn state(&self) -> RngState {
        self.pcg.state()
    }

    /// The state in the layout of [`RngState::to_bytes`].
    pub fn to_bytes(&self) -> [u8; RngState::BYTES] {
        self.state().to_bytes()
    }

    /// Reads [`SeededRng::to_bytes`].
    ///
    /// # Errors
    /// [`InvalidRngBytes`] when the bytes are no generator's state.
    pub fn from_bytes(bytes: &[u8; RngState::BYTES]) -> Result<Self, InvalidRngBytes> {
        RngState::from_bytes(bytes).map(Self::from_state)
    }

    /// The bit generator's raw 64 bits; leaves a buffered half alone.
    pub fn next_u64(&mut self) -> u64 {
        self.pcg.next_u64()
    }

    /// The buffered upper half of an earlier u64 if one waits, else the lower half of a new one.
    pub fn next_u32(&mut self) -> u32 {
        self.pcg.next_u32()
    }

    /// `random()`: a float64 in [0, 1), a multiple of 2⁻⁵³. One u64.
    pub fn random(&mut self) -> f64 {
        const UNIT: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.next_u64() >> 11) as f64 * UNIT
    }

    /// `uniform(low, high)`: a float64 in [low, high). One u64.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.random()
    }

    /// `integers(low, high)`: an integer in low ..< high. A range of one value draws nothing.
    ///
    /// Where NumPy raises an error because the range is empty, the answer is `low` and nothing is drawn.
    pub fn integers(&mut self, low: i64, high: i64) -> i64 {
        self.integers_inclusive(low, high.saturating_sub(1))
    }

    /// `integers(low, high, endpoint=True)`: an integer in low ..= high, which may be all of i64. An empty range is treated
    /// as by [`SeededRng::integers`].
    pub fn integers_inclusive(&mut self, low: i64, high: i64) -> i64 {
        if high <= low {
            return low;
        }
        low.wrapping_add_unsigned(lemire(&mut self.pcg, high.abs_diff(low)))
    }

    /// `choice(n)`: an index below `n`, drawn as `integers(0, n)`; 0 when `n` is 0, where NumPy raises an error.
    pub fn choice(&mut self, n: usize) -> usize {
        lemire(&mut self.pcg, n.saturating_sub(1) as u64) as usize
    }

    /// `choice(len(weights), p=weights)`: an index, each as likely as its weight. One u64.
    ///
    /// The weights are divided by their sum, so unlike NumPy's they need not add up to 1. Where NumPy raises an error
    /// (no weights, a negative or NaN weight, a sum of zero) the answer is an index below `weights.len()`, or 0.
    pub fn choice_weighted(&mut self, weights: &[f64]) -> usize {
        let total: f64 = weights.iter().fold(0.0, |sum, weight| sum + weight);
        let drawn = self.random();
        let mut sum = 0.0;
        for (index, weight) in weights.iter().enumerate() {
            sum += weight;
            if drawn < sum / total {
                return index;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// `shuffle(items)`: Fisher–Yates from the end.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = masked(&mut self.pcg, last as u64) as usize;
            items.swap(last, other);
        }
    }

    /// `permutation(n)`: 0 ..< n in random order, into `out`, which is cleared first and grows only beyond its capacity.
    pub fn permutation(&mut self, n: usize, out: &mut Vec<usize>) {
        out.clear();
        out.extend(0..n);
        self.shuffle(out);
    }
}
