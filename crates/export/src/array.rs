//! Columns of values as Arrow lays them out: what Parquet, Arrow and Minari are written from.

use crate::column::{Cell, Kind};
use crate::csv;

/// Values of one type, some of which may be missing.
#[derive(Debug)]
pub(crate) struct Array {
    pub(crate) values: Values,
    pub(crate) len: usize,
    pub(crate) missing: usize,
    /// Which are there, if [`missing`](Self::missing) says that some are not.
    there: Bits,
}

#[derive(Debug)]
pub(crate) enum Values {
    Bools(Bits),
    I8(Vec<i8>),
    U8(Vec<u8>),
    I32(Vec<i32>),
    I64(Vec<i64>),
    U64(Vec<u64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
    Texts(Texts),
    /// Lists of so many elements each.
    Lists(usize, Box<Array>),
    /// The members of each part, by its name.
    Struct(Vec<(String, Array)>),
}

/// Flags, eight in a byte, the first the lowest.
#[derive(Debug, Default)]
pub(crate) struct Bits {
    pub(crate) bytes: Vec<u8>,
    len: usize,
}

/// Texts, one behind the other.
#[derive(Debug)]
pub(crate) struct Texts {
    pub(crate) bytes: Vec<u8>,
    /// Where each begins, and where the last ends.
    pub(crate) offsets: Vec<i32>,
}

impl Array {
    /// No values yet, for the cells of a column of this kind.
    pub(crate) fn of_kind(kind: Kind) -> Self {
        let values = match kind {
            Kind::Bool => Values::Bools(Bits::default()),
            Kind::Int | Kind::LongInt => Values::I64(Vec::new()),
            Kind::UInt => Values::U64(Vec::new()),
            Kind::Float32 => Values::F32(Vec::new()),
            Kind::Float64 => Values::F64(Vec::new()),
            Kind::Text => Values::Texts(Texts::default()),
        };
        Self { values, len: 0, missing: 0, there: Bits::default() }
    }

    /// So many values, none of which is missing.
    pub(crate) fn whole(len: usize, values: Values) -> Self {
        Self { values, len, missing: 0, there: Bits::default() }
    }

    /// Which of them are there; `None`: all are.
    pub(crate) fn there(&self) -> Option<&Bits> {
        (self.missing > 0).then_some(&self.there)
    }

    /// Adds a cell, as the array's kind has it: what does not fit it is missing. Gives how many bytes of text it is.
    pub(crate) fn add(&mut self, cell: &Cell<'_>) -> usize {
        let mut text = 0;
        let found = match (&mut self.values, cell) {
            (Values::Bools(bits), cell) => {
                let flag = if let Cell::Bool(flag) = cell { Some(*flag) } else { None };
                bits.push(flag.unwrap_or_default());
                flag.is_some()
            }
            (Values::I64(all), cell) => put(all, if let Cell::Int(value) = cell { Some(*value) } else { None }),
            (Values::U64(all), cell) => put(all, if let Cell::UInt(value) = cell { Some(*value) } else { None }),
            (Values::F32(all), cell) => put(all, if let Cell::F32(value) = cell { Some(*value) } else { None }),
            (Values::F64(all), cell) => put(
                all,
                match cell {
                    Cell::F64(value) => Some(*value),
                    Cell::F32(value) => Some((*value).into()),
                    // Integers of such a column are below 2^53.
                    Cell::Int(value) => Some(*value as f64),
                    _ => None,
                },
            ),
            (Values::Texts(texts), Cell::Empty) => {
                texts.end();
                false
            }
            (Values::Texts(texts), cell) => {
                let before = texts.bytes.len();
                csv::put(cell, &mut texts.bytes);
                texts.end();
                text = texts.bytes.len() - before;
                true
            }
            // No column of a table has these.
            (Values::I8(_) | Values::U8(_) | Values::I32(_) | Values::Lists(..) | Values::Struct(_), _) => return 0,
        };
        self.there.push(found);
        self.len += 1;
        self.missing += usize::from(!found);
        text
    }
}

fn put<T: Default>(all: &mut Vec<T>, value: Option<T>) -> bool {
    let found = value.is_some();
    all.push(value.unwrap_or_default());
    found
}

impl Bits {
    pub(crate) fn push(&mut self, flag: bool) {
        let (byte, bit) = (self.len / 8, self.len % 8);
        if bit == 0 {
            self.bytes.push(0);
        }
        if let Some(byte) = self.bytes.get_mut(byte) {
            *byte |= u8::from(flag) << bit;
        }
        self.len += 1;
    }
}

#[cfg(feature = "arrow")]
impl FromIterator<bool> for Bits {
    fn from_iter<I: IntoIterator<Item = bool>>(flags: I) -> Self {
        let mut bits = Self::default();
        flags.into_iter().for_each(|flag| bits.push(flag));
        bits
    }
}

impl Default for Texts {
    fn default() -> Self {
        Self { bytes: Vec::new(), offsets: vec![0] }
    }
}

impl Texts {
    /// What has been added to the bytes is a text.
    fn end(&mut self) {
        // Nobody gathers 2^31 bytes: `batches` ends before, and so does an episode of Minari's.
        self.offsets.push(i32::try_from(self.bytes.len()).unwrap_or(i32::MAX));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stand_in_a_column_as_its_kind_has_them() {
        let cells = [
            Cell::Empty,
            Cell::Bool(true),
            Cell::Int(-3),
            Cell::UInt(u64::MAX),
            Cell::F32(0.5),
            Cell::F64(f64::NAN),
            Cell::Text("é".into()),
        ];
        for (kind, there) in [
            (Kind::Bool, 0b000_0010_u8),
            (Kind::Int, 0b000_0100),
            (Kind::UInt, 0b000_1000),
            (Kind::Float32, 0b001_0000),
            (Kind::Float64, 0b011_0100),
            (Kind::Text, 0b111_1110),
        ] {
            let mut array = Array::of_kind(kind);
            let text: usize = cells.iter().map(|cell| array.add(cell)).sum();
            assert_eq!((array.len, array.missing), (7, 7 - there.count_ones() as usize), "{kind:?}");
            assert_eq!(array.there().unwrap().bytes, [there], "{kind:?}");
            assert_eq!(text > 0, kind == Kind::Text);
        }
    }

    #[test]
    fn texts_stand_one_behind_the_other_and_other_cells_as_csv_has_them() {
        let mut array = Array::of_kind(Kind::Text);
        // A text is as it is: only a spreadsheet takes one for a formula.
        let cells =
            [Cell::Text("é".into()), Cell::Empty, Cell::Bool(false), Cell::F64(f64::INFINITY), Cell::Text("=1".into())];
        for cell in &cells {
            array.add(cell);
        }
        let Values::Texts(texts) = array.values else { panic!("no texts") };
        assert_eq!((texts.bytes.as_slice(), texts.offsets), ("éFALSEInf=1".as_bytes(), vec![0, 2, 2, 7, 10, 12]));
    }
}
