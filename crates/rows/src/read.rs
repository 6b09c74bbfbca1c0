//! Reads rows.
use crate::error::RowError;
use crate::word::WORD;

/// The row that was read last: the next one is read as its difference to it.
#[derive(Clone, Debug, Default)]
pub struct Row {
    bytes: Vec<u8>,
    most: Option<usize>,
}

impl Row {
    /// Of rows of somebody else's, of which none may have more bytes than this.
    pub fn with_most(most: usize) -> Self {
        Self { bytes: Vec::new(), most: Some(most) }
    }

    /// The next row is the first of a block.
    pub fn start(&mut self) {
        self.bytes.clear();
    }

    /// The row itself.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The same, for whoever writes the next row there in another way: the one after it is then read as its difference to that.
    pub fn bytes_mut(&mut self) -> &mut [u8] {
        &mut self.bytes
    }

    /// Takes the next row off the front of `rest`. After an error, [`start`](Self::start) is the only way on.
    ///
    /// # Errors
    /// [`RowError`] where the bytes end inside a row, say other words than its length has, or that it is too long.
    pub fn read(&mut self, rest: &mut &[u8]) -> Result<(), RowError> {
        let length = take(rest, 4)?.iter().rev().fold(0, |length, byte| length << 8 | usize::from(*byte));
        if let Some(most) = self.most.filter(|most| length > *most) {
            return Err(RowError::TooLong { most, found: length });
        }
        let words = length.div_ceil(WORD);
        // A length is not trusted to reserve memory: 255 words take at least two bytes.
        if words > rest.len().saturating_mul(255) {
            return Err(RowError::Truncated { needed: words.div_ceil(255), left: rest.len() });
        }
        self.bytes.resize(length, 0);
        self.bytes.resize(words * WORD, 0);
        let mut at = 0;
        while at < words {
            let (same, changed) = match take(rest, 2)? {
                [same, changed] => (usize::from(*same), usize::from(*changed)),
                _ => (0, 0),
            };
            if same + changed == 0 {
                return Err(RowError::Words { expected: words - at, found: 0 });
            }
            let new = take(rest, changed * WORD)?;
            let wrong = RowError::Words { expected: words - at, found: same + changed };
            at += same;
            self.bytes.get_mut(at * WORD..(at + changed) * WORD).ok_or(wrong)?.copy_from_slice(new);
            at += changed;
        }
        self.bytes.truncate(length);
        Ok(())
    }
}

/// Takes so many bytes off the front.
fn take<'a>(rest: &mut &'a [u8], needed: usize) -> Result<&'a [u8], RowError> {
    let (head, tail) = rest.split_at_checked(needed).ok_or(RowError::Truncated { needed, left: rest.len() })?;
    *rest = tail;
    Ok(head)
}

/// Reads a block's rows, one after another.
#[derive(Clone, Debug)]
pub struct RowReader<'a> {
    bytes: &'a [u8],
    row: Row,
}

impl<'a> RowReader<'a> {
    /// From the start of a block.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, row: Row::default() }
    }

    /// Whether there is another row.
    pub fn more(&self) -> bool {
        !self.bytes.is_empty()
    }

    /// The next row is the first of a block.
    pub fn start(&mut self) {
        self.row.start();
    }

    /// The next row.
    ///
    /// # Errors
    /// [`RowError`] where the bytes end inside a row, or say other words than its length has.
    pub fn read(&mut self) -> Result<&[u8], RowError> {
        self.row.read(&mut self.bytes)?;
        Ok(self.row.bytes())
    }
}
