//! How much a file may ask for. Networks that decide within a tick stay far below.

/// Bytes of a file.
pub const MOST_FILE_BYTES: usize = 64 << 20;
/// Nodes of its graph.
pub const MOST_NODES: usize = 10_000;
/// Tensors that the graph holds, and its inputs and outputs, of each.
pub const MOST_TENSORS: usize = 10_000;
/// Inputs, outputs and attributes of a node, of each.
pub const MOST_OPERANDS: usize = 1_000;
/// Values with names, of the whole graph.
pub const MOST_VALUES: usize = 16_384;
/// Dimensions of a tensor.
pub const MOST_DIMENSIONS: usize = 8;
/// Elements of all values together that are computed and not written in the file, with the tables for computing them.
pub const MOST_ELEMENTS: usize = 1 << 23;
/// Likewise of what is computed from the file's own numbers alone, once, when it is loaded: weights that are turned or scaled. It is
/// [`MOST_ELEMENTS`], or so many times as many as the file holds …
pub const MOST_CONSTANTS_EACH: usize = 8;
/// … but never more than this.
pub const MOST_CONSTANTS: usize = 1 << 26;
/// Multiplications and the like of one run.
pub const MOST_OPERATIONS: u64 = 1 << 28;
/// The operator sets whose operators are known.
pub const OPERATOR_SETS: std::ops::RangeInclusive<i64> = 7..=28;
