//! From scenes to pixels: moving smoothly between two steps, and painting on a canvas.
mod painter;
mod picture;
mod tween;

pub(crate) use painter::{Painter, canvas_from};
