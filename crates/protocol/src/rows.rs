//! Rows of bytes of which each is much like the one before, made small.
//!
//! ```text
//! length u32 │ (words that are as before u8 │ words that are not u8 │ those words)…
//! ```
//!
//! A word is 8 bytes, the last one filled up with zeros; words beyond the row before count as zero. What many steps return is
//! mostly what the last step returned, and fresh memory is what takes a browser longest: written so, the few kB of a kitchen
//! seen in one-hot planes are some dozens of bytes.
use crate::wire::{self, ProtocolError};

const WORD: usize = 8;
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

/// Reads a block's rows, one after another.
#[derive(Clone, Debug)]
pub struct RowReader<'a> {
    bytes: &'a [u8],
    row: Vec<u8>,
}

impl<'a> RowReader<'a> {
    /// From the start of a block.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, row: Vec::new() }
    }

    /// Whether there is another row.
    pub fn more(&self) -> bool {
        !self.bytes.is_empty()
    }

    /// The next row is the first of a block.
    pub fn start(&mut self) {
        self.row.clear();
    }

    /// The next row.
    ///
    /// # Errors
    /// [`ProtocolError::Truncated`] where the bytes end inside a row, or say more words than it has.
    pub fn read(&mut self) -> Result<&[u8], ProtocolError> {
        let rest = &mut self.bytes;
        let length = wire::u32(rest)? as usize;
        let words = length.div_ceil(WORD);
        // A length is not trusted to reserve memory: 255 words take at least two bytes.
        if words > rest.len().saturating_mul(255) {
            return Err(ProtocolError::Truncated { needed: words, left: rest.len() });
        }
        self.row.resize(length, 0);
        self.row.resize(words * WORD, 0);
        let mut at = 0;
        while at < words {
            let (same, changed) = (usize::from(wire::byte(rest)?), usize::from(wire::byte(rest)?));
            at += same;
            let new = wire::take(rest, changed * WORD)?;
            let place = self.row.get_mut(at * WORD..(at + changed) * WORD);
            place.ok_or(ProtocolError::Truncated { needed: at + changed, left: words })?.copy_from_slice(new);
            if same + changed == 0 {
                return Err(ProtocolError::Truncated { needed: 1, left: 0 });
            }
            at += changed;
        }
        self.row.truncate(length);
        Ok(&self.row)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of several lengths, changing a little, much and not at all.
    fn rows() -> Vec<Vec<u8>> {
        let mut random = 1_u64;
        let mut next = move || {
            random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            random >> 33
        };
        let mut row = vec![0_u8; 5003];
        (0..300)
            .map(|step| {
                let changes = [0, 1, 3, 40, 5003][step % 5];
                for _ in 0..changes {
                    let at = next() as usize % row.len();
                    row[at] = next() as u8;
                }
                if step % 17 == 16 {
                    row.resize([0, 1, 7, 8, 9, 4999, 6000][next() as usize % 7].max(1), 3);
                }
                row.clone()
            })
            .chain([vec![], vec![1], vec![]])
            .collect()
    }

    #[test]
    fn rows_read_back_as_they_were_written() {
        let (mut writer, mut bytes) = (RowWriter::default(), Vec::new());
        let rows = rows();
        for (index, row) in rows.iter().enumerate() {
            if index % RowWriter::BLOCK as usize == 0 {
                writer.start();
            }
            writer.write(row, &mut bytes);
        }
        let mut reader = RowReader::new(&bytes);
        for (index, row) in rows.iter().enumerate() {
            if index % RowWriter::BLOCK as usize == 0 {
                reader.start();
            }
            assert_eq!(reader.read().unwrap(), row, "{index}");
        }
        assert!(!reader.more());
    }

    #[test]
    fn a_row_like_the_one_before_takes_next_to_nothing() {
        let (mut writer, mut bytes) = (RowWriter::default(), Vec::new());
        writer.write(&[7; 7000], &mut bytes);
        bytes.clear();
        writer.write(&[7; 7000], &mut bytes);
        assert!(bytes.len() <= 12, "{}", bytes.len());
    }

    #[test]
    fn damaged_rows_are_errors_or_other_rows_and_never_more_memory_than_they_pay_for() {
        let (mut writer, mut bytes) = (RowWriter::default(), Vec::new());
        rows().iter().take(20).for_each(|row| writer.write(row, &mut bytes));
        for end in 0..bytes.len().min(3000) {
            let mut reader = RowReader::new(&bytes[..end]);
            while reader.more() && reader.read().is_ok() {}
        }
        for at in 0..bytes.len().min(3000) {
            for byte in [0, 1, 255] {
                let mut damaged = bytes.clone();
                damaged[at] = byte;
                let mut reader = RowReader::new(&damaged);
                while reader.more() && reader.read().is_ok_and(|row| row.len() <= 255 * 8 * bytes.len()) {}
            }
        }
        assert!(RowReader::new(&[255, 255, 255, 255, 0, 0]).read().is_err());
        assert!(RowReader::new(&[8, 0, 0, 0, 0, 0]).read().is_err());
    }
}
