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
            list(values.len(), out, &|index, out| put_integer(values.get(index).copied().unwrap_or_default(), out));
        }
        Value::Tensor(tensor) => list(tensor.len(), out, &|index, out| {
            put_number(tensor.get(index).unwrap_or_default(), write_decimal, out);
        }),
        Value::MultiBinary(values) => {
            list(values.len(), out, &|index, out| {
                put_count(values.get(index).copied().unwrap_or_default().into(), out)
            });
        }
        Value::Tuple(values) | Value::Dict(values) | Value::Sequence(values) => {
            list(values.len(), out, &|index, out| put(values.get(index).unwrap_or(&Value::None), out));
        }
        Value::Text(text) => put_text(text, out),
        Value::OneOf(_, value) => put(value, out),
        Value::None => out.extend_from_slice(b"null"),
        Value::Bool(flag) => put_flag(*flag, out),
    }
}

/// One function for every kind of list: what was refused is shown seldom, and every participant downloads it.
#[inline(never)]
fn list(len: usize, out: &mut Vec<u8>, put: &dyn Fn(usize, &mut Vec<u8>)) {
    put_list(0..len, out, put);
}
