//! The native part of the Python package: environments, vectors of them and records, as the modules of `palaestra/` use them.
//!
//! | module | what it holds |
//! |---|---|
//! | [`catalog`] | what there is to make |
//! | [`spec`] | an environment's spec and spaces, told to Python |
//! | [`value`] | members of spaces, to Python and from it |
//! | [`batch`] | many members at once, as arrays |
//! | [`json`] | keyword arguments and options |
//! | [`env`](mod@env) | one environment |
//! | [`vector`] | many, stepped without the interpreter's lock |
//! | [`records`] | verifying and replaying records |
//! | [`pace`] | whether a step of many is worth more than one thread |
//! | [`picture`] | the picture of an environment |
//! | [`error`] | the exceptions |
#![forbid(unsafe_code)]

mod alone;
mod batch;
mod catalog;
mod env;
mod error;
mod json;
mod pace;
mod picture;
mod records;
mod spec;
mod value;
mod vector;

use pyo3::prelude::*;

#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::catalog::{catalog, nearest};
    #[pymodule_export]
    use crate::env::NativeEnv;
    #[pymodule_export]
    use crate::error::{
        ActionError, ArgumentError, PalaestraError, RecordError, ResetNeeded, StateError, UnknownEnvironmentError,
    };
    #[pymodule_export]
    use crate::records::{NativeReplay, verify};
    #[pymodule_export]
    use crate::vector::NativeVector;
}
