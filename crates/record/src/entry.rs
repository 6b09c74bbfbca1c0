//! One entry of a record in the making.
use palaestra_rows::{Row, RowError};

use crate::cursor::{Cursor, Malformed, put_bytes, put_length};

const RESET: u8 = 1;
const STEP: u8 = 2;
const EVENT: u8 = 3;

/// One entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Entry<'a> {
    /// A reset.
    Reset {
        /// Its seed; `None`: the generator went on.
        seed: Option<u64>,
        /// Its options as JSON text, empty for none.
        options: &'a str,
        /// What it returned: a block of [`palaestra_env::returns`].
        returns: &'a [u8],
    },
    /// A step.
    Step {
        /// The joint action: one action per agent, each encoded by its action space, one after another.
        actions: &'a [u8],
        /// What it returned: a block of [`palaestra_env::returns`].
        returns: &'a [u8],
        /// Its metrics.
        metrics: Metrics<'a>,
        /// The hash of the state it led to.
        hash: Option<u64>,
    },
    /// Something else, as JSON text.
    Event(&'a str),
}

/// The metrics of a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Metrics<'a> {
    numbers: &'a [[u8; 8]],
}

impl<'a> Metrics<'a> {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    /// The numbers, in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = f64> + 'a {
        self.numbers.iter().map(|number| f64::from_le_bytes(*number))
    }
}

/// Writes all of a reset but what it returned, which follows as a row.
pub(crate) fn put_reset(out: &mut Vec<u8>, seed: Option<u64>, options: &str) {
    out.push(RESET);
    put_optional(out, seed);
    put_bytes(out, options.as_bytes());
}

/// Writes all of a step but what it returned, which follows as a row.
pub(crate) fn put_step(out: &mut Vec<u8>, actions: &[u8], metrics: &[f64], hash: Option<u64>) {
    out.push(STEP);
    put_optional(out, hash);
    put_bytes(out, actions);
    put_length(out, size_of_val(metrics));
    out.extend(metrics.iter().flat_map(|metric| metric.to_le_bytes()));
}

pub(crate) fn put_event(out: &mut Vec<u8>, json: &str) {
    out.push(EVENT);
    put_bytes(out, json.as_bytes());
}

fn put_optional(out: &mut Vec<u8>, value: Option<u64>) {
    out.push(value.is_some().into());
    out.extend(value.iter().flat_map(|value| value.to_le_bytes()));
}

/// Takes an entry off the front of `rest`; `row` is what the entry before it returned.
pub(crate) fn take<'e, 'b: 'e>(rest: &mut &'b [u8], row: &'e mut Row) -> Result<Entry<'e>, Malformed> {
    let mut cursor = Cursor::new(rest);
    match cursor.u8()? {
        RESET => {
            let (seed, options) = (optional(&mut cursor)?, cursor.text()?);
            *rest = cursor.rest();
            read_row(row, rest)?;
            Ok(Entry::Reset { seed, options, returns: row.bytes() })
        }
        STEP => {
            let (hash, actions) = (optional(&mut cursor)?, cursor.bytes()?);
            let (numbers, []) = cursor.bytes()?.as_chunks() else { return Err(Malformed::Other) };
            *rest = cursor.rest();
            read_row(row, rest)?;
            Ok(Entry::Step { actions, returns: row.bytes(), metrics: Metrics { numbers }, hash })
        }
        EVENT => {
            let text = cursor.text()?;
            *rest = cursor.rest();
            Ok(Entry::Event(text))
        }
        _ => Err(Malformed::Other),
    }
}

fn read_row(row: &mut Row, rest: &mut &[u8]) -> Result<(), Malformed> {
    row.read(rest).map_err(|error| match error {
        RowError::Truncated { .. } => Malformed::Ended,
        RowError::TooLong { .. } | RowError::Words { .. } => Malformed::Other,
    })
}

fn optional(cursor: &mut Cursor<'_>) -> Result<Option<u64>, Malformed> {
    match cursor.u8()? {
        0 => Ok(None),
        1 => cursor.u64().map(Some),
        _ => Err(Malformed::Other),
    }
}
