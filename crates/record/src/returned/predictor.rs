//! Linear prediction: the numbers of a row foretold from those of the row before and from those that stand before them.
//!
//! ```text
//! a predictor   head length │ how many columns length │ per column: how many terms u8 │ (2 × a column + 1 if it is subtracted) length…
//! a row         its head │ what is behind its columns │ per column: how many bytes, 4 bits │ those bytes…
//! ```
//!
//! A row is a head, columns of single-precision numbers and up to three bytes more. A number is foretold as what it was in the row
//! before, and what one or two other numbers have changed by since then: agents that see one another's positions see the same again and
//! again. A sum that is no number counts as 0. All bit patterns stand in one order, that of their numbers, with one place for each (-0, all NaN). What is written
//! is how many places lie between what was foretold and what it is, as `2n` where it is above and `2n - 1` where it is below: in as many bytes as
//! that needs, the lowest first. The first of two columns has the lower 4 bits.
use crate::cursor::{Cursor, Malformed, put_length};

/// How many columns a row has at most.
pub(super) const MOST_COLUMNS: usize = 512;
/// How many terms a column has at most.
const TERMS: usize = 2;
const NUMBER: usize = size_of::<f32>();

/// What is added to what a number was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Term {
    /// What this column has changed by; it stands before.
    pub(super) column: usize,
    /// It is subtracted.
    pub(super) minus: bool,
}

/// How a number is foretold.
pub(super) type Terms = [Option<Term>; TERMS];

/// A predictor of rows of one length.
#[derive(Clone, Debug)]
pub(super) struct Predictor {
    head: usize,
    columns: Vec<Terms>,
    /// What the columns have changed by, of the present row.
    changes: Vec<f64>,
}

impl Predictor {
    pub(super) fn new(head: usize, columns: Vec<Terms>) -> Self {
        Self { head, changes: Vec::with_capacity(columns.len()), columns }
    }

    /// Whether both rows have as many bytes as it is for.
    pub(super) fn fits(&self, last: &[u8], row: &[u8]) -> bool {
        let columns = row.len().checked_sub(self.head).map(|bytes| bytes / NUMBER);
        last.len() == row.len() && columns == Some(self.columns.len())
    }

    /// Says what it is.
    pub(super) fn put(&self, out: &mut Vec<u8>) {
        put_length(out, self.head);
        put_length(out, self.columns.len());
        for terms in &self.columns {
            out.push(terms.iter().flatten().count() as u8);
            for Term { column, minus } in terms.iter().flatten() {
                put_length(out, column * 2 + usize::from(*minus));
            }
        }
    }

    /// Reads what one is.
    pub(super) fn take(cursor: &mut Cursor<'_>) -> Result<Self, Malformed> {
        let (head, count) = (cursor.length()?, cursor.length()?);
        if count > MOST_COLUMNS {
            return Err(Malformed::Other);
        }
        let mut columns = Vec::with_capacity(count);
        for index in 0..count {
            let mut terms = [None; TERMS];
            let given = terms.get_mut(..usize::from(cursor.u8()?)).ok_or(Malformed::Other)?;
            for term in given {
                let number = cursor.length()?;
                let found = Term { column: number / 2, minus: number % 2 == 1 };
                *term = Some(found).filter(|found| found.column < index);
                term.ok_or(Malformed::Other)?;
            }
            columns.push(terms);
        }
        Ok(Self::new(head, columns))
    }

    /// Writes a row behind one that [fits](Self::fits).
    pub(super) fn put_row(&mut self, last: &[u8], row: &[u8], out: &mut Vec<u8>) {
        let (head, columns, rest) = parts(self.head, row);
        let (_, old, _) = parts(self.head, last);
        out.extend_from_slice(head);
        out.extend_from_slice(rest);
        let sizes = out.len();
        out.resize(sizes + self.columns.len().div_ceil(2), 0);
        self.changes.clear();
        for (index, ((terms, old), new)) in self.columns.iter().zip(old).zip(columns).enumerate() {
            let (old, new) = (f32::from_le_bytes(*old), f32::from_le_bytes(*new));
            let off = distance(
                foretold(old, terms, |column| self.changes.get(column).copied().unwrap_or_default()),
                place(new),
            );
            self.changes.push(change(old, new));
            let size = bits(off).div_ceil(8);
            if let Some(sizes) = out.get_mut(sizes + index / 2) {
                *sizes |= (size as u8) << (index % 2 * 4);
            }
            // All four and then fewer: a copy of unknown length is a call.
            out.extend_from_slice(&off.to_le_bytes());
            out.truncate(out.len() - NUMBER + size as usize);
        }
    }

