//! From scenes to pixels: moving smoothly between two steps, and painting on a canvas.
mod handle;
mod painter;
mod picture;
mod sprite_cache;
mod tween;

pub use handle::PainterHandle;
pub(crate) use painter::{Painter, canvas_from};
pub(crate) use sprite_cache::{AtlasLoading, SpriteCache};
