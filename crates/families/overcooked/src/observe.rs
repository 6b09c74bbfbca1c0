//! The observation "state": the reference's `OvercookedState.to_dict()`.
use palaestra_env::{BoxSpace, DType, Space, ValueWriter};
use palaestra_kitchen::Position;

use super::kitchen::Kitchen;
use super::recipe::Recipe;
use super::state::{Item, Placed, Soup, State};

/// Alternatives of a held object; those of a lying one are one less.
const NOTHING: u8 = 0;
const PLAIN: u8 = 1;
const SOUP: u8 = 2;

const NAME_OF_SOUP: &str = "soup";

/// The space of the observation.
pub(super) fn space(kitchen: &Kitchen) -> Space {
    let plain = || Space::dict([("name", name(4, 6)), ("position", place(kitchen))]);
    let soup = || soup_space(kitchen);
    let player = Space::dict([
        ("position", place(kitchen)),
        ("orientation", Space::Box(BoxSpace::uniform(-1.0, 1.0, &[2], DType::Int8))),
        ("held_object", Space::OneOf { spaces: vec![Space::None, plain(), soup()] }),
    ]);
    let recipes = || Space::sequence(Space::dict([("ingredients", Space::sequence(name(5, 6)))]));
    Space::dict([
        ("players", Space::tuple([player.clone(), player])),
        ("objects", Space::sequence(Space::OneOf { spaces: vec![plain(), soup()] })),
        ("bonus_orders", recipes()),
        ("all_orders", recipes()),
        ("timestep", Space::discrete(i64::from(kitchen.horizon) + 1)),
    ])
}

fn soup_space(kitchen: &Kitchen) -> Space {
    let ticks = || Space::Discrete { n: i64::from(kitchen.book.longest_time()) + 2, start: -1 };
    let ingredient = Space::dict([("name", name(5, 6)), ("position", place(kitchen))]);
    Space::dict([
        ("name", name(4, 4)),
        ("position", place(kitchen)),
        ("_ingredients", Space::sequence(ingredient)),
        ("cooking_tick", ticks()),
        ("is_cooking", Space::Bool),
        ("is_ready", Space::Bool),
        ("is_idle", Space::Bool),
        ("cook_time", ticks()),
        ("_cooking_tick", ticks()),
    ])
}

fn place(kitchen: &Kitchen) -> Space {
    Space::MultiDiscrete { nvec: vec![kitchen.grid.width().into(), kitchen.grid.height().into()] }
}

fn name(min_length: usize, max_length: usize) -> Space {
    Space::Text { min_length, max_length, charset: Some("abcdefghijklmnopqrstuvwxyz".to_owned()) }
}

/// Writes the observation.
pub(super) fn write(kitchen: &Kitchen, state: &State, out: &mut ValueWriter) {
    for player in &state.players {
        position(player.position, out);
        out.i8s(&player.orientation.delta());
        match player.held {
            None => out.one_of(NOTHING),
            Some(item) => object(kitchen, Placed { position: player.position, item }, [PLAIN, SOUP], out),
        }
    }
    out.sequence(state.objects.len());
    state.objects.iter().for_each(|placed| object(kitchen, *placed, [PLAIN - 1, SOUP - 1], out));
    recipes(kitchen.book.bonus(), out);
    recipes(kitchen.book.orders(), out);
    out.discrete(state.timestep.into());
}

fn object(kitchen: &Kitchen, placed: Placed, [plain, soup]: [u8; 2], out: &mut ValueWriter) {
    let mut named = |alternative, name| {
        out.one_of(alternative);
        out.text(name);
        position(placed.position, out);
    };
    match placed.item {
        Item::Ingredient(ingredient) => named(plain, ingredient.name()),
        Item::Dish => named(plain, "dish"),
        Item::Soup(content) => {
            named(soup, NAME_OF_SOUP);
            contents(kitchen, content, placed.position, out);
        }
    }
}

fn contents(kitchen: &Kitchen, soup: Soup, at: Position, out: &mut ValueWriter) {
    out.sequence(soup.ingredients().len());
    for ingredient in soup.ingredients() {
        out.text(ingredient.name());
        position(at, out);
    }
    let book = &kitchen.book;
    let cook_time = if soup.is_idle() { -1 } else { book.time(soup.recipe()) };
    out.discrete(soup.tick.into());
    [soup.is_cooking(book), soup.is_ready(book), soup.is_idle()].into_iter().for_each(|flag| out.bool(flag));
    out.discrete(cook_time.into());
    out.discrete(soup.tick.into());
}

fn recipes(recipes: &[Recipe], out: &mut ValueWriter) {
    out.sequence(recipes.len());
    for recipe in recipes {
        out.sequence(recipe.len());
        recipe.ingredients().for_each(|ingredient| out.text(ingredient.name()));
    }
}

fn position(position: Position, out: &mut ValueWriter) {
    out.i64s(&[position.x.into(), position.y.into()]);
}
