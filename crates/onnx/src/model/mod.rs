//! A loaded model: every value in its place, and the steps that compute them.
mod builder;
mod loading;
mod names;
mod port;
mod running;
mod step;

pub(crate) use builder::{Planner, Source};
pub use port::Port;
pub use running::{InputMut, Model};
