//! What kitchens have in common that are played in different families: the floor plan, and the picture with its sprites.
//!
//! | module | what it draws |
//! |---|---|
//! | `grid` | nothing: places, directions, what stands where |
//! | [`painter`] | in cells instead of fractions of the scene |
//! | [`room`] | floor, counters and what is built into them |
//! | [`pots`], [`people`] | pots on their stoves; chefs, what they carry and earn |
//! | [`hud`] | the strip with score and time |
//! | [`sprites`] | the picture, and which frame is what |
//! | [`errands`] | nothing: a cook who knows what to fetch, and the way there |
#![forbid(unsafe_code)]

pub mod errands;
mod grid;
pub mod hud;
pub mod painter;
pub mod people;
pub mod pots;
pub mod room;
pub mod sprites;

use palaestra_env::Colour;

pub use grid::{Direction, Grid, Position, Tile};

/// Dark brown: outlines and letters.
pub const INK: Colour = Colour::rgb(0x4b2e2a);
/// Warm white: paper.
pub const PAPER: Colour = Colour::rgb(0xfdf6ea);

/// Depths: the room lies behind, things and chefs stand row by row, signs float above.
const ROOM: i16 = -100;
/// The depth of signs.
pub const SIGNS: i16 = 1000;

/// The depth of a row, for things on its counters; what stands before them adds to it.
pub fn row(y: u8) -> i16 {
    i16::from(y) * 10
}
