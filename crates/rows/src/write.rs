//! Writes rows.
use std::ops::Range;

use crate::word::WORD;

/// Words that are compared at once.
const STRETCH: usize = 8;
/// Words that can be told of together: how many are as before, and how many are not, are a byte each.
const MOST: usize = 255;

/// Writes rows. Every [`BLOCK`](Self::BLOCK) of them starts anew, so that one can be read without all before it.
#[derive(Clone, Debug, Default)]
pub struct RowWriter {
    last: Vec<u8>,
}

impl RowWriter {
    /// Rows in a block.
    pub const BLOCK: u32 = 64;
    /// Bytes in a word.
    pub const WORD: usize = WORD;

    /// The next row is the first of a block.
    pub fn start(&mut self) {
        self.last.clear();
    }

    /// Writes a row behind what is in `out`.
    // Part of no caller: one that is compiled for size would have this compiled for size as well.
    #[inline(never)]
    pub fn write(&mut self, row: &[u8], out: &mut Vec<u8>) {
        let length = u32::try_from(row.len()).unwrap_or(u32::MAX);
        out.extend_from_slice(&length.to_le_bytes());
        self.last.resize(row.len(), 0);
        let (words, rest) = row.as_chunks::<WORD>();
        let (last, last_rest) = self.last.as_chunks_mut::<WORD>();
        let rest_changed = rest != last_rest;
        let end = words.len() + usize::from(!rest.is_empty());
        let mut at = 0;
        while at < end {
            let until = usize::min(at + MOST, end);
            let mut changed = at + alike(words, last, at..until);
            if changed == words.len() && changed < until && !rest_changed {
                changed = until;
            }
            let until = usize::min(changed + MOST, end);
            let next = changed + unlike(words, last, changed..until);
            let rest_too = next == words.len() && next < until && rest_changed;
            let count = next - changed + usize::from(rest_too);
            out.extend_from_slice(&[(changed - at) as u8, count as u8]);
            // What did not change need not be copied; and word by word: under WebAssembly a copy of a length that is not known
            // beforehand is a call into the engine, which takes longer than a few words.
            for (new, old) in words.iter().zip(last.iter_mut()).take(next).skip(changed) {
                out.extend_from_slice(new);
                *old = *new;
            }
            if rest_too {
                out.extend_from_slice(rest);
                out.resize(out.len() + WORD - rest.len(), 0);
            }
            at = changed + count;
        }
        last_rest.copy_from_slice(rest);
    }
}

/// How many words from the start of a range on are as before.
fn alike(words: &[[u8; WORD]], last: &[[u8; WORD]], range: Range<usize>) -> usize {
    let (Some(words), Some(last)) = (within(words, &range), within(last, &range)) else { return 0 };
    // Most of them are: eight at a time.
    let (stretches, _) = words.as_chunks::<STRETCH>();
    let (last_stretches, _) = last.as_chunks::<STRETCH>();
    let same = |(new, old): &(&[[u8; WORD]; STRETCH], &[[u8; WORD]; STRETCH])| {
        let differences = new.iter().zip(*old).map(|(new, old)| u64::from_le_bytes(*new) ^ u64::from_le_bytes(*old));
        differences.fold(0, |all, one| all | one) == 0
    };
    let whole = STRETCH * stretches.iter().zip(last_stretches).take_while(same).count();
    let rest = words.iter().zip(last).skip(whole);
    whole + rest.take_while(|(new, old)| u64::from_le_bytes(**new) == u64::from_le_bytes(**old)).count()
}

/// How many words from the start of a range on are not as before.
fn unlike(words: &[[u8; WORD]], last: &[[u8; WORD]], range: Range<usize>) -> usize {
    let (Some(words), Some(last)) = (within(words, &range), within(last, &range)) else { return 0 };
    let pairs = words.iter().zip(last);
    pairs.take_while(|(new, old)| u64::from_le_bytes(**new) != u64::from_le_bytes(**old)).count()
}

/// The words of a range, which may reach beyond them.
fn within<'a>(words: &'a [[u8; WORD]], range: &Range<usize>) -> Option<&'a [[u8; WORD]]> {
    words.get(range.start..range.end.min(words.len()))
}
