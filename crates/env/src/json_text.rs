//! Members of spaces as JSON text, byte for byte what `serde_json` prints of [`json::to_json`](crate::json::to_json).
//!
//! It makes nothing in between, and leaves the printing of fractions to whoever asks: a page's browser can do that, and its
//! module is smaller by `serde_json` and the tables that printing needs.
use serde_json::Value as Json;

use crate::codec::{DecodeError, ValueReader};
use crate::space::{DType, Space};
use crate::value::{Tensor, Value};

/// Writes the shortest text of a finite number that reads back to the same f64, as `serde_json` prints it: `0.1`, `1.0`, `1e+16`.
pub type WriteNumber = fn(f64, &mut Vec<u8>);

/// Numbers as `serde_json` prints them.
pub fn write_number(value: f64, out: &mut Vec<u8>) {
    // Memory takes everything, and an f64 always has a text.
    let _ = serde_json::to_writer(out, &value);
}

/// A number; NaN and the infinities, which JSON has not, by Python's names for them.
pub fn put_number(value: f64, number: WriteNumber, out: &mut Vec<u8>) {
    if value.is_finite() {
        return number(value, out);
    }
    out.extend_from_slice(match value {
        f64::INFINITY => b"\"Infinity\"",
        f64::NEG_INFINITY => b"\"-Infinity\"",
        _ => b"\"NaN\"",
    });
}

/// A whole number.
pub fn put_integer(value: i64, out: &mut Vec<u8>) {
    if value < 0 {
        out.push(b'-');
    }
    put_count(value.unsigned_abs(), out);
}

/// A whole number that is not negative.
pub fn put_count(value: u64, out: &mut Vec<u8>) {
    let start = out.len();
    let mut rest = value;
    loop {
        out.push(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out.get_mut(start..).unwrap_or_default().reverse();
}

/// A text in quotation marks.
pub fn put_text(text: &str, out: &mut Vec<u8>) {
    out.push(b'"');
    for byte in text.bytes() {
        let escaped = match byte {
            b'"' | b'\\' => byte,
            b'\n' => b'n',
            b'\r' => b'r',
            b'\t' => b't',
            0x08 => b'b',
            0x0c => b'f',
            0..0x20 => {
                let digit = |four: u8| if four < 10 { b'0' + four } else { b'a' + four - 10 };
                out.extend_from_slice(&[b'\\', b'u', b'0', b'0', digit(byte >> 4), digit(byte & 15)]);
                continue;
            }
            _ => {
                out.push(byte);
                continue;
            }
        };
        out.extend_from_slice(&[b'\\', escaped]);
    }
    out.push(b'"');
}

/// A list, each of whose items `put` writes.
pub fn put_list<T>(items: impl Iterator<Item = T>, out: &mut Vec<u8>, mut put: impl FnMut(T, &mut Vec<u8>)) {
    out.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        put(item, out);
    }
    out.push(b']');
}

/// The next member of `space` in `reader`.
///
/// # Errors
/// [`DecodeError`] where the bytes do not hold a member's shape; `out` then ends anywhere.
pub fn put_next(
    space: &Space,
    reader: &mut ValueReader<'_>,
    number: WriteNumber,
    out: &mut Vec<u8>,
) -> Result<(), DecodeError> {
    match space {
        Space::Discrete { .. } => put_integer(reader.cursor().i64()?, out),
        Space::Box(space) => put_box(&space.shape, space.dtype, reader, number, out)?,
        Space::MultiDiscrete { nvec } => put_box(&[nvec.len()], DType::Int64, reader, number, out)?,
        Space::MultiBinary { n } => put_box(&[*n], DType::Uint8, reader, number, out)?,
        Space::Tuple { spaces } => put_all(spaces.iter(), reader, number, out)?,
        Space::Dict { spaces } => put_dict(spaces, reader, number, out)?,
        Space::Text { .. } => put_text(reader.text()?, out),
        Space::Sequence { space } => {
            let count = reader.count(space)?;
            put_all((0..count).map(|_| &**space), reader, number, out)?;
        }
        Space::OneOf { spaces } => {
            let space = reader.one_of(spaces)?;
            put_next(space, reader, number, out)?;
        }
        Space::None => out.extend_from_slice(b"null"),
        Space::Bool => put_flag(reader.u8()? != 0, out),
    }
    Ok(())
}

fn put_all<'a>(
    spaces: impl Iterator<Item = &'a Space>,
    reader: &mut ValueReader<'_>,
    number: WriteNumber,
    out: &mut Vec<u8>,
) -> Result<(), DecodeError> {
    let mut done = Ok(());
    put_list(spaces, out, |space, out| {
        if done.is_ok() {
            done = put_next(space, reader, number, out);
        }
    });
    done
}

