//! Element types, shapes and elements.
use crate::error::Fault;
use crate::limits::MOST_DIMENSIONS;
use crate::show::show;

/// The type of a value's elements, by ONNX's name in small letters. ONNX's `double` is computed as [`DType::Float`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each name says all there is to say")]
pub enum DType {
    Float,
    Int64,
    Int32,
    Int8,
    Uint8,
    Bool,
}

impl DType {
    /// By the number that the format has for it.
    pub(crate) fn from_format(number: i64) -> Result<Self, Box<Fault>> {
        const EXPECTED: &str = "float, double, int64, int32, int8, uint8 or bool";
        let unsupported = |found: String| Err(Fault::ElementType { expected: EXPECTED, found }.into());
        match number {
            1 | 11 => Ok(DType::Float),
            2 => Ok(DType::Uint8),
            3 => Ok(DType::Int8),
            6 => Ok(DType::Int32),
            7 => Ok(DType::Int64),
            9 => Ok(DType::Bool),
            4 => unsupported("uint16".to_owned()),
            5 => unsupported("int16".to_owned()),
            8 => unsupported("string".to_owned()),
            10 => unsupported("float16".to_owned()),
            12 => unsupported("uint32".to_owned()),
            13 => unsupported("uint64".to_owned()),
            16 => unsupported("bfloat16".to_owned()),
            other => unsupported(format!("type {other}")),
        }
    }

    /// ONNX's name.
    pub fn name(self) -> &'static str {
        match self {
            DType::Float => "float",
            DType::Int64 => "int64",
            DType::Int32 => "int32",
            DType::Int8 => "int8",
            DType::Uint8 => "uint8",
            DType::Bool => "bool",
        }
    }

    /// Whether the elements are integers.
    pub fn is_integer(self) -> bool {
        matches!(self, DType::Int64 | DType::Int32 | DType::Int8 | DType::Uint8)
    }

    /// An integer as this type holds it: cut to its bits.
    pub(crate) fn wrap(self, value: i64) -> i64 {
        match self {
            DType::Int32 => i64::from(value as i32),
            DType::Int8 => i64::from(value as i8),
            DType::Uint8 => i64::from(value as u8),
            DType::Bool => i64::from(value != 0),
            DType::Float | DType::Int64 => value,
        }
    }
}

/// Elements in row-major order. Integers of all types are held alike, and so are flags, as 0 and 1.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each name says all there is to say")]
pub enum Data {
    Float(Vec<f32>),
    Integer(Vec<i64>),
}

impl Default for Data {
    fn default() -> Self {
        Data::Float(Vec::new())
    }
}

impl Data {
    /// `len` zeros of a type.
    pub(crate) fn zeros(dtype: DType, len: usize) -> Self {
        match dtype {
            DType::Float => Data::Float(vec![0.0; len]),
            _ => Data::Integer(vec![0; len]),
        }
    }

    /// How many elements.
    pub fn len(&self) -> usize {
        match self {
            Data::Float(elements) => elements.len(),
            Data::Integer(elements) => elements.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The elements, where they are floating-point numbers; else none.
    pub fn floats(&self) -> &[f32] {
        match self {
            Data::Float(elements) => elements,
            _ => &[],
        }
    }

    /// The elements, where they are integers or flags; else none.
    pub fn integers(&self) -> &[i64] {
        match self {
            Data::Integer(elements) => elements,
            _ => &[],
        }
    }

    pub(crate) fn floats_mut(&mut self) -> &mut [f32] {
        match self {
            Data::Float(elements) => elements,
            _ => &mut [],
        }
    }

    pub(crate) fn integers_mut(&mut self) -> &mut [i64] {
        match self {
            Data::Integer(elements) => elements,
            _ => &mut [],
        }
    }
}

/// Refuses numbers that no trained model has. −∞ is what forbids actions in a mask; one number alone may be infinite in either way.
pub(crate) fn sound(values: &[f32]) -> Result<(), Box<Fault>> {
    let wrong = |value: &f32| value.is_nan() || (*value == f32::INFINITY && values.len() > 1);
    values.iter().position(wrong).map_or(Ok(()), |element| Err(Fault::NonFinite { element }.into()))
}

/// The sizes of a value's dimensions.
pub(crate) type Shape = Vec<usize>;

/// How many elements a shape has; too many for the machine count as the most there are.
pub(crate) fn elements(shape: &[usize]) -> usize {
    shape.iter().fold(1, |product: usize, size| product.saturating_mul(*size))
}

/// How far apart neighbours along each dimension lie.
pub(crate) fn strides(shape: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; shape.len()];
    for dimension in (1..shape.len()).rev() {
        strides[dimension - 1] = shape[dimension].saturating_mul(strides[dimension]);
    }
    strides
}

/// The sizes in a file as a shape.
pub(crate) fn shape_of(dims: &[i64]) -> Result<Shape, Box<Fault>> {
    if dims.len() > MOST_DIMENSIONS {
        return Err(Fault::TooLarge { what: "dimensions", most: MOST_DIMENSIONS as u64 }.into());
    }
    let sizes = dims.iter().map(|size| usize::try_from(*size).ok());
    let wrong = || Fault::Shape { expected: "sizes of 0 and more".to_owned(), found: show(dims) };
    let shape: Shape = sizes.collect::<Option<_>>().ok_or_else(wrong)?;
    bounded(&shape)?;
    Ok(shape)
}

/// Whether places in a value of this shape can be counted: also where some size is 0.
pub(crate) fn bounded(shape: &[usize]) -> Result<(), Box<Fault>> {
    /// More than the file's own numbers ever are.
    const MOST: usize = 1 << 27;
    if shape.len() > MOST_DIMENSIONS {
        return Err(Fault::TooLarge { what: "dimensions", most: MOST_DIMENSIONS as u64 }.into());
    }
    let places = shape.iter().fold(1, |product: usize, size| product.saturating_mul((*size).max(1)));
    if places > MOST { Err(Fault::TooLarge { what: "elements of a value", most: MOST as u64 }.into()) } else { Ok(()) }
}

/// A dimension counted from the front, of one that may be counted from the back.
pub(crate) fn axis_of(axis: i64, rank: usize) -> Result<usize, Box<Fault>> {
    let from_front = if axis < 0 { axis.saturating_add(rank as i64) } else { axis };
    usize::try_from(from_front).ok().filter(|axis| *axis < rank).ok_or_else(|| {
        Fault::Shape { expected: format!("an axis of {rank} dimensions"), found: axis.to_string() }.into()
    })
}

/// Takes an axis into those that were named before it.
pub(crate) fn different(named: &mut [bool], axis: usize) -> Result<(), Box<Fault>> {
    match named.get_mut(axis).map(|named| std::mem::replace(named, true)) {
        Some(true) => {
            Err(Fault::Shape { expected: "different axes".to_owned(), found: format!("{axis} twice") }.into())
        }
        _ => Ok(()),
    }
}
