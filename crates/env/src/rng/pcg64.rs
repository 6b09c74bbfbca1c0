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
        self.state.state = self.state.state.wrapping_mul(MULTIPLIER).wrapping_add(self.state.inc);
    }

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
