//! Members of spaces as JSON, the way the Python references' trajectories hold them.
//!
//! A Box is nested lists by its shape, a Dict an object, a Tuple or Sequence a list, a OneOf its member alone, None `null`.
//! A float32 is widened before it is written; `serde_json` prints the shortest text that reads back to the same f64.
pub mod text;

use std::fmt;

use palaestra_env::{BoxSpace, DType, Space, Spec, Tensor, Value};
use palaestra_text::json::{number, shortened};
use serde_json::{Map, Value as Json};

/// JSON that is no member of the space it was read for.
#[derive(Clone, Debug, PartialEq)]
pub struct NotAMember {
    /// The space, as it prints.
    pub expected: String,
    /// The JSON found.
    pub found: String,
}

impl fmt::Display for NotAMember {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {}, found {}", self.expected, self.found)
    }
}

impl std::error::Error for NotAMember {}

/// The JSON of `value`, a member of `space`. Where the two do not fit, the parts that do not are `null`.
pub fn to_json(space: &Space, value: &Value) -> Json {
    match (space, value) {
        (_, Value::Discrete(value)) => Json::from(*value),
        (Space::Box(space), Value::Tensor(tensor)) => nested(&space.shape, tensor, 0),
        (_, Value::MultiDiscrete(values)) => Json::from(values.clone()),
        (_, Value::MultiBinary(values)) => Json::from(values.clone()),
        (Space::Tuple { spaces }, Value::Tuple(values)) => {
            spaces.iter().zip(values).map(|(space, value)| to_json(space, value)).collect()
        }
        (Space::Dict { spaces }, Value::Dict(values)) => {
            let entries = spaces.iter().zip(values).map(|((name, space), value)| (name.clone(), to_json(space, value)));
            Json::Object(entries.collect())
        }
        (_, Value::Text(text)) => Json::from(text.clone()),
        (_, Value::Bool(value)) => Json::from(*value),
        (Space::Sequence { space }, Value::Sequence(values)) => {
            values.iter().map(|value| to_json(space, value)).collect()
        }
        (Space::OneOf { spaces }, Value::OneOf(index, value)) => {
            spaces.get(*index).map_or(Json::Null, |space| to_json(space, value))
        }
        _ => Json::Null,
    }
}

fn nested(shape: &[usize], tensor: &Tensor, offset: usize) -> Json {
    match shape {
        [] => element(tensor, offset),
        [size, inner @ ..] => {
            let stride: usize = inner.iter().product();
            (0..*size).map(|index| nested(inner, tensor, offset + index * stride)).collect()
        }
    }
}

fn element(tensor: &Tensor, index: usize) -> Json {
    let whole = match tensor {
        Tensor::U8(v) => v.get(index).map(|v| i64::from(*v)),
        Tensor::I8(v) => v.get(index).map(|v| i64::from(*v)),
        Tensor::I32(v) => v.get(index).map(|v| i64::from(*v)),
        Tensor::I64(v) => v.get(index).copied(),
        Tensor::F32(_) | Tensor::F64(_) => None,
    };
    match whole {
        Some(whole) => Json::from(whole),
        None => number(tensor.get(index).unwrap_or_default()),
    }
}

/// The member of `space` that `json` stands for. Bounds are checked too.
///
/// # Errors
/// [`NotAMember`] where there is none.
pub fn from_json(space: &Space, json: &Json) -> Result<Value, NotAMember> {
    checked(space, json, |value| space.contains(value))
}

/// The same for what an environment returned, which its space's bounds need not hold.
///
/// # Errors
/// [`NotAMember`] where it is another kind of value, or of another shape.
pub(crate) fn unchecked_from_json(space: &Space, json: &Json) -> Result<Value, NotAMember> {
    checked(space, json, |_| true)
}

/// The action that `json` stands for, of an agent whose action space is `space`.
///
/// # Errors
/// [`NotAMember`] where it is none that [a step takes](Spec::takes).
pub fn action_from_json(spec: &Spec, space: &Space, json: &Json) -> Result<Value, NotAMember> {
    checked(space, json, |value| spec.takes(space, value))
}

fn checked(space: &Space, json: &Json, check: impl Fn(&Value) -> bool) -> Result<Value, NotAMember> {
    let not_a_member = || NotAMember { expected: space.to_string(), found: shortened(json) };
    read(space, json).filter(check).ok_or_else(not_a_member)
}

fn read(space: &Space, json: &Json) -> Option<Value> {
    Some(match space {
        Space::Discrete { .. } => Value::Discrete(integer(json)?),
        Space::Box(space) => Value::Tensor(read_box(space, json)?),
        Space::MultiDiscrete { .. } => {
            Value::MultiDiscrete(json.as_array()?.iter().map(integer).collect::<Option<_>>()?)
        }
        Space::MultiBinary { .. } => {
            let bits = json.as_array()?.iter().map(|bit| integer(bit).and_then(|bit| u8::try_from(bit).ok()));
            Value::MultiBinary(bits.collect::<Option<_>>()?)
        }
        Space::Tuple { spaces } => {
            let items = json.as_array().filter(|items| items.len() == spaces.len())?;
            Value::Tuple(spaces.iter().zip(items).map(|(space, item)| read(space, item)).collect::<Option<_>>()?)
        }
        Space::Dict { spaces } => {
            let object: &Map<String, Json> = json.as_object().filter(|object| object.len() == spaces.len())?;
            let values = spaces.iter().map(|(name, space)| read(space, object.get(name)?));
            Value::Dict(values.collect::<Option<_>>()?)
        }
        Space::Text { .. } => Value::Text(json.as_str()?.to_owned()),
        Space::Sequence { space } => {
            Value::Sequence(json.as_array()?.iter().map(|item| read(space, item)).collect::<Option<_>>()?)
        }
        Space::OneOf { spaces } => spaces.iter().enumerate().find_map(|(index, space)| {
            let value = read(space, json).filter(|value| space.contains(value))?;
            Some(Value::OneOf(index, Box::new(value)))
        })?,
        Space::None => json.is_null().then_some(Value::None)?,
        Space::Bool => Value::Bool(json.as_bool()?),
    })
}

