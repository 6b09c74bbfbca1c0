//! Pictures of scenes, painted without a browser: what a program sees where a participant sees a canvas.
//!
//! The drawing follows the page's painter command by command. What differs: antialiasing is tiny-skia's; letters are DejaVu Sans
//! Bold on every machine, where a page takes the system's own font first; and nothing moves between two steps.
//!
//! | module | what it holds |
//! |---|---|
//! | [`painter`] | a scene's commands, one after another, into pixels |
//! | `outline` | the shapes that tiny-skia has no outline of: arcs and rounded corners |
//! | `letters` | text |
//! | [`sprites`] | sprites, cut from an atlas at the size they are drawn at |
#![forbid(unsafe_code)]

mod letters;
mod outline;
pub mod painter;
pub mod sprites;

pub use painter::{Painter, SizeError};
pub use sprites::{AtlasError, Sprites};
