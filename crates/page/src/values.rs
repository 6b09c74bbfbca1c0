//! Members of spaces out of JavaScript values: numbers, strings, typed arrays or arrays for boxes, arrays, objects.
use js_sys::{Array, Reflect};
use palaestra_env::{BoxSpace, Space, Tensor, Value};
use wasm_bindgen::prelude::*;

use crate::js::{self, integer};

/// The member of `space` that a JavaScript value stands for; `None` where there is none.
#[inline(never)]
pub(crate) fn from_js(space: &Space, value: &JsValue) -> Option<Value> {
    read(space, value).filter(|value| space.contains(value))
}

/// The value of a space's shape, which may lie beyond its bounds.
#[inline(never)]
pub(crate) fn read(space: &Space, value: &JsValue) -> Option<Value> {
    Some(match space {
        Space::Discrete { .. } => Value::Discrete(integer(value)?),
        Space::Box(space) => Value::Tensor(read_box(space, value)?),
        Space::MultiDiscrete { .. } => Value::MultiDiscrete(items(value)?.iter().map(integer).collect::<Option<_>>()?),
        Space::MultiBinary { .. } => {
            let bits = items(value)?;
            let bits = bits.iter().map(|bit| integer(bit).and_then(|bit| u8::try_from(bit).ok()));
            Value::MultiBinary(bits.collect::<Option<_>>()?)
        }
        Space::Tuple { spaces } => {
            let items = items(value).filter(|items| items.len() == spaces.len())?;
            Value::Tuple(spaces.iter().zip(&items).map(|(space, item)| read(space, item)).collect::<Option<_>>()?)
        }
        Space::Dict { spaces } if value.is_object() => {
            let values = spaces.iter().map(|(name, space)| read(space, &js::get(value, name)));
            Value::Dict(values.collect::<Option<_>>()?)
        }
        Space::Text { .. } => Value::Text(value.as_string()?),
        Space::Sequence { space } => {
            Value::Sequence(items(value)?.iter().map(|item| read(space, item)).collect::<Option<_>>()?)
        }
        Space::OneOf { spaces } => spaces
            .iter()
            .enumerate()
            .find_map(|(index, space)| from_js(space, value).map(|value| Value::OneOf(index, Box::new(value))))?,
        Space::Bool => Value::Bool(value.as_bool()?),
        Space::None if value.is_null() || value.is_undefined() => Value::None,
        Space::Dict { .. } | Space::None => return None,
    })
}

/// The elements of an array or of a typed array.
fn items(value: &JsValue) -> Option<Vec<JsValue>> {
    if let Some(array) = value.dyn_ref::<Array>() {
        return Some(array.iter().collect());
    }
    let length = value.is_object().then(|| js::get(value, "length").as_f64()).flatten()?;
    js_sys::ArrayBuffer::is_view(value)
        .then(|| (0..length as u32).map(|index| Reflect::get_u32(value, index).unwrap_or(JsValue::UNDEFINED)).collect())
}

fn read_box(space: &BoxSpace, value: &JsValue) -> Option<Tensor> {
    let mut values = Vec::with_capacity(space.len());
    flatten(value, space.len(), space.shape.len().max(1), &mut values)?;
    let tensor = Tensor::from_f64s(space.dtype, values.iter().copied());
    // A whole number beyond the dtype becomes its nearest one, which may well be a member.
    (values.len() == space.len() && (space.dtype.is_float() || tensor.iter().eq(values))).then_some(tensor)
}

/// Numbers out of a number, a flat array or arrays nested as deep as the shape: an array can hold itself.
fn flatten(value: &JsValue, most: usize, depth: usize, values: &mut Vec<f64>) -> Option<()> {
    if let Some(number) = js::as_number(value) {
        values.push(number);
        return (values.len() <= most).then_some(());
    }
    let deeper = depth.checked_sub(1)?;
    items(value)?.iter().try_for_each(|item| flatten(item, most, deeper, values))
}