/// A number, or the name that [`number`] gives to one that JSON has not.
pub(crate) fn real(json: &Json) -> Option<f64> {
    json.as_f64().or_else(|| match json.as_str()? {
        "NaN" => Some(f64::NAN),
        "Infinity" => Some(f64::INFINITY),
        "-Infinity" => Some(f64::NEG_INFINITY),
        _ => None,
    })
}

/// An integer, also where it is written as `1.0`: JavaScript and NumPy write whole numbers so.
fn integer(json: &Json) -> Option<i64> {
    json.as_i64().or_else(|| {
        let value = json.as_f64()?;
        (value.trunc() == value && value.abs() < 9.0e15).then_some(value as i64)
    })
}

fn read_box(space: &BoxSpace, json: &Json) -> Option<Tensor> {
    if space.dtype == DType::Int64 {
        // A float64 does not hold them all.
        let mut values = Vec::new();
        flatten(&space.shape, json, &integer, &mut values)?;
        return Some(Tensor::I64(values));
    }
    let mut values = Vec::new();
    flatten(&space.shape, json, &real, &mut values)?;
    let whole = values.iter().all(|value| value.trunc() == *value);
    (space.dtype.is_float() || whole).then(|| Tensor::from_f64s(space.dtype, values.into_iter()))
}

fn flatten<T>(shape: &[usize], json: &Json, read: &dyn Fn(&Json) -> Option<T>, values: &mut Vec<T>) -> Option<()> {
    match shape {
        [] => values.push(read(json)?),
        [size, inner @ ..] => {
            let items = json.as_array().filter(|items| items.len() == *size)?;
            items.iter().try_for_each(|item| flatten(inner, item, read, values))?;
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use palaestra_env::DType;
    use serde_json::json;

    #[test]
    fn a_value_reads_back_from_its_json() {
        let space = Space::dict([
            ("image", Space::Box(BoxSpace::uniform(0.0, 255.0, &[2, 1, 3], DType::Uint8))),
            ("held", Space::optional(Space::dict([("name", Space::text(9)), ("cooked", Space::Bool)]))),
            ("many", Space::sequence(Space::tuple([Space::discrete(3), Space::MultiBinary { n: 2 }]))),
        ]);
        let json = json!({"image": [[[1, 2, 3]], [[4, 5, 6]]], "held": null, "many": [[2, [0, 1]]]});
        let value = from_json(&space, &json).unwrap();
        assert_eq!(to_json(&space, &value), json);
        let json = json!({"image": [[[1, 2, 3]], [[4, 5, 6]]], "held": {"name": "onion", "cooked": true}, "many": []});
        let value = from_json(&space, &json).unwrap();
        assert_eq!(to_json(&space, &value), json);
    }

    #[test]
    fn a_float32_is_widened_before_it_is_written() {
        let space = Space::Box(BoxSpace::uniform(-1.0, 1.0, &[1], DType::Float32));
        let value = Value::Tensor(Tensor::F32(vec![0.1]));
        assert_eq!(to_json(&space, &value).to_string(), "[0.10000000149011612]");
    }

    #[test]
    fn what_is_no_member_is_named_with_what_was_expected() {
        for json in [json!(2), json!(-1), json!("1"), json!(0.5), json!(null), json!([1])] {
            let error = from_json(&Space::discrete(2), &json).unwrap_err();
            assert!(error.to_string().contains("Discrete(2)"), "{error}");
        }
        assert_eq!(from_json(&Space::discrete(2), &json!(1.0)), Ok(Value::Discrete(1)));
    }

    #[test]
    fn an_integer_of_64_bits_keeps_its_last_bit() {
        let space = Space::Box(BoxSpace::uniform(f64::NEG_INFINITY, f64::INFINITY, &[2], DType::Int64));
        let value = Value::Tensor(Tensor::I64(vec![i64::MAX, (1 << 53) + 1]));
        assert_eq!(unchecked_from_json(&space, &to_json(&space, &value)), Ok(value));
        assert_eq!(from_json(&space, &json!([1.0, 2])), Ok(Value::Tensor(Tensor::I64(vec![1, 2]))));
        assert!(from_json(&space, &json!([1.5, 2])).is_err());
    }

    #[test]
    fn numbers_that_json_has_not_are_named() {
        assert_eq!(number(f64::NAN), json!("NaN"));
        assert_eq!(number(f64::NEG_INFINITY), json!("-Infinity"));
        let space = Space::Box(BoxSpace::uniform(f64::NEG_INFINITY, f64::INFINITY, &[1], DType::Float64));
        let value = Value::Tensor(Tensor::F64(vec![f64::INFINITY]));
        assert_eq!(from_json(&space, &to_json(&space, &value)), Ok(value));
    }
}
