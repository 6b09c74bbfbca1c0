//! Writes rows.
use crate::WORD;

/// Words that are compared at once.
const STRETCH: usize = 8;

/// Writes rows. Every [`BLOCK`](Self::BLOCK) of them starts anew, so that one can be read without all before it.
#[derive(Clone, Debug, Default)]
pub struct RowWriter {
    last: Vec<u8>,
}

impl RowWriter {
    /// Rows in a block.
    pub const BLOCK: u32 = 64;

    /// The next row is the first of a block.
    pub fn start(&mut self) {
        self.last.clear();
    }

    /// Writes a row behind what is in `out`.
    pub fn write(&mut self, row: &[u8], out: &mut Vec<u8>) {
        let length = u32::try_from(row.len()).unwrap_or(u32::MAX);
        out.extend_from_slice(&length.to_le_bytes());
        self.last.resize(row.len(), 0);
        let (words, rest) = row.as_chunks::<WORD>();
        let (before, rest_before) = self.last.as_chunks::<WORD>();
        let mut at = 0;
        let end = words.len() + usize::from(!rest.is_empty());
        let changed = |at: usize| match (words.get(at), before.get(at)) {
            (Some(word), Some(before)) => u64::from_le_bytes(*word) != u64::from_le_bytes(*before),
            _ => rest != rest_before,
        };
        while at < end {
            let from = at;
            // Most of it is as before: eight words at a time.
            while at - from < 255 - STRETCH && same(words, before, at) {
                at += STRETCH;
            }
            while at < end && at - from < 255 && !changed(at) {
                at += 1;
            }
            let (same, from) = (at - from, at);
            while at < end && at - from < 255 && changed(at) {
                at += 1;
            }
            out.extend_from_slice(&[same as u8, (at - from) as u8]);
            let whole = at.min(words.len());
            out.extend_from_slice(words.get(from..whole).unwrap_or_default().as_flattened());
            if at > whole.max(from) {
                out.extend_from_slice(rest);
                out.resize(out.len() + WORD - rest.len(), 0);
            }
        }
        self.last.copy_from_slice(row);
    }
}

/// Whether a stretch of words is as before.
fn same(words: &[[u8; WORD]], before: &[[u8; WORD]], at: usize) -> bool {
    let stretch = |words: &[[u8; WORD]]| words.get(at..at + STRETCH).and_then(|words| words.try_into().ok());
    match (stretch(words), stretch(before)) {
        (Some(words), Some(before)) => {
            let (words, before): ([[u8; WORD]; STRETCH], [[u8; WORD]; STRETCH]) = (words, before);
            let differences = words.iter().zip(&before).map(|(a, b)| u64::from_le_bytes(*a) ^ u64::from_le_bytes(*b));
            differences.fold(0, |all, one| all | one) == 0
        }
        _ => false,
    }
}
