//! A row of float32 numbers as an observation's bytes.

/// The bytes of a number.
pub(super) const BYTES: usize = size_of::<f32>();

/// A row of numbers, at first zeros, kept as the bytes an observation is made of.
#[derive(Clone, Debug)]
pub(super) struct Numbers<const N: usize> {
    bytes: [u8; N],
    next: usize,
}

impl<const N: usize> Numbers<N> {
    /// Room for `N` bytes.
    pub(super) fn new() -> Self {
        Self { bytes: [0; N], next: 0 }
    }

    /// The first `len` numbers as bytes.
    pub(super) fn bytes(&self, len: usize) -> &[u8] {
        self.bytes.get(..len * BYTES).unwrap_or(&self.bytes)
    }

    /// The next number is the first one again.
    pub(super) fn restart(&mut self) {
        self.next = 0;
    }

    /// Writes the next number.
    pub(super) fn push(&mut self, number: f32) {
        self.set(self.next, number);
        self.next += 1;
    }

    /// Writes the next number as 0 or 1.
    pub(super) fn flag(&mut self, flag: bool) {
        self.push(f32::from(u8::from(flag)));
    }

    /// Writes the number at an index; beyond the end nothing.
    pub(super) fn set(&mut self, index: usize, number: f32) {
        put(&mut self.bytes, index, number);
    }
}

/// Writes a number into a row of bytes; beyond the end nothing.
pub(super) fn put(bytes: &mut [u8], index: usize, number: f32) {
    if let Some(slot) = bytes.get_mut(index * BYTES..).and_then(|rest| rest.first_chunk_mut()) {
        *slot = number.to_le_bytes();
    }
}
