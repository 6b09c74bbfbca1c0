//! Gymnasium's spaces: the sets that actions and observations come from.
//!
//! Names, fields and membership follow `gymnasium.spaces`. [`Space::None`] and [`Space::Bool`] are the additions:
//! Python's `None` and `bool`, for references whose observations are Python objects and not members of a Gymnasium space.
mod display;

pub use display::Discrete;

use crate::value::{Tensor, Value};

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

/// An n-dimensional box: every element between its bounds, both included.
#[derive(Clone, Debug, PartialEq)]
pub struct BoxSpace {
    /// Lower bounds: one for all elements, or one an element in row-major order.
    pub low: Vec<f64>,
    /// Upper bounds, likewise.
    pub high: Vec<f64>,
    /// The sizes of the dimensions.
    pub shape: Vec<usize>,
    /// The element type.
    pub dtype: DType,
}

impl BoxSpace {
    /// The same bounds for every element.
    pub fn uniform(low: f64, high: f64, shape: &[usize], dtype: DType) -> Self {
        Self { low: vec![low], high: vec![high], shape: shape.to_vec(), dtype }
    }

    /// One-dimensional, with bounds of its own for every element.
    pub fn vector(low: &[f64], high: &[f64], dtype: DType) -> Self {
        Self { low: low.to_vec(), high: high.to_vec(), shape: vec![low.len()], dtype }
    }

    /// How many elements a member has.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether a member has no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The bounds of element `index` in row-major order.
    pub fn bounds(&self, index: usize) -> (f64, f64) {
        let pick = |side: &[f64], open: f64| {
            let index = if side.len() == 1 { 0 } else { index };
            side.get(index).copied().unwrap_or(open)
        };
        (pick(&self.low, f64::NEG_INFINITY), pick(&self.high, f64::INFINITY))
    }
}

/// A set of values. Members are [`Value`]s of the same shape.
#[derive(Clone, Debug, PartialEq)]
pub enum Space {
    /// The integers `start .. start + n`.
    Discrete {
        /// How many there are.
        n: i64,
        /// The smallest.
        start: i64,
    },
    /// An array of bounded numbers.
    Box(BoxSpace),
    /// One integer below each of `nvec`.
    MultiDiscrete {
        /// The (excluded) upper bound of each element.
        nvec: Vec<i64>,
    },
    /// `n` zeros and ones.
    MultiBinary {
        /// How many.
        n: usize,
    },
    /// One member of each space, in order.
    Tuple {
        /// The spaces.
        spaces: Vec<Space>,
    },
    /// One member of each named space, in order.
    Dict {
        /// The names and their spaces.
        spaces: Vec<(String, Space)>,
    },
    /// A string.
    Text {
        /// The least number of characters.
        min_length: usize,
        /// The greatest.
        max_length: usize,
        /// The characters allowed; absent: any.
        charset: Option<String>,
    },
    /// Any number of members of one space.
    Sequence {
        /// The space of each element.
        space: Box<Space>,
    },
    /// A member of one of several spaces.
    OneOf {
        /// The alternatives; a member says which it is of.
        spaces: Vec<Space>,
    },
    /// Python's `None`, which has one member.
    None,
    /// Python's `bool`: false and true.
    Bool,
}

impl Space {
    /// The integers `0 .. n`.
    pub fn discrete(n: i64) -> Self {
        Space::Discrete { n, start: 0 }
    }

    /// A string of at most `max_length` characters.
    pub fn text(max_length: usize) -> Self {
        Space::Text { min_length: 0, max_length, charset: None }
    }

    /// Named spaces, in the order given.
    pub fn dict<const N: usize>(spaces: [(&str, Space); N]) -> Self {
        Space::Dict { spaces: spaces.into_iter().map(|(name, space)| (name.to_owned(), space)).collect() }
    }

    /// One member of each space, in the order given.
    pub fn tuple<const N: usize>(spaces: [Space; N]) -> Self {
        Space::Tuple { spaces: spaces.into() }
    }

    /// Any number of members of `space`.
    pub fn sequence(space: Space) -> Self {
        Space::Sequence { space: Box::new(space) }
    }

    /// A member of `space`, or nothing: [`Space::OneOf`] with [`Space::None`] first (index 0).
    pub fn optional(space: Space) -> Self {
        Space::OneOf { spaces: vec![Space::None, space] }
    }

