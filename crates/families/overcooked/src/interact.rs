//! What INTERACT does, by what the player looks at.
use palaestra_kitchen::{Position, Tile};

use super::action::Action;
use super::kitchen::Kitchen;
use super::recipe::Ingredient;
use super::state::{Delivery, Item, Player, Soup, State};

/// What a player's interaction leaves in their hands and earns.
struct Effect {
    held: Option<Item>,
    sparse: f64,
    shaped: f64,
    /// Where a soup was handed in.
    delivered: Option<Position>,
}

/// Resolves both players' interactions, the first player's first, and notes what each earned.
pub(super) fn resolve(kitchen: &Kitchen, state: &mut State, actions: [Action; 2]) {
    (state.sparse, state.shaped) = ([0.0; 2], [0.0; 2]);
    // Counted once for both, as the reference does: what the first player does to a pot in this step does not change
    // whether the second player's dish is useful.
    let awaiting = soups_awaiting_a_dish(kitchen, state);
    for (index, action) in actions.into_iter().enumerate() {
        if action == Action::Interact {
            let effect = interact(kitchen, state, state.players[index], awaiting);
            state.players[index].held = effect.held;
            state.sparse[index] = effect.sparse;
            state.shaped[index] = effect.shaped;
            if let Some(hatch) = effect.delivered {
                state.deliveries[index] = Some(Delivery { timestep: state.timestep, reward: effect.sparse, hatch });
            }
        }
    }
}

/// Soups that are ready, cooking, or have room for more; a full pot nobody has started is none of them.
fn soups_awaiting_a_dish(kitchen: &Kitchen, state: &State) -> usize {
    let awaiting = |item| matches!(item, Item::Soup(soup) if !soup.is_idle() || !soup.is_full(&kitchen.book));
    let in_pots = state.objects.iter().filter(|placed| kitchen.grid.tile(placed.position) == Tile::Pot);
    in_pots.filter(|placed| awaiting(placed.item)).count()
}

fn interact(kitchen: &Kitchen, state: &mut State, player: Player, awaiting: usize) -> Effect {
    let facing = player.position.towards(player.orientation);
    let holding = |held| Effect { held, sparse: 0.0, shaped: 0.0, delivered: None };
    match (kitchen.grid.tile(facing), player.held) {
        (Tile::Counter, Some(item)) if state.object(facing).is_none() => {
            state.place(facing, item);
            holding(None)
        }
        (Tile::Counter, None) => holding(state.take(facing)),
        (Tile::Onions, None) => holding(Some(Item::Ingredient(Ingredient::Onion))),
        (Tile::Tomatoes, None) => holding(Some(Item::Ingredient(Ingredient::Tomato))),
        (Tile::Dishes, None) => {
            let shaped = if a_dish_is_useful(state, awaiting) { kitchen.shaping.dish_pickup } else { 0.0 };
            Effect { shaped, ..holding(Some(Item::Dish)) }
        }
        (Tile::Pot, None) => {
            let soup = state.soup_mut(facing).filter(|soup| !kitchen.old_dynamics && soup.is_idle());
            soup.into_iter().for_each(|soup| soup.tick = 0);
            holding(None)
        }
        (Tile::Pot, Some(Item::Dish)) => match state.object(facing) {
            Some(Item::Soup(soup)) if soup.is_ready(&kitchen.book) => {
                Effect { shaped: kitchen.shaping.soup_pickup, ..holding(state.take(facing)) }
            }
            _ => holding(player.held),
        },
        (Tile::Pot, Some(Item::Ingredient(ingredient))) => {
            if state.object(facing).is_none() {
                state.place(facing, Item::Soup(Soup::EMPTY));
            }
            match state.soup_mut(facing) {
                Some(soup) if !soup.is_full(&kitchen.book) => {
                    soup.add(ingredient);
                    Effect { shaped: kitchen.shaping.placement_in_pot, ..holding(None) }
                }
                _ => holding(player.held),
            }
        }
        (Tile::Serving, Some(Item::Soup(soup))) => {
            Effect { sparse: kitchen.book.delivery(soup.recipe()), delivered: Some(facing), ..holding(None) }
        }
        (_, held) => holding(held),
    }
}

/// Whether another dish in somebody's hands would help. One left on a counter makes every further dish useless, so that
/// fetching and dropping dishes earns nothing.
fn a_dish_is_useful(state: &State, awaiting: usize) -> bool {
    let lying = state.objects.iter().any(|placed| placed.item == Item::Dish);
    let carried = state.players.iter().filter(|player| player.held == Some(Item::Dish)).count();
    !lying && carried < awaiting
}
