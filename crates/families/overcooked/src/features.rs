//! The observation "features": the reference's `featurize_state` with two pots and the planner that its environment makes, 96
//! numbers for a network.
use palaestra_env::{BoxSpace, DType, Space, ValueWriter};
use palaestra_kitchen::{Direction, Position, Tile};

use super::features_reach::Reach;
use super::kitchen::Kitchen;
use super::recipe::{Ingredient, Recipe};
use super::state::{Item, Player, Soup, State};

/// Of one player: what it faces and holds, the nearest things, two pots of 10 numbers, the walls around it.
const OF_PLAYER: usize = 46;
/// The observer's and the other's, the way to the other, and the observer's place.
const ALL: usize = 2 * OF_PLAYER + 4;
const POTS: usize = 2;
const OF_POT: usize = 10;

/// The space of one agent's observation.
pub(super) fn space(kitchen: &Kitchen) -> Space {
    let farthest = i32::from(kitchen.grid.width().max(kitchen.grid.height()));
    let most = kitchen.book.longest_time().max(farthest);
    Space::Box(BoxSpace::uniform((-farthest).into(), most.into(), &[ALL], DType::Float64))
}

/// Writes what `agent` sees.
pub(super) fn write(kitchen: &Kitchen, reach: &Reach, state: &State, agent: usize, out: &mut ValueWriter) {
    let [first, second] = &state.players;
    let [own, other] = if agent == 0 { [first, second] } else { [second, first] };
    let mut row = Row { numbers: [0.0; ALL], len: 0 };
    for player in [own, other] {
        of_player(kitchen, reach, state, player, &mut row);
    }
    row.way(own.position, Some(other.position));
    row.push(own.position.x);
    row.push(own.position.y);
    out.f64s(&row.numbers);
}

/// Numbers, one after another.
struct Row {
    numbers: [f64; ALL],
    len: usize,
}

impl Row {
    fn push(&mut self, number: impl Into<f64>) {
        if let Some(slot) = self.numbers.get_mut(self.len) {
            *slot = number.into();
        }
        self.len += 1;
    }

    fn flags<const N: usize>(&mut self, flags: [bool; N]) {
        flags.into_iter().for_each(|flag| self.push(u8::from(flag)));
    }

    /// Columns and rows from one place to another; no way is as none to go.
    fn way(&mut self, from: Position, to: Option<Position>) {
        let to = to.unwrap_or(from);
        self.push(i16::from(to.x) - i16::from(from.x));
        self.push(i16::from(to.y) - i16::from(from.y));
    }

    fn counts(&mut self, recipe: Recipe) {
        self.push(recipe.onions);
        self.push(recipe.tomatoes);
    }
}

fn of_player(kitchen: &Kitchen, reach: &Reach, state: &State, player: &Player, row: &mut Row) {
    let holds = |item| player.held == Some(item);
    let (onion, tomato) = (Item::Ingredient(Ingredient::Onion), Item::Ingredient(Ingredient::Tomato));
    let soup = match player.held {
        Some(Item::Soup(soup)) => Some(soup),
        _ => None,
    };
    row.flags(Direction::ALL.map(|direction| player.orientation == direction));
    row.flags([holds(onion), soup.is_some(), holds(Item::Dish), holds(tomato)]);

    let nearest = |tile| reach.nearest(player, tile, None);
    for (item, tile) in [(onion, Tile::Onions), (tomato, Tile::Tomatoes), (Item::Dish, Tile::Dishes)] {
        row.way(player.position, if holds(item) { None } else { nearest(tile) });
    }
    // The planner knows no way to a soup on a counter, nor to a counter that is free.
    row.way(player.position, None);
    row.counts(soup.unwrap_or(Soup::EMPTY).recipe());
    row.way(player.position, nearest(Tile::Serving));
    row.way(player.position, None);

    let mut before = None;
    for pot in 0..POTS {
        // Where there is no first, there is no second.
        let place = if pot > 0 && before.is_none() { None } else { reach.nearest(player, Tile::Pot, before) };
        match place {
            Some(place) => of_pot(kitchen, state, player, place, row),
            None => (0..OF_POT).for_each(|_| row.push(0_u8)),
        }
        before = place;
    }
    let around = Direction::ALL.map(|direction| kitchen.grid.tile(player.position.towards(direction)));
    row.flags(around.map(|tile| tile != Tile::Floor));
}

fn of_pot(kitchen: &Kitchen, state: &State, player: &Player, place: Position, row: &mut Row) {
    let book = &kitchen.book;
    let soup = match state.object(place) {
        Some(Item::Soup(soup)) => Some(soup),
        _ => None,
    };
    let is = |what: fn(Soup, &super::recipe::Book) -> bool| soup.is_some_and(|soup| what(soup, book));
    row.flags([true, soup.is_none(), is(Soup::is_full), is(Soup::is_cooking), is(Soup::is_ready)]);
    let content = soup.unwrap_or(Soup::EMPTY);
    row.counts(content.recipe());
    let left = if content.is_idle() { 0 } else { (book.time(content.recipe()) - content.tick).max(0) };
    row.push(left);
    row.way(player.position, Some(place));
}
