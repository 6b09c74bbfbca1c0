//! The frames of `art/overcooked.svg`, whose comments count them too.
#![allow(missing_docs, reason = "each name says all there is to say")]
use palaestra_env::Atlas;
use palaestra_env::catalog::Artwork;

use crate::Direction;

pub const FLOOR: u16 = 0;
pub const OTHER_FLOOR: u16 = 1;
pub const COUNTER: u16 = 2;
pub const COUNTER_FRONT: u16 = 3;
pub const ONIONS: u16 = 4;
pub const TOMATOES: u16 = 5;
pub const DISHES: u16 = 6;
pub const HATCH: u16 = 7;
pub const STOVE: u16 = 8;
pub const STOVE_ALIGHT: u16 = 9;
pub const POT: u16 = 10;
pub const ONION_BROTH: u16 = 11;
pub const TOMATO_BROTH: u16 = 12;
pub const MIXED_BROTH: u16 = 13;
pub const BUBBLES: [u16; 2] = [14, 15];
pub const STEAM: [u16; 2] = [16, 17];
pub const ONION: u16 = 18;
pub const TOMATO: u16 = 19;
pub const DISH: u16 = 20;
pub const ONION_SOUP: u16 = 21;
pub const TOMATO_SOUP: u16 = 22;
pub const MIXED_SOUP: u16 = 23;
/// The first player's four directions, then the second's.
const CHEFS: u16 = 24;
pub const STAR: u16 = 32;
pub const COIN: u16 = 33;
pub const CLOCK: u16 = 34;
pub const DONE: u16 = 35;
pub const START: u16 = 36;
pub const POT_FRONT: u16 = 37;
pub const BROCCOLI: u16 = 38;
pub const MUSHROOM: u16 = 39;

/// The picture, for families that draw kitchens.
pub const ARTWORK: Artwork = Artwork::new("overcooked.svg", include_bytes!("../art/overcooked.svg"));

/// The picture and its grid.
pub fn atlas() -> Atlas {
    Atlas { image: ARTWORK.path.to_owned(), columns: 8, rows: 5 }
}

/// A player's frame.
pub fn chef(player: usize, facing: Direction) -> u16 {
    CHEFS + player as u16 * Direction::ALL.len() as u16 + facing as u16
}
