//! Which frame shows what.
use palaestra_kitchen::sprites::{
    DISH, MIXED_BROTH, MIXED_SOUP, ONION, ONION_BROTH, ONION_SOUP, TOMATO, TOMATO_BROTH, TOMATO_SOUP,
};

use crate::recipe::{Ingredient, Recipe};
use crate::state::Item;

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
