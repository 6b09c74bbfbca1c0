//! Colours and depths that all of the picture keeps to.
use palaestra_env::Colour;

/// Dark brown: outlines and letters.
pub const INK: Colour = Colour::rgb(0x4b2e2a);
/// Warm white: paper.
pub const PAPER: Colour = Colour::rgb(0xfdf6ea);

/// Depths: the room lies behind, things and chefs stand row by row, signs float above.
pub(crate) const ROOM: i16 = -100;
/// The depth of signs.
pub const SIGNS: i16 = 1000;

/// The depth of a row, for things on its counters; what stands before them adds to it.
pub fn row(y: u8) -> i16 {
    i16::from(y) * 10
}
