//! How much is taken from a file that a stranger may have made.

/// How much a reader takes from one file, whatever the file says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The longest line, in bytes: 16 MiB unless told otherwise.
    pub line: usize,
    /// What a line may take in memory once it is read, in bytes: 96 MiB unless told otherwise. Lists of lists and objects of
    /// nothing take a hundred times their text.
    pub memory: usize,
    /// All lines together after decompression, in bytes: 4 GiB unless told otherwise.
    pub total: u64,
    /// How many bytes of text a byte of a compressed file may stand for, beyond the first 64 MiB of text: 500 unless told
    /// otherwise. A kitchen in which nobody moves reaches 100, and nothing but repetition gets near 1000.
    pub expansion: u64,
}

impl Limits {
    /// Of a file that was made here, by the same program: it may be of any length, since it is never in memory as a whole, and a line as
    /// long as what a step returns makes it, as far as there is memory for it.
    pub fn own() -> Self {
        Self { line: 256 << 20, memory: 1 << 30, total: u64::MAX, ..Self::default() }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self { line: 16 << 20, memory: 96 << 20, total: 4 << 30, expansion: 500 }
    }
}
