//! Pots with what is in them, and what lies on the counters.
use palaestra_env::Colour;
use palaestra_env::scene::Style;
use palaestra_kitchen::painter::Painter;
use palaestra_kitchen::pots::{Cooking, stove};
use palaestra_kitchen::{Position, Tile, room, row};

use super::sprites;
use crate::kitchen::Kitchen;
use crate::state::{Item, Soup, State};

pub(super) fn draw(kitchen: &Kitchen, state: &State, painter: &mut Painter<'_>) {
    for (position, _) in kitchen.grid.cells().filter(|(_, tile)| *tile == Tile::Pot) {
        let soup = match state.object(position) {
            Some(Item::Soup(soup)) => Some(soup),
            _ => None,
        };
        pot(kitchen, state.timestep, position, soup, painter);
    }
    for placed in state.objects.iter().filter(|placed| kitchen.grid.tile(placed.position) != Tile::Pot) {
        let style = Style::fill(Colour::WHITE).depth(row(placed.position.y) + 1);
        let side = if matches!(placed.item, Item::Ingredient(_)) { 0.6 } else { 0.72 };
        painter.sprite(&style, sprites::item(placed.item), room::surface(&kitchen.grid, placed.position), side);
    }
}

fn pot(kitchen: &Kitchen, timestep: u32, position: Position, soup: Option<Soup>, painter: &mut Painter<'_>) {
    let cooking = match soup {
        None => Cooking::Raw { startable: false },
        Some(soup) if soup.is_idle() => {
            Cooking::Raw { startable: !kitchen.old_dynamics && kitchen.book.orders().contains(&soup.recipe()) }
        }
        Some(soup) if soup.is_cooking(&kitchen.book) => {
            let share = soup.tick as f32 / kitchen.book.time(soup.recipe()).max(1) as f32;
            Cooking::Boils(sprites::broth(soup.recipe()), share)
        }
        Some(soup) => Cooking::Done(sprites::broth(soup.recipe())),
    };
    let ingredients = soup.into_iter().flat_map(Soup::ingredients).map(sprites::ingredient);
    stove(&kitchen.grid, position, cooking, ingredients, timestep, painter);
}
