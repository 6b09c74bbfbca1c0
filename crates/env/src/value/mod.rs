//! Members of spaces: what an action or an observation is once it is read.
mod display;
mod member;
mod tensor;

pub use member::Value;
pub use tensor::Tensor;
