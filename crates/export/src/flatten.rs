//! Members of spaces as columns and cells: the same in number and order.
//!
//! | space | columns |
//! |---|---|
//! | Discrete, Text, bool, a Box of shape `()` | one, of the name given |
//! | Box, MultiDiscrete, MultiBinary | one per element in row-major order: `name_0`, `name_1`, …; JSON in one if there are too many |
//! | Tuple | those of its members: `name_0`, … |
//! | Dict | those of its members: `name.key`, … |
//! | Sequence, OneOf | one, JSON; empty where a OneOf is `None`, since readers take `null` for nothing |
//! | None | none |
use std::borrow::Cow;
use std::collections::HashSet;

use palaestra_env::{BoxSpace, DType, Space, Tensor, Value};
use palaestra_record::members::to_json;

use crate::column::{Cell, EXACT, Kind};
use crate::text::{apart, escaped, fit};

/// An array of more elements than these stands in one column, as JSON.
pub(crate) const MOST_ELEMENTS: usize = 2_048;

/// The columns of the members of `space`, the first part of whose names is `name`. No two have one name.
pub(crate) fn columns(space: &Space, name: &str) -> Vec<(String, Kind)> {
    let mut found = Vec::new();
    add(space, name.to_owned(), &mut found);
    let mut taken = HashSet::new();
    for (name, _) in &mut found {
        // There may be a key such as `a_0` beside an array `a`.
        *name = apart(fit(name).into_owned(), &mut taken);
    }
    found
}

fn add(space: &Space, name: String, out: &mut Vec<(String, Kind)>) {
    let elements = |count: usize, kind: Kind, out: &mut Vec<(String, Kind)>| match count {
        0..=MOST_ELEMENTS => out.extend((0..count).map(|index| (format!("{name}_{index}"), kind))),
        _ => out.push((name.clone(), Kind::Text)),
    };
    match space {
        Space::Discrete { n, start } => {
            let exact = start.unsigned_abs().saturating_add(n.unsigned_abs()) <= EXACT;
            out.push((name, if exact { Kind::Int } else { Kind::LongInt }));
        }
        Space::Box(space) if space.shape.is_empty() => out.push((name, kind_of(space))),
        Space::Box(space) => elements(space.len(), kind_of(space), out),
        Space::MultiDiscrete { nvec } => {
            let exact = nvec.iter().all(|n| n.unsigned_abs() <= EXACT);
            elements(nvec.len(), if exact { Kind::Int } else { Kind::LongInt }, out);
        }
        Space::MultiBinary { n } => elements(*n, Kind::Int, out),
        Space::Tuple { spaces } => {
            spaces.iter().enumerate().for_each(|(index, space)| add(space, format!("{name}_{index}"), out));
        }
        Space::Dict { spaces } => spaces.iter().for_each(|(key, space)| add(space, format!("{name}.{key}"), out)),
        Space::Text { .. } | Space::Sequence { .. } | Space::OneOf { .. } => out.push((name, Kind::Text)),
        Space::None => {}
        Space::Bool => out.push((name, Kind::Bool)),
    }
}

fn kind_of(space: &BoxSpace) -> Kind {
    let exact = |bound: &f64| bound.abs() <= EXACT as f64;
    match space.dtype {
        DType::Float32 => Kind::Float32,
        DType::Float64 => Kind::Float64,
        DType::Int64 if !space.low.iter().chain(&space.high).all(exact) => Kind::LongInt,
        DType::Uint8 | DType::Int8 | DType::Int32 | DType::Int64 => Kind::Int,
    }
}

/// The cells of `value`, a member of `space`, in the order of its [`columns`]. What does not fit the space is left empty.
pub(crate) fn cells<'v>(space: &Space, value: Option<&'v Value>, out: &mut Vec<Cell<'v>>) {
    let as_json = |value: &Value| Cell::Text(Cow::Owned(escaped(&to_json(space, value).to_string()).into_owned()));
    match (space, value) {
        (Space::Discrete { .. }, Some(Value::Discrete(value))) => out.push(Cell::Int(*value)),
        (Space::Box(space), Some(Value::Tensor(tensor)))
            if space.len() == tensor.len() && (space.shape.is_empty() || tensor.len() <= MOST_ELEMENTS) =>
        {
            elements(tensor, out);
        }
        (Space::MultiDiscrete { nvec }, Some(Value::MultiDiscrete(values)))
            if nvec.len() == values.len() && values.len() <= MOST_ELEMENTS =>
        {
            out.extend(values.iter().map(|value| Cell::Int(*value)));
        }
        (Space::MultiBinary { n }, Some(Value::MultiBinary(bits))) if *n == bits.len() && *n <= MOST_ELEMENTS => {
            out.extend(bits.iter().map(|bit| Cell::Int((*bit).into())));
        }
        (Space::Tuple { spaces }, Some(Value::Tuple(values))) => {
            spaces.iter().enumerate().for_each(|(index, space)| cells(space, values.get(index), out));
        }
        (Space::Dict { spaces }, Some(Value::Dict(values))) => {
            spaces.iter().enumerate().for_each(|(index, (_, space))| cells(space, values.get(index), out));
        }
        (Space::Text { .. }, Some(Value::Text(text))) => out.push(Cell::Text(escaped(text))),
        (Space::Bool, Some(Value::Bool(flag))) => out.push(Cell::Bool(*flag)),
        (Space::None, _) => {}
        (Space::OneOf { .. }, Some(Value::OneOf(_, member))) if **member == Value::None => out.push(Cell::Empty),
        (_, value) => {
            let count = columns(space, "").len();
            match value {
                Some(value) if count == 1 => out.push(as_json(value)),
                _ => out.extend((0..count).map(|_| Cell::Empty)),
            }
        }
    }
}

