//! Values as messages to people show them.
use std::fmt;

use palaestra_text::json::{put_count, put_flag, put_integer, put_list, put_number, put_text, write_decimal};

use super::{Tensor, Value};

/// As JSON, without its space: a Box is one list, a Dict the list of its members.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        put(self, &mut text);
        f.write_str(&String::from_utf8_lossy(&text))
    }
}

fn put(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Discrete(value) => put_integer(*value, out),
        Value::Tensor(Tensor::I64(values)) | Value::MultiDiscrete(values) => {
            put_list(values.iter(), out, |value, out| put_integer(*value, out));
        }
        Value::Tensor(tensor) => put_list(0..tensor.len(), out, |index, out| {
            put_number(tensor.get(index).unwrap_or_default(), write_decimal, out);
        }),
        Value::MultiBinary(values) => put_list(values.iter(), out, |value, out| put_count(u64::from(*value), out)),
        Value::Tuple(values) | Value::Dict(values) | Value::Sequence(values) => {
            put_list(values.iter(), out, |value, out| put(value, out));
        }
        Value::Text(text) => put_text(text, out),
        Value::OneOf(_, value) => put(value, out),
        Value::None => out.extend_from_slice(b"null"),
        Value::Bool(flag) => put_flag(*flag, out),
    }
}
