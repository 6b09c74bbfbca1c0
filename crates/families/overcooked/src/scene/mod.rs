//! The picture of a kitchen: the room, what stands and lies in it, the chefs, and a strip with orders, score and time.
mod hud;
mod people;
mod pots;
mod sprites;

use palaestra_env::Scene;
use palaestra_kitchen::painter::{self, Painter};
use palaestra_kitchen::room;

use super::kitchen::Kitchen;
use super::state::State;

/// The scene's width over its height.
pub(super) fn aspect(kitchen: &Kitchen) -> f32 {
    let [width, height] = painter::size(&kitchen.grid);
    width / height
}

/// Draws a state.
pub(super) fn draw(kitchen: &Kitchen, state: &State, scene: &mut Scene) {
    let mut painter = Painter::new(&kitchen.grid, scene);
    room::draw(&kitchen.grid, &mut painter);
    pots::draw(kitchen, state, &mut painter);
    people::draw(kitchen, state, &mut painter);
    hud::draw(kitchen, state, &mut painter);
}