/// A value whose space is not at hand: a Box is one list, a Dict the list of its members.
pub fn put_value(value: &Value, number: WriteNumber, out: &mut Vec<u8>) {
    match value {
        Value::Discrete(value) => put_integer(*value, out),
        Value::Tensor(Tensor::I64(values)) | Value::MultiDiscrete(values) => {
            put_list(values.iter(), out, |value, out| put_integer(*value, out));
        }
        Value::Tensor(tensor) => put_list(0..tensor.len(), out, |index, out| {
            put_number(tensor.get(index).unwrap_or_default(), number, out);
        }),
        Value::MultiBinary(values) => put_list(values.iter(), out, |value, out| put_count(u64::from(*value), out)),
        Value::Tuple(values) | Value::Dict(values) | Value::Sequence(values) => {
            put_list(values.iter(), out, |value, out| put_value(value, number, out));
        }
        Value::Text(text) => put_text(text, out),
        Value::OneOf(_, value) => put_value(value, number, out),
        Value::None => out.extend_from_slice(b"null"),
        Value::Bool(flag) => put_flag(*flag, out),
    }
}

/// Any JSON, as `serde_json` prints it but for its fractions.
pub fn put_json(json: &Json, number: WriteNumber, out: &mut Vec<u8>) {
    match json {
        Json::Null => out.extend_from_slice(b"null"),
        Json::Bool(flag) => put_flag(*flag, out),
        Json::Number(value) => match (value.as_u64(), value.as_i64()) {
            (Some(count), _) => put_count(count, out),
            (None, Some(integer)) => put_integer(integer, out),
            (None, None) => put_number(value.as_f64().unwrap_or(f64::NAN), number, out),
        },
        Json::String(text) => put_text(text, out),
        Json::Array(items) => put_list(items.iter(), out, |item, out| put_json(item, number, out)),
        Json::Object(members) => {
            out.push(b'{');
            for (index, (name, value)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                put_text(name, out);
                out.push(b':');
                put_json(value, number, out);
            }
            out.push(b'}');
        }
    }
}

/// `true` or `false`.
pub fn put_flag(flag: bool, out: &mut Vec<u8>) {
    out.extend_from_slice(if flag { b"true" } else { b"false" });
}

/// Its names stand in the order of their letters, each once, as in a `serde_json::Map`.
fn put_dict(
    spaces: &[(String, Space)],
    reader: &mut ValueReader<'_>,
    number: WriteNumber,
    out: &mut Vec<u8>,
) -> Result<(), DecodeError> {
    let mut members = Vec::with_capacity(spaces.len());
    for (name, space) in spaces {
        let place = members.partition_point(|(known, ..): &(&str, _, _)| *known < name.as_str());
        let member = (name.as_str(), space, reader.clone());
        reader.skip(space)?;
        match members.get_mut(place).filter(|known| known.0 == name) {
            Some(known) => *known = member,
            None => members.insert(place, member),
        }
    }
    let mut before = b'{';
    for (name, space, mut reader) in members {
        out.push(before);
        put_text(name, out);
        out.push(b':');
        put_next(space, &mut reader, number, out)?;
        before = b',';
    }
    if before == b'{' {
        out.push(before);
    }
    out.push(b'}');
    Ok(())
}

