//! The observation "lossless": the reference's `lossless_state_encoding`, 26 maps of the kitchen for a network.
use palaestra_env::{BoxSpace, DType, Space, ValueWriter};
use palaestra_kitchen::{Direction, Position, Tile};

use super::kitchen::Kitchen;
use super::recipe::Ingredient;
use super::state::{Item, Player, Soup, State};

const LAYERS: usize = 26;

/// The maps in the reference's order. The players' own come first: where the observer stands, where the other, and one
/// map for each direction that either can face.
const POSITIONS: usize = 0;
const ORIENTATIONS: usize = 2;
const POTS: usize = 10;
const COUNTERS: usize = 11;
const ONION_DISPENSERS: usize = 12;
const TOMATO_DISPENSERS: usize = 13;
const DISH_DISPENSERS: usize = 14;
const SERVING: usize = 15;
const ONIONS_IN_POT: usize = 16;
const TOMATOES_IN_POT: usize = 17;
const ONIONS_IN_SOUP: usize = 18;
const TOMATOES_IN_SOUP: usize = 19;
const COOK_TIME_REMAINING: usize = 20;
const SOUP_DONE: usize = 21;
const DISHES: usize = 22;
const ONIONS: usize = 23;
const TOMATOES: usize = 24;
const URGENCY: usize = 25;

/// The urgency map is lit when fewer steps than this are left.
const URGENT: u32 = 40;

/// The space of one agent's observation: (width, height, 26) integers.
pub(super) fn space(kitchen: &Kitchen) -> Space {
    let most = kitchen.book.longest_time().max(kitchen.book.max_ingredients().into());
    let shape = [kitchen.grid.width().into(), kitchen.grid.height().into(), LAYERS];
    Space::Box(BoxSpace::uniform(0.0, most.max(1).into(), &shape, DType::Int32))
}

/// Writes what `agent` sees.
pub(super) fn write(kitchen: &Kitchen, state: &State, agent: usize, out: &mut ValueWriter) {
    let urgent = i32::from(kitchen.horizon.saturating_sub(state.timestep) < URGENT);
    let [first, second] = &state.players;
    let players = if agent == 0 { [first, second] } else { [second, first] };
    for x in 0..kitchen.grid.width() {
        for y in 0..kitchen.grid.height() {
            let position = Position { x, y };
            let mut cell = Cell { kitchen, layers: [0; LAYERS] };
            cell.layers[URGENCY] = urgent;
            cell.tile(kitchen.grid.tile(position));
            state.object(position).into_iter().for_each(|item| cell.item(item));
            for (index, player) in players.into_iter().enumerate().filter(|(_, player)| player.position == position) {
                cell.player(index, player);
            }
            out.i32s(&cell.layers);
        }
    }
}

struct Cell<'a> {
    kitchen: &'a Kitchen,
    layers: [i32; LAYERS],
}

impl Cell<'_> {
    fn tile(&mut self, tile: Tile) {
        let layer = match tile {
            Tile::Floor => return,
            Tile::Counter => COUNTERS,
            Tile::Onions => ONION_DISPENSERS,
            Tile::Tomatoes => TOMATO_DISPENSERS,
            Tile::Dishes => DISH_DISPENSERS,
            Tile::Pot => POTS,
            Tile::Serving => SERVING,
        };
        self.layers[layer] = 1;
    }

    /// `index` 0 is the observer, 1 the other player.
    fn player(&mut self, index: usize, player: &Player) {
        let facing = Direction::ALL.iter().position(|direction| *direction == player.orientation).unwrap_or_default();
        self.layers[POSITIONS + index] = 1;
        self.layers[ORIENTATIONS + index * Direction::ALL.len() + facing] = 1;
        player.held.into_iter().for_each(|item| self.item(item));
    }

    fn item(&mut self, item: Item) {
        match item {
            Item::Ingredient(Ingredient::Onion) => self.layers[ONIONS] += 1,
            Item::Ingredient(Ingredient::Tomato) => self.layers[TOMATOES] += 1,
            Item::Dish => self.layers[DISHES] += 1,
            Item::Soup(soup) => self.soup(soup),
        }
    }

    /// Before it is started a soup has maps of its own. The reference counts every soup outside a pot as done; no other
    /// ever leaves one.
    fn soup(&mut self, soup: Soup) {
        let recipe = soup.recipe();
        let [onions, tomatoes] = if soup.is_idle() {
            [ONIONS_IN_POT, TOMATOES_IN_POT]
        } else {
            self.layers[COOK_TIME_REMAINING] += self.kitchen.book.time(recipe) - soup.tick;
            self.layers[SOUP_DONE] += i32::from(soup.is_ready(&self.kitchen.book));
            [ONIONS_IN_SOUP, TOMATOES_IN_SOUP]
        };
        self.layers[onions] += i32::from(recipe.onions);
        self.layers[tomatoes] += i32::from(recipe.tomatoes);
    }
}
