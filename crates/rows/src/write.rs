//! Writes rows.
use crate::word::WORD;

/// Words that are compared at once.
const STRETCH: usize = 8;
/// Words that can be told of together: how many are as before, and how many are not, are a byte each.
const MOST: u8 = 255;

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

    /// The row that was written last.
    pub fn last(&self) -> &[u8] {
        &self.last
    }

    /// Takes a row for the last one, which was written in another way.
    pub fn pass(&mut self, row: &[u8]) {
        self.last.clear();
        self.last.extend_from_slice(row);
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
        let (stretches, words) = words.as_chunks::<STRETCH>();
        let (last_stretches, last) = last.as_chunks_mut::<STRETCH>();
        let mut runs = Runs { out, same: 0, count: None };
        for (new, old) in stretches.iter().zip(last_stretches) {
            // Most of them are as before.
            let differences = new.iter().zip(&*old).map(|(new, old)| difference(new, old));
            if differences.fold(0, |all, one| all | one) == 0 {
                runs.same(STRETCH);
                continue;
            }
            new.iter().zip(&*old).for_each(|(new, old)| runs.word(new, old));
            *old = *new;
        }
        for (new, old) in words.iter().zip(last) {
            runs.word(new, old);
            *old = *new;
        }
        if !rest.is_empty() {
            let (mut new, mut old) = ([0; WORD], [0; WORD]);
            new.iter_mut().zip(rest).for_each(|(word, byte)| *word = *byte);
            old.iter_mut().zip(&*last_rest).for_each(|(word, byte)| *word = *byte);
            runs.word(&new, &old);
            last_rest.copy_from_slice(rest);
        }
        runs.end();
    }
}

fn difference(new: &[u8; WORD], old: &[u8; WORD]) -> u64 {
    u64::from_le_bytes(*new) ^ u64::from_le_bytes(*old)
}

/// Words of a row, told of in runs.
struct Runs<'a> {
    out: &'a mut Vec<u8>,
    /// How many words were as before since the last that was not.
    same: usize,
    /// Where it stands how many words the present run has, while it can have another.
    count: Option<usize>,
}

impl Runs<'_> {
    /// So many words are as before.
    fn same(&mut self, words: usize) {
        self.same += words;
        self.count = None;
    }

    /// The next word.
    fn word(&mut self, new: &[u8; WORD], old: &[u8; WORD]) {
        if difference(new, old) == 0 {
            return self.same(1);
        }
        if self.count.is_none() {
            self.begin();
        }
        self.out.extend_from_slice(new);
        let Some(count) = self.count.and_then(|at| self.out.get_mut(at)) else { return };
        *count += 1;
        if *count == MOST {
            self.count = None;
        }
    }

    /// Begins a run behind words that are as before.
    fn begin(&mut self) {
        while self.same > usize::from(MOST) {
            self.out.extend_from_slice(&[MOST, 0]);
            self.same -= usize::from(MOST);
        }
        self.out.extend_from_slice(&[self.same as u8, 0]);
        self.same = 0;
        self.count = Some(self.out.len() - 1);
    }

    /// Tells of those at the end that are as before.
    fn end(mut self) {
        if self.same > 0 {
            self.begin();
        }
    }
}