    /// Reads a row over the one before it.
    pub(super) fn take_row(&mut self, row: &mut [u8], rest: &mut &[u8]) -> Result<(), Malformed> {
        if !self.fits(row, row) {
            return Err(Malformed::Other);
        }
        let mut cursor = Cursor::new(rest);
        let (head, behind) = row.split_at_mut(self.head);
        let (columns, last) = behind.as_chunks_mut::<NUMBER>();
        head.copy_from_slice(cursor.take(head.len())?);
        last.copy_from_slice(cursor.take(last.len())?);
        let sizes = cursor.take(self.columns.len().div_ceil(2))?;
        let sizes = sizes.iter().flat_map(|sizes| [sizes & 15, sizes >> 4]);
        self.changes.clear();
        for ((terms, number), size) in self.columns.iter().zip(columns).zip(sizes) {
            let mut off = [0; NUMBER];
            let bytes = off.get_mut(..usize::from(size)).ok_or(Malformed::Other)?;
            bytes.copy_from_slice(cursor.take(bytes.len())?);
            let old = f32::from_le_bytes(*number);
            let new = number_at(beyond(
                foretold(old, terms, |column| self.changes.get(column).copied().unwrap_or_default()),
                u32::from_le_bytes(off),
            ));
            self.changes.push(change(old, new));
            *number = new.to_le_bytes();
        }
        *rest = cursor.rest();
        Ok(())
    }
}

/// A row's head, its columns, and what is behind them.
fn parts(head: usize, row: &[u8]) -> (&[u8], &[[u8; NUMBER]], &[u8]) {
    let (head, behind) = row.split_at_checked(head).unwrap_or((row, &[]));
    let (columns, rest) = behind.as_chunks();
    (head, columns, rest)
}

/// What a number has changed by.
pub(super) fn change(old: f32, new: f32) -> f64 {
    f64::from(new) - f64::from(old)
}

/// The place of the number that is foretold, of one that was `old`. Every machine has to come to the same.
pub(super) fn foretold(old: f32, terms: &Terms, change_of: impl Fn(usize) -> f64) -> u32 {
    if terms.iter().all(Option::is_none) {
        return place(old);
    }
    let sum = terms.iter().flatten().fold(f64::from(old), |sum, term| {
        if term.minus { sum - change_of(term.column) } else { sum + change_of(term.column) }
    });
    let sum = sum as f32;
    // Which of the numbers that are none it is may differ between machines.
    if sum.is_nan() { place(0.0) } else { place(sum) }
}

/// Where a number stands among all numbers of single precision: neighbours have neighbouring places, and each has one of its own.
pub(super) fn place(number: f32) -> u32 {
    let bits = number.to_bits();
    if bits >> 31 == 1 { !bits } else { bits | 1 << 31 }
}

fn number_at(place: u32) -> f32 {
    f32::from_bits(if place >> 31 == 1 { place & !(1 << 31) } else { !place })
}

/// How far one place is from another, small where they are near, whichever is before.
pub(super) fn distance(from: u32, to: u32) -> u32 {
    let off = to.wrapping_sub(from).cast_signed();
    ((off << 1) ^ (off >> 31)).cast_unsigned()
}

fn beyond(from: u32, distance: u32) -> u32 {
    let off = (distance >> 1) ^ (distance & 1).wrapping_neg();
    from.wrapping_add(off)
}

/// How many bits a distance takes.
pub(super) fn bits(distance: u32) -> u32 {
    u32::BITS - distance.leading_zeros()
}
