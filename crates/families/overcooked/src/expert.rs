//! Cooks who know the way, each for itself: `palaestra_kitchen::errands` in the reference's kitchens. They cook the soup that earns
//! most, and start a pot that can never become it.
use palaestra_env::Advice;
use palaestra_kitchen::errands::{Cook, Doing, Item as Thing, MOST_CELLS, Pot, Room, Spot};
use palaestra_kitchen::{Direction, Position, Tile};

use super::kitchen::Kitchen;
use super::recipe::{Ingredient, Recipe};
use super::state::{Item, Soup, State};

const STAY: i64 = 4;
const INTERACT: i64 = 5;
/// The steps, in the order of the actions' numbers.
const STEPS: [[isize; 2]; 4] = [[0, -1], [0, 1], [1, 0], [-1, 0]];

/// The soup to cook: the one that earns most, of these the smallest.
fn dish_of_the_day(kitchen: &Kitchen) -> Recipe {
    let mut best = Recipe { onions: kitchen.book.max_ingredients(), tomatoes: 0 };
    for recipe in kitchen.book.orders() {
        let (earned, most) = (kitchen.book.delivery(*recipe), kitchen.book.delivery(best));
        if earned > most || (earned == most && recipe.len() < best.len()) {
            best = *recipe;
        }
    }
    best
}

fn numbered(ingredient: Ingredient) -> u8 {
    match ingredient {
        Ingredient::Onion => 0,
        Ingredient::Tomato => 1,
    }
}

fn thing(item: Item) -> Thing {
    match item {
        Item::Ingredient(ingredient) => Thing::Ingredient(numbered(ingredient)),
        Item::Dish => Thing::Dish,
        Item::Soup(_) => Thing::Soup,
    }
}

fn pot(kitchen: &Kitchen, soup: Soup, wanted: Recipe) -> Pot {
    if soup.is_ready(&kitchen.book) {
        return Pot::Ready;
    }
    if soup.is_cooking(&kitchen.book) {
        return Pot::Cooking;
    }
    let found = soup.recipe();
    let missing = [wanted.onions.checked_sub(found.onions), wanted.tomatoes.checked_sub(found.tomatoes)];
    match missing {
        [Some(onions), Some(tomatoes)] if onions + tomatoes > 0 && !soup.is_full(&kitchen.book) => {
            Pot::Lacks { kinds: u8::from(onions > 0) | u8::from(tomatoes > 0) << 1, pieces: onions + tomatoes }
        }
        // By the old rules it starts by itself once it is full, and what is in it can only be added to.
        _ if kitchen.old_dynamics => Pot::Lacks { kinds: 1, pieces: 1 },
        _ => Pot::Full,
    }
}

fn spot(kitchen: &Kitchen, state: &State, wanted: Recipe, position: Position) -> Spot {
    match kitchen.grid.tile(position) {
        Tile::Floor => Spot::Floor,
        Tile::Counter => Spot::Counter(state.object(position).map(thing)),
        Tile::Onions => Spot::Stack(Thing::Ingredient(0)),
        Tile::Tomatoes => Spot::Stack(Thing::Ingredient(1)),
        Tile::Dishes => Spot::Stack(Thing::Dish),
        Tile::Serving => Spot::Hatch,
        Tile::Pot => Spot::Pot(match state.object(position) {
            Some(Item::Soup(soup)) => pot(kitchen, soup, wanted),
            _ => pot(kitchen, Soup::EMPTY, wanted),
        }),
    }
}

/// What an agent does next. It remembers where it stood and how it looked when it last wanted to take a step.
#[inline(never)]
pub(super) fn cook(kitchen: &Kitchen, state: &State, advice: &mut Advice<'_>) {
    let wanted = dish_of_the_day(kitchen);
    let width = usize::from(kitchen.grid.width());
    let spots: Vec<Spot> =
        kitchen.grid.cells().take(MOST_CELLS).map(|(position, _)| spot(kitchen, state, wanted, position)).collect();
    let numbered = |position: Position| usize::from(position.y) * width + usize::from(position.x);
    let Some(player) = state.players.get(advice.agent) else { return };
    let others: Vec<Option<Thing>> = state
        .players
        .iter()
        .enumerate()
        .filter(|(agent, _)| *agent != advice.agent)
        .map(|(_, other)| other.held.map(thing))
        .collect();
    let cell = numbered(player.position);
    let looks = Direction::ALL.iter().position(|direction| *direction == player.orientation).unwrap_or_default();
    let stands = (cell * 4 + looks) as f64 + 1.0;
    let stuck = *advice.memory.first().unwrap_or(&0.0) == stands;
    let facing = Some(numbered(player.position.towards(player.orientation)));
    let cook = Cook { cell, facing, held: player.held.map(thing) };
    let room = Room { width, spots: &spots, steps: STEPS };
    let doing = room.errand(cook, &others, stuck, advice.rng);
    advice.memory[0] = if matches!(doing, Doing::Step(_)) { stands } else { 0.0 };
    advice.discrete(match doing {
        Doing::Step(step) => step as i64,
        Doing::Touch => INTERACT,
        Doing::Rest => STAY,
    });
}
