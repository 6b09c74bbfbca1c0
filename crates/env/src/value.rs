//! Members of spaces: what an action or an observation is once it is read.
mod display;

use crate::space::{DType, Space};

/// The elements of a [`BoxSpace`] member in row-major order; the shape is the space's.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each name says all there is to say")]
pub enum Tensor {
    F32(Vec<f32>),
    F64(Vec<f64>),
    U8(Vec<u8>),
    I8(Vec<i8>),
    I32(Vec<i32>),
    I64(Vec<i64>),
}

impl Tensor {
    /// `len` zeros.
    pub fn zeros(dtype: DType, len: usize) -> Self {
        match dtype {
            DType::Float32 => Tensor::F32(vec![0.0; len]),
            DType::Float64 => Tensor::F64(vec![0.0; len]),
            DType::Uint8 => Tensor::U8(vec![0; len]),
            DType::Int8 => Tensor::I8(vec![0; len]),
            DType::Int32 => Tensor::I32(vec![0; len]),
            DType::Int64 => Tensor::I64(vec![0; len]),
        }
    }

    /// The elements given, rounded to the dtype as a cast would.
    pub fn from_f64s(dtype: DType, values: impl Iterator<Item = f64>) -> Self {
        let mut tensor = Tensor::zeros(dtype, 0);
        tensor.set_f64s(values);
        tensor
    }

    /// The same in place of the elements there were, in their memory.
    pub fn set_f64s(&mut self, values: impl Iterator<Item = f64>) {
        fn set<T>(elements: &mut Vec<T>, values: impl Iterator<Item = T>) {
            elements.clear();
            elements.extend(values);
        }
        match self {
            Tensor::F32(elements) => set(elements, values.map(|v| v as f32)),
            Tensor::F64(elements) => set(elements, values),
            Tensor::U8(elements) => set(elements, values.map(|v| v as u8)),
            Tensor::I8(elements) => set(elements, values.map(|v| v as i8)),
            Tensor::I32(elements) => set(elements, values.map(|v| v as i32)),
            Tensor::I64(elements) => set(elements, values.map(|v| v as i64)),
        }
    }

    /// The element type.
    pub fn dtype(&self) -> DType {
        match self {
            Tensor::F32(_) => DType::Float32,
            Tensor::F64(_) => DType::Float64,
            Tensor::U8(_) => DType::Uint8,
            Tensor::I8(_) => DType::Int8,
            Tensor::I32(_) => DType::Int32,
            Tensor::I64(_) => DType::Int64,
        }
    }

    /// How many elements.
    pub fn len(&self) -> usize {
        match self {
            Tensor::F32(v) => v.len(),
            Tensor::F64(v) => v.len(),
            Tensor::U8(v) => v.len(),
            Tensor::I8(v) => v.len(),
            Tensor::I32(v) => v.len(),
            Tensor::I64(v) => v.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Element `index`, widened.
    pub fn get(&self, index: usize) -> Option<f64> {
        match self {
            Tensor::F32(v) => v.get(index).map(|v| f64::from(*v)),
            Tensor::F64(v) => v.get(index).copied(),
            Tensor::U8(v) => v.get(index).map(|v| f64::from(*v)),
            Tensor::I8(v) => v.get(index).map(|v| f64::from(*v)),
            Tensor::I32(v) => v.get(index).map(|v| f64::from(*v)),
            Tensor::I64(v) => v.get(index).map(|v| *v as f64),
        }
    }

    /// The elements, widened.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = f64> + '_ {
        (0..self.len()).map(|index| self.get(index).unwrap_or_default())
    }
}

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