    /// Whether `value` is a member.
    pub fn contains(&self, value: &Value) -> bool {
        match (self, value) {
            (Space::Discrete { n, start }, Value::Discrete(value)) => {
                value.checked_sub(*start).is_some_and(|v| (0..*n).contains(&v))
            }
            (Space::Box(space), Value::Tensor(tensor)) => box_contains(space, tensor),
            (Space::MultiDiscrete { nvec }, Value::MultiDiscrete(values)) => {
                nvec.len() == values.len() && nvec.iter().zip(values).all(|(n, v)| (0..*n).contains(v))
            }
            (Space::MultiBinary { n }, Value::MultiBinary(values)) => {
                values.len() == *n && values.iter().all(|v| *v <= 1)
            }
            (Space::Tuple { spaces }, Value::Tuple(values)) => all_contain(spaces.iter(), values),
            (Space::Dict { spaces }, Value::Dict(values)) => all_contain(spaces.iter().map(|(_, space)| space), values),
            (Space::Text { min_length, max_length, charset }, Value::Text(text)) => {
                (*min_length..=*max_length).contains(&text.chars().count())
                    && charset.as_ref().is_none_or(|set| text.chars().all(|c| set.chars().any(|own| own == c)))
            }
            (Space::Sequence { space }, Value::Sequence(values)) => values.iter().all(|value| space.contains(value)),
            (Space::OneOf { spaces }, Value::OneOf(index, value)) => {
                spaces.get(*index).is_some_and(|space| space.contains(value))
            }
            (Space::None, Value::None) | (Space::Bool, Value::Bool(_)) => true,
            _ => false,
        }
    }

    /// Whether `value` is a member but for the bounds of a Box, with finite numbers.
    pub fn contains_unbounded(&self, value: &Value) -> bool {
        match (self, value) {
            (Space::Box(space), Value::Tensor(tensor)) => {
                space.dtype == tensor.dtype() && space.len() == tensor.len() && tensor.iter().all(f64::is_finite)
            }
            _ => self.contains(value),
        }
    }
}

fn all_contain<'a>(spaces: impl ExactSizeIterator<Item = &'a Space>, values: &[Value]) -> bool {
    spaces.len() == values.len() && spaces.zip(values).all(|(space, value)| space.contains(value))
}

fn box_contains(space: &BoxSpace, tensor: &Tensor) -> bool {
    let within = |(index, value): (usize, f64)| {
        let (low, high) = space.bounds(index);
        low <= value && value <= high
    };
    let narrowed = |(index, value): (usize, f64)| {
        // Gymnasium stores bounds in the box's own dtype: a float32 element meets a float32 bound.
        let (low, high) = space.bounds(index);
        f64::from(low as f32) <= value && value <= f64::from(high as f32)
    };
    space.dtype == tensor.dtype()
        && space.len() == tensor.len()
        && if space.dtype == DType::Float32 {
            tensor.iter().enumerate().all(narrowed)
        } else {
            tensor.iter().enumerate().all(within)
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_discrete_space_holds_its_range_and_nothing_else() {
        let space = Space::Discrete { n: 3, start: -1 };
        for (value, member) in [(-2, false), (-1, true), (1, true), (2, false), (i64::MIN, false)] {
            assert_eq!(space.contains(&Value::Discrete(value)), member, "{value}");
        }
        assert!(!space.contains(&Value::MultiDiscrete(vec![0])));
    }

    #[test]
    fn a_box_checks_dtype_length_and_bounds_and_refuses_nan() {
        let space = Space::Box(BoxSpace::vector(&[-1.0, 0.0], &[1.0, f64::INFINITY], DType::Float32));
        let f32s = |values: &[f32]| Value::Tensor(Tensor::F32(values.to_vec()));
        assert!(space.contains(&f32s(&[1.0, 1e30])));
        assert!(!space.contains(&f32s(&[1.5, 0.0])));
        assert!(!space.contains(&f32s(&[f32::NAN, 0.0])));
        assert!(!space.contains(&f32s(&[0.0])));
        assert!(!space.contains(&Value::Tensor(Tensor::F64(vec![0.0, 0.0]))));
    }

    #[test]
    fn a_float32_box_compares_with_its_bound_in_float32() {
        let space = Space::Box(BoxSpace::uniform(-0.07, 0.07, &[1], DType::Float32));
        // 0.07f32 widened is greater than 0.07f64: still the bound itself.
        assert!(space.contains(&Value::Tensor(Tensor::F32(vec![0.07]))));
    }

    #[test]
    fn an_optional_holds_its_space_or_none() {
        let space = Space::optional(Space::text(3));
        assert!(space.contains(&Value::OneOf(0, Box::new(Value::None))));
        assert!(space.contains(&Value::OneOf(1, Box::new(Value::Text("abc".into())))));
        assert!(!space.contains(&Value::OneOf(1, Box::new(Value::Text("abcd".into())))));
        assert!(!space.contains(&Value::OneOf(2, Box::new(Value::None))));
    }
}
