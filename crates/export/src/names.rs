//! What the names of columns begin with.

/// What the names of an observation's columns begin with.
pub(crate) const OBSERVATION: &str = "obs";
/// What those of an action begin with.
pub(crate) const ACTION: &str = "action";
/// What those of an info begin with.
pub(crate) const INFO: &str = "info";
/// What those of a step's metrics begin with.
pub(crate) const METRICS: &str = "metrics";
/// What those of a step's other fields begin with.
pub(crate) const OTHER: &str = "other";
/// What those of a header's fields begin with.
pub(crate) const HEADER: &str = "header";
