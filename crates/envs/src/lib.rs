//! The environments that come with Palaestra, by family, and the registry that makes them by id.
//!
//! ```
//! use palaestra_env::{Kwargs, Value};
//!
//! let mut env = palaestra_envs::make("CartPole-v1", &Kwargs::new())?;
//! env.reset(Some(42), &Kwargs::new())?;
//! let outcome = env.step(&[Value::Discrete(1)])?;
//! assert_eq!(outcome.rewards, [1.0]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

pub mod box2d;
pub mod catalog;
pub mod classic_control;
pub mod cogrid;
pub mod minigrid;
pub mod overcooked;
mod registry;
mod scenery;
pub mod slime_volley;
pub mod toy_text;

pub use catalog::{Entry, catalog};
pub use registry::{make, nearest};
