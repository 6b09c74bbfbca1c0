//! The sprites of ingredients.
use palaestra_kitchen::sprites;

use crate::thing::Ingredient;

pub(super) fn ingredient(ingredient: Ingredient) -> u16 {
    match ingredient {
        Ingredient::Onion => sprites::ONION,
        Ingredient::Tomato => sprites::TOMATO,
        Ingredient::Broccoli => sprites::BROCCOLI,
        Ingredient::Mushroom => sprites::MUSHROOM,
    }
}
