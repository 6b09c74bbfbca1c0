//! The colours of the family's scenes beside those that all families share; its sprites have their own.
use palaestra_env::Colour;

pub(super) use palaestra_scenery::palette::{DANGER, DEEP_OLIVE as OLIVE, DUST as GROOVE, INK, SEA, SKY as PAPER};

/// What walls are of, and what lies outside.
pub(super) const ROCK: Colour = Colour::rgb(0x7a5547);
/// What is walked on.
pub(super) const FLOOR: Colour = Colour::rgb(0xdcc7a3);
/// Over what the agent sees.
pub(super) const LIGHT: Colour = Colour::rgb(0xfffbee);
/// What has not been seen.
pub(super) const DARK: Colour = Colour::rgb(0x4a3a3c);
