//! Element types.

/// The element type of a [`BoxSpace`], by NumPy's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each name says all there is to say")]
pub enum DType {
    Float32,
    Float64,
    Uint8,
    Int8,
    Int32,
    Int64,
}

impl DType {
    /// All of them, in the order of their numbers in a spec's bytes.
    pub const ALL: [DType; 6] = [DType::Float32, DType::Float64, DType::Uint8, DType::Int8, DType::Int32, DType::Int64];

    /// NumPy's name: `float32`, `uint8`, …
    pub fn name(self) -> &'static str {
        match self {
            DType::Float32 => "float32",
            DType::Float64 => "float64",
            DType::Uint8 => "uint8",
            DType::Int8 => "int8",
            DType::Int32 => "int32",
            DType::Int64 => "int64",
        }
    }

    /// Whether the elements are floating-point numbers.
    pub fn is_float(self) -> bool {
        matches!(self, DType::Float32 | DType::Float64)
    }

    /// Bytes of one element.
    pub fn size(self) -> usize {
        match self {
            DType::Uint8 | DType::Int8 => 1,
            DType::Float32 | DType::Int32 => 4,
            DType::Float64 | DType::Int64 => 8,
        }
    }
}
