//! The parts of an ONNX file that inference needs, read in place. Field numbers are those of `onnx/onnx.proto` (onnx 1.23).
mod graph;
mod node;
mod tensor;
mod wire;
mod within;

pub(crate) use graph::{Input, ModelFile};
pub(crate) use node::Node;
