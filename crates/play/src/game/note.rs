//! What happened besides steps, as the record's events have it.
use palaestra_text::json::{WriteNumber, put_integer, put_number, put_text};

/// A field's value.
pub(super) enum Field {
    Number(f64),
    Text(&'static str),
    Nothing,
}

/// The text of a JSON object; a whole number has no point, as `JSON.stringify` has it.
pub(super) fn note(number: WriteNumber, fields: &[(&str, Field)]) -> String {
    let mut out = Vec::new();
    let mut before = b'{';
    for (name, field) in fields {
        out.push(before);
        put_text(name, &mut out);
        out.push(b':');
        match field {
            Field::Number(value) if value.trunc() == *value && value.abs() < 9.0e15 => {
                put_integer(*value as i64, &mut out);
            }
            Field::Number(value) if value.is_finite() => put_number(*value, number, &mut out),
            Field::Text(text) => put_text(text, &mut out),
            Field::Number(_) | Field::Nothing => out.extend_from_slice(b"null"),
        }
        before = b',';
    }
    out.push(b'}');
    // Made of texts and of nothing else.
    String::from_utf8(out).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use palaestra_text::json::write_decimal;

    #[test]
    fn a_note_is_an_object_whose_numbers_json_has() {
        let fields = [
            ("whole", Field::Number(-3.0)),
            ("part", Field::Number(0.5)),
            ("far", Field::Number(9.0e15)),
            ("none", Field::Number(f64::NAN)),
            ("endless", Field::Number(f64::INFINITY)),
            ("text", Field::Text("a\"b")),
            ("nothing", Field::Nothing),
        ];
        let text = note(write_decimal, &fields);
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        let expected = serde_json::json!({
            "whole": -3, "part": 0.5, "far": 9.0e15, "none": null, "endless": null, "text": "a\"b", "nothing": null,
        });
        assert_eq!(json, expected, "{text}");
    }
}
