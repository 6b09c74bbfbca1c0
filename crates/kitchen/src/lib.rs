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
mod look;
pub mod painter;
pub mod people;
pub mod pots;
pub mod room;
pub mod sprites;

pub use grid::{Direction, Grid, Position, Tile};
pub use look::{INK, PAPER, SIGNS, row};
