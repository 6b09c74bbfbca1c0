//! Inputs and outputs.
use std::fmt;

use crate::show::show;
use crate::tensor::{DType, elements};

/// An input or output.
#[derive(Clone, Debug, PartialEq)]
pub struct Port {
    /// Its name in the file.
    pub name: String,
    /// The type of its elements.
    pub dtype: DType,
    /// The sizes of its dimensions; a batch is 1.
    pub shape: Vec<usize>,
    pub(super) slot: usize,
}

impl Port {
    /// How many elements it has.
    pub fn elements(&self) -> usize {
        elements(&self.shape)
    }
}

/// The type and the shape, as messages show them: `float [1, 4]`.
impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.dtype.name(), show(&self.shape))
    }
}
