//! Gymnasium's spaces: the sets that actions and observations come from.
//!
//! Names, fields and membership follow `gymnasium.spaces`. [`Space::None`] and [`Space::Bool`] are the additions:
//! Python's `None` and `bool`, for references whose observations are Python objects and not members of a Gymnasium space.
mod alike;
mod display;
mod dtype;
mod kinds;
mod member;

pub use display::Discrete;
pub use dtype::DType;
pub use kinds::{BoxSpace, Space};
pub(crate) use member::discrete_contains;
