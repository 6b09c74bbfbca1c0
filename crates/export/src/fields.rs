//! JSON that a record brings along, as columns and cells.
use std::borrow::Cow;
use std::collections::HashSet;

use serde_json::{Map, Number, Value as Json};

use crate::column::{Cell, EXACT, Kind};
use crate::error::ExportError;
use crate::text::{apart, escaped, fit};

/// What [`spread`] tells of a cell: its column, what it is (`None`: nothing stands there), and the cell.
pub(crate) type Visit<'f, 'j> = &'f mut dyn FnMut(&str, Option<Kind>, Cell<'j>) -> Result<(), ExportError>;

/// Tells the cells of an object's members: those of objects are spread over `name.key`, lists are JSON. No two have one name.
///
/// # Errors
/// Those of `visit`.
pub(crate) fn spread<'j>(name: &str, fields: &'j Map<String, Json>, visit: Visit<'_, 'j>) -> Result<(), ExportError> {
    spread_beside(&mut HashSet::new(), name, fields, visit)
}

fn spread_beside<'j>(
    taken: &mut HashSet<String>,
    name: &str,
    fields: &'j Map<String, Json>,
    visit: Visit<'_, 'j>,
) -> Result<(), ExportError> {
    fields.iter().try_for_each(|(key, json)| {
        let name = format!("{name}.{key}");
        match json {
            Json::Object(fields) => spread_beside(taken, &name, fields, visit),
            json => {
                let (kind, cell) = json_cell(json);
                // There may be a key such as `a.b` beside an object `a`.
                visit(&apart(fit(&name).into_owned(), taken), kind, cell)
            }
        }
    })
}

/// How many cells [`spread`] tells of a member.
pub(crate) fn count(json: &Json) -> usize {
    match json {
        Json::Object(fields) => fields.values().map(count).sum(),
        _ => 1,
    }
}

fn json_cell(json: &Json) -> (Option<Kind>, Cell<'_>) {
    match json {
        Json::Null => (None, Cell::Empty),
        Json::Bool(flag) => (Some(Kind::Bool), Cell::Bool(*flag)),
        Json::Number(number) => {
            let (kind, cell) = number_cell(number);
            (Some(kind), cell)
        }
        Json::String(text) => (Some(Kind::Text), Cell::Text(escaped(text))),
        json => (Some(Kind::Text), Cell::Text(Cow::Owned(escaped(&json.to_string()).into_owned()))),
    }
}

fn number_cell(number: &Number) -> (Kind, Cell<'static>) {
    match (number.as_i64(), number.as_u64()) {
        (Some(value), _) if value.unsigned_abs() <= EXACT => (Kind::Int, Cell::Int(value)),
        (Some(value), _) => (Kind::LongInt, Cell::Int(value)),
        (None, Some(value)) => (Kind::UInt, Cell::UInt(value)),
        (None, None) => (Kind::Float64, Cell::F64(number.as_f64().unwrap_or(f64::NAN))),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_spread_by_its_names() {
        let json = json!({"a": 1, "b": {"c": null, "d": [1, 2]}, "e": 0.5, "f": u64::MAX, "g": "x", "h": 1_i64 << 60});
        let mut found = Vec::new();
        spread("header", json.as_object().unwrap(), &mut |name, kind, cell| {
            found.push((name.to_owned(), kind, format!("{cell:?}")));
            Ok(())
        })
        .unwrap();
        let expected = [
            ("header.a", Some(Kind::Int), "Int(1)"),
            ("header.b.c", None, "Empty"),
            ("header.b.d", Some(Kind::Text), "Text(\"[1,2]\")"),
            ("header.e", Some(Kind::Float64), "F64(0.5)"),
            ("header.f", Some(Kind::UInt), "UInt(18446744073709551615)"),
            ("header.g", Some(Kind::Text), "Text(\"x\")"),
            ("header.h", Some(Kind::LongInt), "Int(1152921504606846976)"),
        ];
        let expected: Vec<_> = expected.map(|(name, kind, cell)| (name.to_owned(), kind, cell.to_owned())).into();
        assert_eq!(found, expected);
    }

    #[test]
    fn names_that_would_be_the_same_are_told_apart() {
        let long = |end: &str| format!("{}{end}", "x".repeat(500));
        let json = json!({"a": {"b": 1}, "a.b": 2, "a.b#2": 3, long("y"): 4, long("z"): 5});
        let fields = json.as_object().unwrap();
        let mut found = Vec::new();
        spread("header", fields, &mut |name, _, cell| {
            found.push((name.to_owned(), cell));
            Ok(())
        })
        .unwrap();
        let [first, second, third, fourth, fifth] = &found[..] else { panic!("{found:?}") };
        assert_eq!(first, &("header.a.b".to_owned(), Cell::Int(1)));
        assert_eq!(second, &("header.a.b#2".to_owned(), Cell::Int(2)));
        assert_eq!(third, &("header.a.b#2#2".to_owned(), Cell::Int(3)));
        assert_eq!((&fourth.1, &fifth.1), (&Cell::Int(4), &Cell::Int(5)));
        assert_eq!(fifth.0, format!("{}#2", fourth.0));
        assert_eq!(fields.values().map(count).sum::<usize>(), found.len());
    }
}
