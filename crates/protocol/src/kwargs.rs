//! Keyword arguments and reset options as plain values. Apart from the rest, because a page has no `serde_json`.
use serde_json::{Map, Value as Json};

use crate::plain::{PlainVisitor, PlainWriter, Scalar, read_plain};

/// Arguments by name.
type Kwargs = Map<String, Json>;

/// Reads the bytes of a plain object; none are no arguments.
///
/// # Errors
/// What is wrong with them, in words.
pub fn read_kwargs(bytes: &[u8]) -> Result<Kwargs, String> {
    if bytes.is_empty() { Ok(Kwargs::new()) } else { read_given(bytes) }
}

/// A function of its own: most games are given no arguments, and do without the part of the module that reads them.
#[inline(never)]
fn read_given(bytes: &[u8]) -> Result<Kwargs, String> {
    let value = read_plain(bytes, &mut ToJson).map_err(|error| error.to_string())?;
    match value {
        Json::Object(kwargs) => Ok(kwargs),
        Json::Null => Ok(Kwargs::new()),
        _ => Err("expected an object of arguments, found another value".to_owned()),
    }
}

struct ToJson;

impl PlainVisitor for ToJson {
    type Value = Json;

    fn scalar(&mut self, value: Scalar<'_>) -> Json {
        match value {
            Scalar::Null => Json::Null,
            Scalar::Flag(flag) => Json::Bool(flag),
            Scalar::Integer(number) => Json::from(number),
            Scalar::Count(number) => Json::from(number),
            // NaN and the infinities, which JSON has not, become null, as `JSON.stringify` has them.
            Scalar::Number(number) => Json::from(number),
            Scalar::Text(text) => Json::from(text),
        }
    }

    fn list(&mut self, items: Vec<Json>) -> Json {
        Json::Array(items)
    }

    fn object(&mut self, members: Vec<(&str, Json)>) -> Json {
        // One after another: collecting them would bring a sort into every Worker's module.
        let mut object = Kwargs::new();
        for (name, value) in members {
            object.insert(name.to_owned(), value);
        }
        Json::Object(object)
    }
}

/// Writes arguments as the bytes that [`read_kwargs`] reads.
pub fn write_kwargs(kwargs: &Kwargs) -> Vec<u8> {
    let mut writer = PlainWriter::new();
    put_members(kwargs, &mut writer);
    writer.into_bytes()
}

fn put_members(members: &Kwargs, writer: &mut PlainWriter) {
    writer.object(members.len());
    for (name, value) in members {
        writer.name(name);
        put(value, writer);
    }
}

fn put(value: &Json, writer: &mut PlainWriter) {
    match value {
        Json::Null => writer.null(),
        Json::Bool(flag) => writer.flag(*flag),
        Json::Number(number) => match (number.as_i64(), number.as_u64()) {
            (Some(integer), _) => writer.integer(integer),
            (None, Some(count)) => writer.count(count),
            (None, None) => writer.number(number.as_f64().unwrap_or(f64::NAN)),
        },
        Json::String(text) => writer.text(text),
        Json::Array(items) => {
            writer.list(items.len());
            items.iter().for_each(|item| put(item, writer));
        }
        Json::Object(members) => put_members(members, writer),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn arguments_read_back_as_they_were_written() {
        let arguments = json!({
            "none": null, "flag": true, "low": i64::MIN, "high": u64::MAX, "half": 0.5, "name": "é",
            "list": [1, [2.5, "x"], {}], "object": {"a": {"b": []}},
        });
        let kwargs = arguments.as_object().cloned().unwrap();
        assert_eq!(read_kwargs(&write_kwargs(&kwargs)).unwrap(), kwargs);
        assert_eq!(read_kwargs(&[]).unwrap(), Kwargs::new());
        let mut nothing = PlainWriter::new();
        nothing.null();
        assert_eq!(read_kwargs(&nothing.into_bytes()).unwrap(), Kwargs::new());
    }

    #[test]
    fn what_is_no_object_is_told() {
        let mut writer = PlainWriter::new();
        writer.integer(3);
        assert!(read_kwargs(&writer.into_bytes()).unwrap_err().contains("expected an object"));
        assert!(read_kwargs(&[99]).is_err());
    }
}