fn elements(tensor: &Tensor, out: &mut Vec<Cell<'_>>) {
    match tensor {
        Tensor::F32(values) => out.extend(values.iter().map(|value| Cell::F32(*value))),
        Tensor::F64(values) => out.extend(values.iter().map(|value| Cell::F64(*value))),
        Tensor::U8(values) => out.extend(values.iter().map(|value| Cell::Int((*value).into()))),
        Tensor::I8(values) => out.extend(values.iter().map(|value| Cell::Int((*value).into()))),
        Tensor::I32(values) => out.extend(values.iter().map(|value| Cell::Int((*value).into()))),
        Tensor::I64(values) => out.extend(values.iter().map(|value| Cell::Int(*value))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(space: &Space, value: &Value) -> Vec<(String, Kind, String)> {
        let mut found = Vec::new();
        cells(space, Some(value), &mut found);
        let columns = columns(space, "obs");
        assert_eq!(columns.len(), found.len());
        let shown = |cell: Cell<'_>| format!("{cell:?}");
        columns.into_iter().zip(found).map(|((name, kind), cell)| (name, kind, shown(cell))).collect()
    }

    #[test]
    fn every_space_has_as_many_columns_as_its_members_have_cells() {
        let grid = BoxSpace::uniform(0.0, 9.0, &[2, 2], DType::Uint8);
        let space = Space::dict([
            ("at", Space::tuple([Space::discrete(4), Space::Box(grid)])),
            ("prob", Space::Box(BoxSpace::uniform(0.0, 1.0, &[], DType::Float32))),
            ("held", Space::optional(Space::discrete(3))),
            ("lost", Space::optional(Space::discrete(3))),
            ("many", Space::sequence(Space::discrete(3))),
            ("what", Space::text(9)),
            ("none", Space::None),
            ("sure", Space::Bool),
            ("bits", Space::MultiBinary { n: 2 }),
            ("long", Space::MultiDiscrete { nvec: vec![i64::MAX] }),
        ]);
        let value = Value::Dict(vec![
            Value::Tuple(vec![Value::Discrete(3), Value::Tensor(Tensor::U8(vec![1, 2, 3, 4]))]),
            Value::Tensor(Tensor::F32(vec![0.5])),
            Value::OneOf(1, Box::new(Value::Discrete(2))),
            Value::OneOf(0, Box::new(Value::None)),
            Value::Sequence(vec![Value::Discrete(1), Value::Discrete(0)]),
            Value::Text("a\nb".to_owned()),
            Value::None,
            Value::Bool(true),
            Value::MultiBinary(vec![1, 0]),
            Value::MultiDiscrete(vec![7]),
        ]);
        let found = named(&space, &value);
        let expected = [
            ("obs.at_0", Kind::Int, "Int(3)"),
            ("obs.at_1_0", Kind::Int, "Int(1)"),
            ("obs.at_1_1", Kind::Int, "Int(2)"),
            ("obs.at_1_2", Kind::Int, "Int(3)"),
            ("obs.at_1_3", Kind::Int, "Int(4)"),
            ("obs.prob", Kind::Float32, "F32(0.5)"),
            ("obs.held", Kind::Text, "Text(\"2\")"),
            ("obs.lost", Kind::Text, "Empty"),
            ("obs.many", Kind::Text, "Text(\"[1,0]\")"),
            ("obs.what", Kind::Text, "Text(\"a\\\\u000ab\")"),
            ("obs.sure", Kind::Bool, "Bool(true)"),
            ("obs.bits_0", Kind::Int, "Int(1)"),
            ("obs.bits_1", Kind::Int, "Int(0)"),
            ("obs.long_0", Kind::LongInt, "Int(7)"),
        ];
        let expected: Vec<_> = expected.map(|(name, kind, cell)| (name.to_owned(), kind, cell.to_owned())).into();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_value_that_is_none_of_its_space_leaves_its_cells_empty() {
        let space = Space::tuple([Space::discrete(2), Space::MultiBinary { n: 2 }]);
        for value in [None, Some(&Value::None)] {
            let mut found = Vec::new();
            cells(&space, value, &mut found);
            assert_eq!(found, [Cell::Empty, Cell::Empty, Cell::Empty]);
        }
    }

    #[test]
    fn what_has_too_many_elements_for_columns_is_json_in_one() {
        let space = Space::MultiBinary { n: MOST_ELEMENTS + 1 };
        let found = named(&space, &Value::MultiBinary(vec![1; MOST_ELEMENTS + 1]));
        assert_eq!((found.len(), found[0].0.as_str(), found[0].1), (1, "obs", Kind::Text));
        assert!(found[0].2.starts_with("Text(\"[1,1,"));
    }

    #[test]
    fn names_that_would_be_the_same_are_told_apart_and_long_ones_are_cut() {
        let long = "x".repeat(500);
        let space = Space::dict([
            ("a", Space::MultiBinary { n: 1 }),
            ("a_0", Space::Bool),
            (long.as_str(), Space::Bool),
            ("b\u{1b}", Space::Bool),
        ]);
        let names: Vec<_> = columns(&space, "obs").into_iter().map(|(name, _)| name).collect();
        assert_eq!((names[0].as_str(), names[1].as_str()), ("obs.a_0", "obs.a_0#2"));
        assert!(names[2].len() < 150 && names[2].ends_with("characters)"), "{}", names[2]);
        assert_eq!(names[3], "obs.b\\u001b");
    }
}
