//! A member of any space.
use super::Tensor;
use crate::space::Space;

/// A member of a [`Space`].
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// Of a Discrete space.
    Discrete(i64),
    /// Of a Box.
    Tensor(Tensor),
    /// Of a MultiDiscrete space.
    MultiDiscrete(Vec<i64>),
    /// Of a MultiBinary space: zeros and ones.
    MultiBinary(Vec<u8>),
    /// Of a Tuple, in its order.
    Tuple(Vec<Value>),
    /// Of a Dict, in the order of the space's names.
    Dict(Vec<Value>),
    /// Of a Text space.
    Text(String),
    /// Of a Sequence.
    Sequence(Vec<Value>),
    /// Of a OneOf: which alternative, and its member.
    OneOf(usize, Box<Value>),
    /// The member of [`Space::None`].
    None,
    /// Of [`Space::Bool`].
    Bool(bool),
}

impl Value {
    /// Becomes the same as `other`: as `clone_from`, but in the memory there is where the shapes agree.
    pub fn copy_from(&mut self, other: &Value) {
        match (&mut *self, other) {
            (Value::Tensor(Tensor::F32(own)), Value::Tensor(Tensor::F32(others))) => own.clone_from(others),
            (Value::Tensor(Tensor::F64(own)), Value::Tensor(Tensor::F64(others))) => own.clone_from(others),
            (Value::Tensor(Tensor::U8(own)), Value::Tensor(Tensor::U8(others))) => own.clone_from(others),
            (Value::MultiDiscrete(own), Value::MultiDiscrete(others)) => own.clone_from(others),
            (Value::MultiBinary(own), Value::MultiBinary(others)) => own.clone_from(others),
            (Value::OneOf(index, own), Value::OneOf(other, others)) => {
                *index = *other;
                own.copy_from(others);
            }
            _ => *self = other.clone(),
        }
    }

    /// A value of the space's shape to decode into: its first integer, zeros, empty strings and sequences.
    pub fn blank(space: &Space) -> Self {
        match space {
            Space::Discrete { start, .. } => Value::Discrete(*start),
            Space::Box(space) => Value::Tensor(Tensor::zeros(space.dtype, space.len())),
            Space::MultiDiscrete { nvec } => Value::MultiDiscrete(vec![0; nvec.len()]),
            Space::MultiBinary { n } => Value::MultiBinary(vec![0; *n]),
            Space::Tuple { spaces } => Value::Tuple(spaces.iter().map(Value::blank).collect()),
            Space::Dict { spaces } => Value::Dict(spaces.iter().map(|(_, space)| Value::blank(space)).collect()),
            Space::Text { .. } => Value::Text(String::new()),
            Space::Sequence { .. } => Value::Sequence(Vec::new()),
            Space::OneOf { spaces } => Value::OneOf(0, Box::new(spaces.first().map_or(Value::None, Value::blank))),
            Space::None => Value::None,
            Space::Bool => Value::Bool(false),
        }
    }
}
