//! The kinds of spaces, and how one is made.
use super::DType;

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
        // A shape of somebody else's may have any sides.
        self.shape.iter().fold(1, |len: usize, side| len.saturating_mul(*side))
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
}
