//! Members of spaces as JSON text, byte for byte what `serde_json` prints of [`json::to_json`](crate::json::to_json).
//!
//! It makes nothing in between, and leaves the printing of fractions to whoever asks: a page's browser can do that, and its
//! module is smaller by `serde_json` and the tables that printing needs.
use serde_json::Value as Json;

use crate::space::Space;
use crate::value::{Tensor, Value};

/// Writes the shortest text of a finite number that reads back to the same f64, as `serde_json` prints it: `0.1`, `1.0`, `1e16`.
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

/// `value`, a member of `space`. Where the two do not fit, the parts that do not are `null`.
pub fn put_member(space: &Space, value: &Value, number: WriteNumber, out: &mut Vec<u8>) {
    let put = |(space, value): (&Space, &Value), out: &mut Vec<u8>| put_member(space, value, number, out);
    match (space, value) {
        (_, Value::Discrete(value)) => put_integer(*value, out),
        (Space::Box(space), Value::Tensor(tensor)) => put_nested(&space.shape, tensor, 0, number, out),
        (_, Value::MultiDiscrete(values)) => put_list(values.iter(), out, |value, out| put_integer(*value, out)),
        (_, Value::MultiBinary(values)) => {
            put_list(values.iter(), out, |value, out| put_count(u64::from(*value), out));
        }
        (Space::Tuple { spaces }, Value::Tuple(values)) => put_list(spaces.iter().zip(values), out, put),
        (Space::Dict { spaces }, Value::Dict(values)) => put_dict(spaces, values, number, out),
        (_, Value::Text(text)) => put_text(text, out),
        (_, Value::Bool(value)) => put_flag(*value, out),
        (Space::Sequence { space }, Value::Sequence(values)) => {
            put_list(values.iter().map(|value| (&**space, value)), out, put);
        }
        (Space::OneOf { spaces }, Value::OneOf(index, value)) => match spaces.get(*index) {
            Some(space) => put((space, value), out),
            None => out.extend_from_slice(b"null"),
        },
        _ => out.extend_from_slice(b"null"),
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
fn put_dict(spaces: &[(String, Space)], values: &[Value], number: WriteNumber, out: &mut Vec<u8>) {
    let mut members: Vec<(&str, &Space, &Value)> = Vec::with_capacity(spaces.len());
    for ((name, space), value) in spaces.iter().zip(values) {
        let place = members.iter().position(|member| member.0 >= name.as_str()).unwrap_or(members.len());
        match members.get_mut(place).filter(|member| member.0 == name) {
            Some(member) => *member = (name, space, value),
            None => members.insert(place, (name, space, value)),
        }
    }
    out.push(b'{');
    for (index, (name, space, value)) in members.into_iter().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        put_text(name, out);
        out.push(b':');
        put_member(space, value, number, out);
    }
    out.push(b'}');
}

fn put_nested(shape: &[usize], tensor: &Tensor, offset: usize, number: WriteNumber, out: &mut Vec<u8>) {
    match shape {
        [] => put_element(tensor, offset, number, out),
        [size, inner @ ..] => {
            let stride: usize = inner.iter().product();
            put_list(0..*size, out, |index, out| put_nested(inner, tensor, offset + index * stride, number, out));
        }
    }
}

fn put_element(tensor: &Tensor, index: usize, number: WriteNumber, out: &mut Vec<u8>) {
    match tensor {
        Tensor::F32(_) | Tensor::F64(_) => put_number(tensor.get(index).unwrap_or_default(), number, out),
        Tensor::I64(values) => put_integer(values.get(index).copied().unwrap_or_default(), out),
        _ => put_integer(tensor.get(index).unwrap_or_default() as i64, out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::{number, to_json};
    use crate::rng::SeededRng;
    use crate::space::{BoxSpace, DType};

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
                let found = text(|out| put_member(&space, &value, write_number, out));
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
    fn what_does_not_fit_its_space_is_null() {
        let space = Space::tuple([Space::dict([]), Space::OneOf { spaces: vec![] }]);
        let value = Value::Tuple(vec![Value::None, Value::OneOf(2, Box::new(Value::None))]);
        assert_eq!(text(|out| put_member(&space, &value, write_number, out)), "[null,null]");
    }
}
