//! Neural networks of policies: an ONNX file is read, checked as a whole, and evaluated. The same file and the same numbers give
//! the same bits in every build: sums have a fixed order, and the elementary functions are this project's own.
//!
//! ```text
//!  bytes ─► proto ─► model::Builder ── a planner of ops per node ─► Model: slots and steps ─► run
//! ```
//!
//! Shapes are static: a dimension without a size is a batch of 1. What can be computed when the model is loaded is computed
//! then, and so is where every number lies; a run allocates nothing.
//!
//! | module | what it holds |
//! |---|---|
//! | [`error`] | why a file is refused |
//! | [`limits`] | how much a file may ask for |
//! | [`model`] | the loaded model: inputs, outputs, a run |
//! | [`tensor`] | element types, shapes, elements |
//! | `proto` | the file's format |
//! | `ops` | the operators |
//!
//! The meaning of every operator follows the ONNX operator reference (onnx 1.23, operator sets 7 to 28).
#![forbid(unsafe_code)]

pub mod error;
mod kernel;
pub mod limits;
pub mod model;
mod ops;
mod proto;
mod show;
pub mod tensor;

pub use error::{Fault, LoadError};
pub use model::{Model, Port};
pub use tensor::{DType, Data};
