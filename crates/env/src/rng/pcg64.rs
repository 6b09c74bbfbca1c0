//! PCG64 (XSL-RR 128/64, O'Neill 2014) with NumPy's buffered half for 32-bit draws.
use super::seed_sequence::SeedSequence;
use super::state::RngState;

const MULTIPLIER: u128 = 0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Pcg64 {
    state: RngState,
}

impl Pcg64 {
    pub(super) fn new(seed: &SeedSequence) -> Self {
        let [start, stream] = seed.generate_u128s();
        // The increment has to be odd for the full period.
        let inc = (stream << 1) | 1;
        let mut pcg = Self { state: RngState { state: 0, inc, has_uint32: false, uinteger: 0 } };
        pcg.advance();
        pcg.state.state = pcg.state.state.wrapping_add(start);
        pcg.advance();
        pcg
    }

    pub(super) fn from_state(state: RngState) -> Self {
        Self { state }
    }

    pub(super) fn state(&self) -> RngState {
        self.state
    }

    fn advance(&mut self) {
        self.state.state = multiplied(self.state.state).wrapping_add(self.state.inc);
    }

    // Part of no caller: its products would stand in every place that draws, and be no faster there.
    #[inline(never)]
    pub(super) fn next_u64(&mut self) -> u64 {
        self.advance();
        let state = self.state.state;
        let folded = (state >> 64) as u64 ^ state as u64;
        folded.rotate_right((state >> 122) as u32)
    }

    pub(super) fn next_u32(&mut self) -> u32 {
        if self.state.has_uint32 {
            // NumPy leaves the used half in `uinteger`, and its saved states show it.
            self.state.has_uint32 = false;
            return self.state.uinteger;
        }
        let both = self.next_u64();
        self.state.has_uint32 = true;
        self.state.uinteger = (both >> 32) as u32;
        both as u32
    }
}

/// `state` times the multiplier, modulo 2¹²⁸.
#[cfg(not(target_family = "wasm"))]
fn multiplied(state: u128) -> u128 {
    state.wrapping_mul(MULTIPLIER)
}

/// The same in products of 64 bits. A product of 128 bits is a call of a library's function in WebAssembly, which takes its operands
/// and its result through memory.
#[cfg(any(target_family = "wasm", test))]
fn multiplied_in_words(state: u128) -> u128 {
    const WORD: u64 = u32::MAX as u64;
    const LOW: u64 = MULTIPLIER as u64;
    let low = state as u64;
    let upper = ((state >> 64) as u64).wrapping_mul(LOW).wrapping_add(low.wrapping_mul((MULTIPLIER >> 64) as u64));
    let (low, high) = (low & WORD, low >> 32);
    let [first, second] = [low * (LOW & WORD), high * (LOW & WORD)];
    let [third, fourth] = [low * (LOW >> 32), high * (LOW >> 32)];
    // Neither sum is greater than a u64 holds.
    let middle = (first >> 32) + (second & WORD) + third;
    let carried = fourth + (second >> 32) + (middle >> 32);
    (u128::from(carried.wrapping_add(upper)) << 64) | u128::from((middle << 32) | (first & WORD))
}

#[cfg(target_family = "wasm")]
use multiplied_in_words as multiplied;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_product_in_words_is_the_product() {
        let mut state = 1_u128;
        for _ in 0..10_000 {
            for state in [state, !state, state >> 64, state << 64, u128::MAX - (state >> 100)] {
                assert_eq!(multiplied_in_words(state), multiplied(state), "{state:#x}");
            }
            state = state.wrapping_mul(MULTIPLIER).wrapping_add(0xda3e_39cb_94b9_5bdb);
        }
    }
}
