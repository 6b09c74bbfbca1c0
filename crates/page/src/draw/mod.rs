//! From scenes to pixels: moving smoothly between two steps, and painting on a canvas.
mod painter;
mod picture;
mod sheet;
mod tween;

pub(crate) use painter::{Painter, canvas_from};
pub(crate) use sheet::Sheet;
