//! From scenes to pixels: moving smoothly between two steps, and painting on a canvas.
mod painter;
mod picture;
mod preparing;
mod sprite_cache;
mod tween;

pub(crate) use painter::{Painter, canvas_from};
pub(crate) use preparing::painter_for;
pub(crate) use sprite_cache::AtlasLoading;
