//! The chefs and what they carry.
use palaestra_kitchen::painter::Painter;
use palaestra_kitchen::people::{chef, earned};
use palaestra_kitchen::room;

use super::sprites;
use crate::kitchen::Kitchen;
use crate::state::{Item, State};

pub(super) fn draw(kitchen: &Kitchen, state: &State, painter: &mut Painter<'_>) {
    for (index, player) in state.players.iter().enumerate() {
        let carried = player.held.map(|item| {
            let side = if matches!(item, Item::Ingredient(_)) { 0.5 } else { 0.62 };
            (sprites::item(item), side)
        });
        chef(index, player.position, player.orientation, carried, painter);
    }
    for (index, delivery) in state.deliveries.iter().enumerate() {
        let Some(delivery) = delivery else { continue };
        let age = state.timestep.saturating_sub(delivery.timestep);
        earned(index, room::surface(&kitchen.grid, delivery.hatch), age, delivery.reward, painter);
    }
}
