//! Members of spaces, gathered into Arrow arrays as Minari lays them out.
use palaestra_env::{Space, Tensor, Value};
use palaestra_record::members::to_json;

use crate::array::{Array, Values};
use crate::column::{Cell, Kind};
use crate::minari::space;

/// The members of a space so far.
pub(crate) struct Gathered {
    space: Space,
    data: Data,
}

enum Data {
    /// Of a Discrete space, of `bool` and of `None`.
    Integers(Vec<i64>),
    /// Of a Box: as many elements for each.
    Lists(Tensor, usize),
    /// Of a MultiDiscrete, likewise.
    LongLists(Vec<i64>, usize),
    /// Of a MultiBinary, likewise.
    Bits(Vec<i8>, usize),
    /// Of a Dict or a Tuple: a name and the members of each part.
    Struct(Vec<(String, Gathered)>),
    /// Of a Text, and whatever else Minari has no space for or cannot read: as JSON.
    Texts(Array),
}

impl Gathered {
    pub(crate) fn new(space: &Space) -> Self {
        let data = match space {
            space if space::is_void(space) => Data::Texts(Array::of_kind(Kind::Text)),
            Space::Discrete { .. } | Space::Bool | Space::None => Data::Integers(Vec::new()),
            Space::Box(space) => Data::Lists(Tensor::zeros(space.dtype, 0), space.len()),
            Space::MultiDiscrete { nvec } => Data::LongLists(Vec::new(), nvec.len()),
            Space::MultiBinary { n } => Data::Bits(Vec::new(), *n),
            Space::Tuple { spaces } => {
                let part = |(index, space): (usize, &Space)| (index.to_string(), Gathered::new(space));
                Data::Struct(spaces.iter().enumerate().map(part).collect())
            }
            Space::Dict { spaces } => {
                Data::Struct(spaces.iter().map(|(name, space)| (name.clone(), Gathered::new(space))).collect())
            }
            Space::Text { .. } | Space::Sequence { .. } | Space::OneOf { .. } => {
                Data::Texts(Array::of_kind(Kind::Text))
            }
        };
        Self { space: space.clone(), data }
    }

    /// Adds a member, or what fills its place where there is none: zeros, and no text. Gives how many bytes it takes.
    pub(crate) fn add(&mut self, value: Option<&Value>) -> usize {
        let Self { space, data } = self;
        match data {
            Data::Integers(values) => {
                values.push(match value {
                    Some(Value::Discrete(value)) => *value,
                    Some(Value::Bool(flag)) => (*flag).into(),
                    _ => 0,
                });
                size_of::<i64>()
            }
            Data::Lists(all, len) => {
                match value {
                    Some(Value::Tensor(tensor)) if tensor.len() == *len => extend(all, tensor),
                    _ => extend(all, &Tensor::zeros(all.dtype(), *len)),
                }
                len.saturating_mul(all.dtype().size())
            }
            Data::LongLists(all, len) => {
                match value {
                    Some(Value::MultiDiscrete(values)) if values.len() == *len => all.extend_from_slice(values),
                    _ => all.resize(all.len().saturating_add(*len), 0),
                }
                len.saturating_mul(size_of::<i64>())
            }
            Data::Bits(all, len) => {
                match value {
                    Some(Value::MultiBinary(bits)) if bits.len() == *len => {
                        all.extend(bits.iter().map(|bit| i8::from(*bit != 0)));
                    }
                    _ => all.resize(all.len().saturating_add(*len), 0),
                }
                *len
            }
            Data::Struct(parts) => {
                let values = match value {
                    Some(Value::Tuple(values) | Value::Dict(values)) => values.as_slice(),
                    _ => &[],
                };
                let parts = parts.iter_mut().enumerate();
                parts.map(|(index, (_, part))| part.add(values.get(index))).sum()
            }
            Data::Texts(texts) => {
                let cell = value.map_or(Cell::Empty, |value| match value {
                    Value::Text(text) => Cell::Text(text.into()),
                    value => Cell::Text(to_json(space, value).to_string().into()),
                });
                texts.add(&cell).saturating_add(size_of::<i32>())
            }
        }
    }

    /// The array of all of them: of so many rows.
    pub(crate) fn finish(self, rows: usize) -> Array {
        let values = match self.data {
            Data::Integers(values) => Values::I64(values),
            Data::Lists(all, len) => lists(rows, len, of_tensor(all)),
            Data::LongLists(all, len) => lists(rows, len, Values::I64(all)),
            Data::Bits(all, len) => lists(rows, len, Values::I8(all)),
            Data::Struct(parts) => {
                Values::Struct(parts.into_iter().map(|(name, part)| (name, part.finish(rows))).collect())
            }
            Data::Texts(texts) => return texts,
        };
        Array::whole(rows, values)
    }
}

fn extend(all: &mut Tensor, tensor: &Tensor) {
    debug_assert_eq!(all.dtype(), tensor.dtype());
    match (all, tensor) {
        (Tensor::F32(all), Tensor::F32(own)) => all.extend_from_slice(own),
        (Tensor::F64(all), Tensor::F64(own)) => all.extend_from_slice(own),
        (Tensor::U8(all), Tensor::U8(own)) => all.extend_from_slice(own),
        (Tensor::I8(all), Tensor::I8(own)) => all.extend_from_slice(own),
        (Tensor::I32(all), Tensor::I32(own)) => all.extend_from_slice(own),
        (Tensor::I64(all), Tensor::I64(own)) => all.extend_from_slice(own),
        // A member of a Box has the Box's type: `ValueReader` reads no other.
        (Tensor::F32(_) | Tensor::F64(_) | Tensor::U8(_) | Tensor::I8(_) | Tensor::I32(_) | Tensor::I64(_), _) => {}
    }
}

fn of_tensor(tensor: Tensor) -> Values {
    match tensor {
        Tensor::F32(all) => Values::F32(all),
        Tensor::F64(all) => Values::F64(all),
        Tensor::U8(all) => Values::U8(all),
        Tensor::I8(all) => Values::I8(all),
        Tensor::I32(all) => Values::I32(all),
        Tensor::I64(all) => Values::I64(all),
    }
}

/// Lists of so many elements, one a row.
fn lists(rows: usize, len: usize, elements: Values) -> Values {
    Values::Lists(len, Box::new(Array::whole(rows.saturating_mul(len), elements)))
}
