//! Numbers that the server makes up: seeds, and names of matches and participants. All follow from one number, so that a run of the
//! lobby can be repeated.

/// SplitMix64 (Steele, Lea and Flood, 2014). Not for secrets.
#[derive(Clone, Debug)]
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A seed that a page can hold in a number.
    pub(crate) fn seed(&mut self) -> u64 {
        self.u64() >> 11
    }

    /// Twelve hexadecimal digits behind a letter: `m-1f6c0a52e3b9`.
    pub(crate) fn name(&mut self, letter: char) -> String {
        format!("{letter}-{:012x}", self.u64() >> 16)
    }
}
