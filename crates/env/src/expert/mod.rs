//! Who knows how to play an environment: what an expert is asked, and the [`Policy`](crate::Policy) that plays as it says.
//!
//! An expert belongs to its environment and sees the whole of it, more than its agent does. It is somebody to play with and a source
//! of data, and not the best that there can be.
mod advice;
mod player;

pub use advice::{Advice, Memory};
pub use player::ExpertPolicy;
