//! What a caller can know of an environment before playing it.
mod codec;
mod description;

pub use codec::SPACE_KINDS;
pub use description::{Atlas, Sharing, Spec};
