//! The frames of `www/art/overcooked.svg`, whose comments count them too.
use palaestra_env::Atlas;

use crate::overcooked::grid::Direction;
use crate::overcooked::recipe::{Ingredient, Recipe};
use crate::overcooked::state::Item;

pub(super) const FLOOR: u16 = 0;
pub(super) const OTHER_FLOOR: u16 = 1;
pub(super) const COUNTER: u16 = 2;
pub(super) const COUNTER_FRONT: u16 = 3;
pub(super) const ONIONS: u16 = 4;
pub(super) const TOMATOES: u16 = 5;
pub(super) const DISHES: u16 = 6;
pub(super) const HATCH: u16 = 7;
pub(super) const STOVE: u16 = 8;
pub(super) const STOVE_ALIGHT: u16 = 9;
pub(super) const POT: u16 = 10;
const ONION_BROTH: u16 = 11;
const TOMATO_BROTH: u16 = 12;
const MIXED_BROTH: u16 = 13;
pub(super) const BUBBLES: [u16; 2] = [14, 15];
pub(super) const STEAM: [u16; 2] = [16, 17];
const ONION: u16 = 18;
const TOMATO: u16 = 19;
const DISH: u16 = 20;
const ONION_SOUP: u16 = 21;
const TOMATO_SOUP: u16 = 22;
const MIXED_SOUP: u16 = 23;
/// The first player's four directions, then the second's.
const CHEFS: u16 = 24;
pub(super) const STAR: u16 = 32;
pub(super) const COIN: u16 = 33;
pub(super) const CLOCK: u16 = 34;
pub(super) const DONE: u16 = 35;
pub(super) const START: u16 = 36;
pub(super) const POT_FRONT: u16 = 37;

/// The picture and its grid.
pub(in crate::overcooked) fn atlas() -> Atlas {
    Atlas { image: "overcooked.svg".to_owned(), columns: 8, rows: 5 }
}

/// A player's frame.
pub(super) fn chef(player: usize, facing: Direction) -> u16 {
    CHEFS + player as u16 * Direction::ALL.len() as u16 + facing as u16
}

/// An ingredient by itself.
pub(super) fn ingredient(ingredient: Ingredient) -> u16 {
    match ingredient {
        Ingredient::Onion => ONION,
        Ingredient::Tomato => TOMATO,
    }
}

/// What lies on a counter or in somebody's hands.
pub(super) fn item(item: Item) -> u16 {
    match item {
        Item::Ingredient(one) => ingredient(one),
        Item::Dish => DISH,
        Item::Soup(soup) => by_kind(soup.recipe(), [ONION_SOUP, TOMATO_SOUP, MIXED_SOUP]),
    }
}

/// A soup cooking in its pot.
pub(super) fn broth(recipe: Recipe) -> u16 {
    by_kind(recipe, [ONION_BROTH, TOMATO_BROTH, MIXED_BROTH])
}

fn by_kind(recipe: Recipe, [onion, tomato, mixed]: [u16; 3]) -> u16 {
    match (recipe.onions, recipe.tomatoes) {
        (_, 0) => onion,
        (0, _) => tomato,
        _ => mixed,
    }
}
