//! The colours of the hand-drawn scenes: clay, sea and stone, as on an Attic vase.
use palaestra_env::Colour;

/// The sky.
pub const SKY: Colour = Colour::rgb(0xf7f0e3);
/// What is far away, or not to be looked at.
pub const HAZE: Colour = Colour::rgb(0xe9dcc5);
/// Between haze and stone.
pub const DUST: Colour = Colour::rgb(0xd9c7a8);
/// Lines and small text.
pub const INK: Colour = Colour::rgb(0x2b2a33);
/// The ground, and what stands on it.
pub const CLAY: Colour = Colour::rgb(0xc4623f);
/// The ground's depth.
pub const DEEP_CLAY: Colour = Colour::rgb(0x8f3f2a);
/// What the participant moves.
pub const SEA: Colour = Colour::rgb(0x27607f);
/// Its shaded parts.
pub const DEEP_SEA: Colour = Colour::rgb(0x173f57);
/// Its bright parts.
pub const FOAM: Colour = Colour::rgb(0xbfdce4);
/// Where all is well.
pub const OLIVE: Colour = Colour::rgb(0x6f8747);
/// Its shaded parts.
pub const DEEP_OLIVE: Colour = Colour::rgb(0x4c6236);
/// Olive trees, further off.
pub const SAGE: Colour = Colour::rgb(0xbcb98c);
/// The goal, and the sun.
pub const GOLD: Colour = Colour::rgb(0xe8b04a);
/// Where it ends badly.
pub const DANGER: Colour = Colour::rgb(0xc02f2f);
