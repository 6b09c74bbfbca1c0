//! The frames of a match as one peer knows them.
mod frames;
mod play;

pub(crate) use frames::Timeline;