/// Nested lists by the shape.
fn put_box(
    shape: &[usize],
    dtype: DType,
    reader: &mut ValueReader<'_>,
    number: WriteNumber,
    out: &mut Vec<u8>,
) -> Result<(), DecodeError> {
    let cursor = reader.cursor();
    let [size, inner @ ..] = shape else {
        match dtype {
            DType::Float32 => put_number(f64::from(f32::from_le_bytes(cursor.array()?)), number, out),
            DType::Float64 => put_number(cursor.f64()?, number, out),
            DType::Uint8 => put_integer(cursor.u8()?.into(), out),
            DType::Int8 => put_integer(i8::from_le_bytes(cursor.array()?).into(), out),
            DType::Int32 => put_integer(i32::from_le_bytes(cursor.array()?).into(), out),
            DType::Int64 => put_integer(cursor.i64()?, out),
        }
        return Ok(());
    };
    let mut done = Ok(());
    put_list(0..*size, out, |_, out| {
        if done.is_ok() {
            done = put_box(inner, dtype, reader, number, out);
        }
    });
    done
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::ValueWriter;
    use crate::json::{number, to_json};
    use crate::rng::SeededRng;
    use crate::space::BoxSpace;
    use crate::value::{Tensor, Value};

    fn text(put: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        put(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_member_reads_as_serde_json_prints_it() {
        let boxed = |dtype| Space::Box(BoxSpace::uniform(-9.0, 99.0, &[2, 1, 3], dtype));
        let dtypes = [DType::Float32, DType::Float64, DType::Uint8, DType::Int8, DType::Int32, DType::Int64];
        let spaces = dtypes.map(boxed).into_iter().chain([
            Space::discrete(300),
            Space::Discrete { n: 10, start: i64::MIN },
            Space::MultiDiscrete { nvec: vec![7, 1000] },
            Space::MultiBinary { n: 3 },
            Space::dict([
                ("zebra", Space::tuple([Space::Bool, Space::None])),
                ("ant", Space::optional(boxed(DType::Float32))),
                ("Bee", Space::sequence(Space::Bool)),
                ("empty", Space::dict([])),
            ]),
        ]);
        let mut rng = SeededRng::new(3);
        for space in spaces {
            for _ in 0..100 {
                let value = Value::sample(&space, &mut rng);
                let mut bytes = ValueWriter::new();
                bytes.value(&value);
                let mut reader = ValueReader::new(bytes.bytes());
                let found = text(|out| put_next(&space, &mut reader, write_number, out).unwrap());
                assert_eq!(reader.left(), 0, "{space}");
                assert_eq!(found, to_json(&space, &value).to_string(), "{space}");
            }
        }
    }

    #[test]
    fn any_json_reads_as_serde_json_prints_it() {
        let json = serde_json::json!({
            "b": [null, true, false, -3, 0, u64::MAX, i64::MIN, 0.1, -2.5e-7, 1e300], "a\n": {"": {}, "x": []}, "é": "\"",
        });
        assert_eq!(text(|out| put_json(&json, write_number, out)), json.to_string());
    }

    #[test]
    fn every_text_is_escaped_as_serde_json_does() {
        let all: String = (0..0x180).filter_map(char::from_u32).chain(['\u{2028}', '😀']).collect();
        assert_eq!(text(|out| put_text(&all, out)), serde_json::to_string(&all).unwrap());
    }

    #[test]
    fn numbers_that_json_has_not_are_named_and_whole_ones_reach_their_limits() {
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -0.0, 1.0, 1e16] {
            assert_eq!(text(|out| put_number(value, write_number, out)), number(value).to_string());
        }
        for value in [i64::MIN, -10, 0, 7, i64::MAX] {
            assert_eq!(text(|out| put_integer(value, out)), value.to_string());
        }
        assert_eq!(text(|out| put_count(u64::MAX, out)), u64::MAX.to_string());
    }

    #[test]
    fn bytes_that_end_too_early_are_an_error_wherever_they_end() {
        let space = Space::dict([
            ("image", Space::Box(BoxSpace::uniform(0.0, 1.0, &[2, 2], DType::Float32))),
            ("names", Space::sequence(Space::optional(Space::text(9)))),
        ]);
        let name = |text: &str| Value::OneOf(1, Box::new(Value::Text(text.to_owned())));
        let image = Value::Tensor(Tensor::F32(vec![0.5; 4]));
        let value = Value::Dict(vec![image, Value::Sequence(vec![name("a"), name("bc")])]);
        let mut bytes = ValueWriter::new();
        bytes.value(&value);
        for len in 0..bytes.len() {
            let mut reader = ValueReader::new(&bytes.bytes()[..len]);
            assert!(put_next(&space, &mut reader, write_number, &mut Vec::new()).is_err(), "{len}");
        }
    }
}
