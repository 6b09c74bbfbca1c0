//! JSON text, byte for byte what `serde_json` prints.
//!
//! It makes nothing in between, and leaves the printing of fractions to whoever asks: a page's browser can do that, and its
//! module is smaller by `serde_json` and the tables that printing needs.
use std::convert::Infallible;

use serde_json::{Number, Value as Json};

use crate::decimal::Decimal;
use crate::shown::Shown;

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

/// Numbers that are written at once, where each is a digit.
const AT_ONCE: usize = 16;

/// The f32s of a list, little-endian, each with a comma behind it. Observations in planes are long and nearly all zeros and ones, and a record
/// has one per step: this is where the time of its text goes.
pub fn put_f32s(bytes: &[u8], number: WriteNumber, out: &mut Vec<u8>) {
    let (values, _) = bytes.as_chunks();
    let (many, rest) = values.as_chunks();
    for many in many {
        put_numbers(&many.map(|bytes| f32::from_le_bytes(bytes).into()), number, out);
    }
    rest.iter().for_each(|bytes| put_with_comma(f32::from_le_bytes(*bytes).into(), number, out));
}

/// The same of f64s.
pub fn put_f64s(bytes: &[u8], number: WriteNumber, out: &mut Vec<u8>) {
    let (values, _) = bytes.as_chunks();
    let (many, rest) = values.as_chunks();
    for many in many {
        put_numbers(&many.map(f64::from_le_bytes), number, out);
    }
    rest.iter().for_each(|bytes| put_with_comma(f64::from_le_bytes(*bytes), number, out));
}

/// Copied together: to copy a few bytes is a call into the engine.
fn put_numbers(values: &[f64; AT_ONCE], number: WriteNumber, out: &mut Vec<u8>) {
    let mut text = [*b"0.0,"; AT_ONCE];
    for (value, [first, ..]) in values.iter().zip(&mut text) {
        let digit = *value as u8;
        if digit > 9 || f64::from(digit) != *value || value.is_sign_negative() {
            return values.iter().for_each(|value| put_with_comma(*value, number, out));
        }
        *first = b'0' + digit;
    }
    out.extend_from_slice(text.as_flattened());
}

fn put_with_comma(value: f64, number: WriteNumber, out: &mut Vec<u8>) {
    // A whole number needs no search for its shortest text, and on a page no call to its browser.
    let whole = value as i32;
    if f64::from(whole) == value && (whole != 0 || value.is_sign_positive()) {
        put_integer(whole.into(), out);
        out.extend_from_slice(b".0,");
    } else {
        put_number(value, number, out);
        out.push(b',');
    }
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
    let Ok(()) = try_put_list(items, out, |item, out| {
        put(item, out);
        Ok::<_, Infallible>(())
    });
}

/// A list, each of whose items `put` writes, until there is one that it does not.
///
/// # Errors
/// The first that `put` gives; `out` then ends in the middle of the list.
pub fn try_put_list<T, E>(
    items: impl Iterator<Item = T>,
    out: &mut Vec<u8>,
    mut put: impl FnMut(T, &mut Vec<u8>) -> Result<(), E>,
) -> Result<(), E> {
    out.push(b'[');
    for (index, item) in items.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        put(item, out)?;
    }
    out.push(b']');
    Ok(())
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

/// A number as JSON; NaN and the infinities, which JSON has not, by Python's names for them.
pub fn number(value: f64) -> Json {
    match Number::from_f64(value) {
        Some(number) => Json::Number(number),
        None if value.is_nan() => Json::from("NaN"),
        None if value > 0.0 => Json::from("Infinity"),
        None => Json::from("-Infinity"),
    }
}

/// A fraction for people, who need none of the tables with which `serde_json` prints a fraction fast: a fifth of a Worker's module.
pub fn write_decimal(value: f64, out: &mut Vec<u8>) {
    let text = Decimal(value).to_string();
    out.extend_from_slice(text.as_bytes());
    if !text.contains(['.', 'e']) {
        out.extend_from_slice(b".0");
    }
}

/// JSON for an error message: whole where it is short, else its beginning.
pub fn shortened(json: &Json) -> String {
    let mut text = Vec::new();
    put_json(json, write_decimal, &mut text);
    shorten(String::from_utf8_lossy(&text).into_owned())
}

/// Text for an error message: whole where it is short, else its beginning.
pub fn shorten(text: String) -> String {
    Shown(&text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(put: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        put(&mut out);
        String::from_utf8(out).unwrap()
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
        let whole = [-0.0, 0.0, 1.0, -1.0, 10.0, -2_147_483_648.0, 2_147_483_647.0, 2_147_483_648.0, 1e15, 1e16, 1e300];
        for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 0.5, -1.5].into_iter().chain(whole) {
            assert_eq!(text(|out| put_number(value, write_number, out)), number(value).to_string());
        }
        for value in [i64::MIN, -10, 0, 7, i64::MAX] {
            assert_eq!(text(|out| put_integer(value, out)), value.to_string());
        }
        assert_eq!(text(|out| put_count(u64::MAX, out)), u64::MAX.to_string());
    }
}
