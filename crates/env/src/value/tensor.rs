//! A member of a Box.
use crate::space::DType;

/// The elements of a [`BoxSpace`](crate::BoxSpace) member in row-major order; the shape is the space's.
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
