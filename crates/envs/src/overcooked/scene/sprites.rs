//! The frames of `www/art/overcooked.svg`, whose comments count them too.
use palaestra_env::Atlas;

use crate::overcooked::grid::Direction;
use crate::overcooked::recipe::{Ingredient, Recipe};
use crate::overcooked::state::Item;

pub(crate) const FLOOR: u16 = 0;
pub(crate) const OTHER_FLOOR: u16 = 1;
pub(crate) const COUNTER: u16 = 2;
pub(crate) const COUNTER_FRONT: u16 = 3;
pub(crate) const ONIONS: u16 = 4;
pub(crate) const TOMATOES: u16 = 5;
pub(crate) const DISHES: u16 = 6;
pub(crate) const HATCH: u16 = 7;
pub(crate) const STOVE: u16 = 8;
pub(crate) const STOVE_ALIGHT: u16 = 9;
pub(crate) const POT: u16 = 10;
pub(crate) const ONION_BROTH: u16 = 11;
pub(crate) const TOMATO_BROTH: u16 = 12;
pub(crate) const MIXED_BROTH: u16 = 13;
pub(crate) const BUBBLES: [u16; 2] = [14, 15];
pub(crate) const STEAM: [u16; 2] = [16, 17];
pub(crate) const ONION: u16 = 18;
pub(crate) const TOMATO: u16 = 19;
pub(crate) const DISH: u16 = 20;
pub(crate) const ONION_SOUP: u16 = 21;
pub(crate) const TOMATO_SOUP: u16 = 22;
pub(crate) const MIXED_SOUP: u16 = 23;
/// The first player's four directions, then the second's.
const CHEFS: u16 = 24;
pub(crate) const STAR: u16 = 32;
pub(crate) const COIN: u16 = 33;
pub(crate) const CLOCK: u16 = 34;
pub(crate) const DONE: u16 = 35;
pub(crate) const START: u16 = 36;
pub(crate) const POT_FRONT: u16 = 37;
pub(crate) const BROCCOLI: u16 = 38;
pub(crate) const MUSHROOM: u16 = 39;

/// The picture and its grid.
pub(crate) fn atlas() -> Atlas {
    Atlas { image: "overcooked.svg".to_owned(), columns: 8, rows: 5 }
}

/// A player's frame.
pub(crate) fn chef(player: usize, facing: Direction) -> u16 {
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
