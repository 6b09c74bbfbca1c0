//! Columns, the kinds of their cells, and cells.
use std::borrow::Cow;
use std::collections::HashMap;

use crate::error::ExportError;

/// No table has more columns.
pub const MOST_COLUMNS: usize = 16_384;

/// So many columns a record may name by itself: of its metrics, of its header, and of what else its steps hold. Every row of a
/// table has a cell in each, also those of other records.
pub const MOST_NAMED: usize = 256;

/// Up to here every integer is an f64.
pub(crate) const EXACT: u64 = 1 << 53;

/// What the cells of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `true` or `false`.
    Bool,
    /// An integer that every f64 holds exactly: up to 2^53.
    Int,
    /// An integer of 64 bits.
    LongInt,
    /// An integer of 64 bits that is not negative.
    UInt,
    /// A float32.
    Float32,
    /// A float64.
    Float64,
    /// Text.
    Text,
}

impl Kind {
    /// The kind that holds the cells of both without changing them.
    pub fn with(self, other: Kind) -> Kind {
        match (self, other) {
            (a, b) if a == b => a,
            (Kind::Int | Kind::LongInt, Kind::Int | Kind::LongInt) => Kind::LongInt,
            (Kind::Int | Kind::Float32 | Kind::Float64, Kind::Int | Kind::Float32 | Kind::Float64) => Kind::Float64,
            _ => Kind::Text,
        }
    }
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What its cells are. A column without any cell is text.
    pub kind: Kind,
}

/// What stands in a row under a column.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell<'a> {
    /// Nothing.
    #[default]
    Empty,
    /// A flag.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// An integer that is not negative.
    UInt(u64),
    /// A float32.
    F32(f32),
    /// A float64.
    F64(f64),
    /// Text, without control characters.
    Text(Cow<'a, str>),
}

impl Cell<'_> {
    /// The same, which needs nothing to be kept.
    pub fn into_owned(self) -> Cell<'static> {
        match self {
            Cell::Empty => Cell::Empty,
            Cell::Bool(flag) => Cell::Bool(flag),
            Cell::Int(value) => Cell::Int(value),
            Cell::UInt(value) => Cell::UInt(value),
            Cell::F32(value) => Cell::F32(value),
            Cell::F64(value) => Cell::F64(value),
            Cell::Text(text) => Cell::Text(Cow::Owned(text.into_owned())),
        }
    }
}

/// Columns in the order in which they were first heard of, each once.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    found: Vec<(String, Option<Kind>)>,
    index: HashMap<String, usize>,
    limit: usize,
}

impl Columns {
    /// No columns yet, and never more than `limit`.
    pub(crate) fn new(limit: usize) -> Self {
        Self { found: Vec::new(), index: HashMap::new(), limit }
    }

    /// A cell of `kind` stands under `name`; `None`: there is a column, and nothing under it.
    pub(crate) fn add(&mut self, name: &str, kind: Option<Kind>) -> Result<(), ExportError> {
        if let Some((_, known)) = self.index.get(name).and_then(|index| self.found.get_mut(*index)) {
            *known = match (*known, kind) {
                (Some(known), Some(kind)) => Some(known.with(kind)),
                (known, kind) => known.or(kind),
            };
            return Ok(());
        }
        if self.found.len() >= self.limit {
            return Err(ExportError::Columns { limit: self.limit });
        }
        self.index.insert(name.to_owned(), self.found.len());
        self.found.push((name.to_owned(), kind));
        Ok(())
    }

    pub(crate) fn merge(&mut self, others: &Columns) -> Result<(), ExportError> {
        others.found.iter().try_for_each(|(name, kind)| self.add(name, *kind))
    }

    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    /// How many of `others` are not there.
    pub(crate) fn missing(&self, others: &Columns) -> usize {
        others.found.iter().filter(|(name, _)| !self.index.contains_key(name)).count()
    }

    pub(crate) fn get(&self, name: &str) -> Option<usize> {
        self.index.get(name).copied()
    }

    pub(crate) fn finish(&self) -> Vec<Column> {
        let column =
            |(name, kind): &(String, Option<Kind>)| Column { name: name.clone(), kind: kind.unwrap_or(Kind::Text) };
        self.found.iter().map(column).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_of_two_kinds_make_a_column_that_holds_both_unchanged() {
        for (a, b, both) in [
            (Kind::Int, Kind::Float32, Kind::Float64),
            (Kind::Float64, Kind::Float32, Kind::Float64),
            (Kind::Int, Kind::LongInt, Kind::LongInt),
            (Kind::LongInt, Kind::Float64, Kind::Text),
            (Kind::Bool, Kind::Int, Kind::Text),
            (Kind::UInt, Kind::UInt, Kind::UInt),
        ] {
            assert_eq!((a.with(b), b.with(a)), (both, both));
        }
    }

    #[test]
    fn a_column_is_known_by_its_name_and_there_is_an_end_to_them() {
        let mut columns = Columns::new(9);
        for (name, kind) in [("a", None), ("b", Some(Kind::Int)), ("a", Some(Kind::Bool)), ("b", Some(Kind::Float32))] {
            columns.add(name, kind).unwrap();
        }
        let kinds: Vec<_> = columns.finish().into_iter().map(|column| (column.name, column.kind)).collect();
        assert_eq!(kinds, [("a".to_owned(), Kind::Bool), ("b".to_owned(), Kind::Float64)]);
        let refused = (0..9).find_map(|index| columns.add(&format!("c{index}"), None).err());
        assert!(matches!(refused, Some(ExportError::Columns { limit: 9 })));
    }
}
