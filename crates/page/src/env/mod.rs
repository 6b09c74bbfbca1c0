//! `make`: an environment in a Worker, driven by promises. A part of its own of the module, which games do without
//! (`scripts/build/parts.mjs`).
//!
//! | file | what it holds |
//! |---|---|
//! | `make.rs` | what was asked for, and the Worker that it is made in |
//! | `handle.rs` | what JavaScript sees of it |
//! | `seeding.rs` | with what its generator begins |
mod handle;
mod make;
mod seeding;

pub use handle::EnvHandle;
pub use make::make_env;
