//! One entry of a record in the making.
use crate::cursor::{Cursor, Malformed, put_bytes, put_length};
use crate::returned::RowsIn;

const RESET: u8 = 1;
const STEP: u8 = 2;
const EVENT: u8 = 3;
/// Not an entry, but what stands before one: how rows are predicted from here on, until another says otherwise or the chunk ends.
const PREDICTOR: u8 = 4;
/// Added to a reset or step whose row is predicted.
const PREDICTED: u8 = 16;

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

/// Writes what predicts the rows that follow, which has to come before the entry whose row is the first of them.
pub(crate) fn put_predictor(out: &mut Vec<u8>, predictor: &[u8]) {
    if !predictor.is_empty() {
        out.push(PREDICTOR);
        out.extend_from_slice(predictor);
    }
}

/// Writes all of a reset but what it returned, which follows as a row.
pub(crate) fn put_reset(out: &mut Vec<u8>, predicted: bool, seed: Option<u64>, options: &str) {
    out.push(RESET + u8::from(predicted) * PREDICTED);
    put_optional(out, seed);
    put_bytes(out, options.as_bytes());
}

/// Writes all of a step but what it returned, which follows as a row.
pub(crate) fn put_step(out: &mut Vec<u8>, predicted: bool, actions: &[u8], metrics: &[f64], hash: Option<u64>) {
    out.push(STEP + u8::from(predicted) * PREDICTED);
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

/// Takes an entry off the front of `rest`; `rows` are those of the entries before it in its chunk.
pub(crate) fn take<'e, 'b: 'e>(rest: &mut &'b [u8], rows: &'e mut RowsIn) -> Result<Entry<'e>, Malformed> {
    let mut cursor = Cursor::new(rest);
    let mut kind = cursor.u8()?;
    if kind == PREDICTOR {
        rows.predictor(&mut cursor)?;
        kind = cursor.u8()?;
    }
    let predicted = kind & PREDICTED != 0;
    match kind & !PREDICTED {
        RESET => {
            let (seed, options) = (optional(&mut cursor)?, cursor.text()?);
            *rest = cursor.rest();
            rows.read(predicted, rest)?;
            Ok(Entry::Reset { seed, options, returns: rows.bytes() })
        }
        STEP => {
            let (hash, actions) = (optional(&mut cursor)?, cursor.bytes()?);
            let (numbers, []) = cursor.bytes()?.as_chunks() else { return Err(Malformed::Other) };
            *rest = cursor.rest();
            rows.read(predicted, rest)?;
            Ok(Entry::Step { actions, returns: rows.bytes(), metrics: Metrics { numbers }, hash })
        }
        EVENT if !predicted => {
            let text = cursor.text()?;
            *rest = cursor.rest();
            Ok(Entry::Event(text))
        }
        _ => Err(Malformed::Other),
    }
}

fn optional(cursor: &mut Cursor<'_>) -> Result<Option<u64>, Malformed> {
    match cursor.u8()? {
        0 => Ok(None),
        1 => cursor.u64().map(Some),
        _ => Err(Malformed::Other),
    }
}
