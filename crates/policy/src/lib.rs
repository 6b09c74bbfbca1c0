//! A policy in a seat: an ONNX model, and a manifest that says what its inputs are told and what its outputs mean.
//!
//! ```text
//!  observation ─► feed: parts, one-hot, scaling, stacking ─► model ─► decide: logits or numbers ─► frame skip, delay ─► action
//! ```
//!
//! | module | what it holds |
//! |---|---|
//! | [`manifest`] | what a model's file does not say of itself |
//! | [`policy`] | the policy: its memory, its actions |
//! | [`error`] | why a model is none for a seat |
//! | `observed`, `picture`, `feed` | from an observation's bytes to a model's input |
//! | `decide`, `numbers` | from a model's outputs to an action |
#![forbid(unsafe_code)]

mod decide;
pub mod error;
mod feed;
pub mod manifest;
mod numbers;
mod observed;
mod picture;
pub mod policy;

pub use error::PolicyError;
pub use manifest::Manifest;
pub use policy::ModelPolicy;
