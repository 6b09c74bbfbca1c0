//! The picture of a kitchen: the room, what stands and lies in it, the chefs, and a strip with orders, score and time. What
//! other families' kitchens show as well is open to them.
pub(crate) mod hud;
pub(crate) mod painter;
pub(crate) mod people;
pub(crate) mod pots;
pub(crate) mod room;
pub(crate) mod sprites;

use palaestra_env::{Colour, Scene};

use self::painter::Painter;
use super::kitchen::Kitchen;
use super::state::State;

/// Dark brown: outlines and letters.
pub(crate) const INK: Colour = Colour::rgb(0x4b2e2a);
/// Warm white: paper.
pub(crate) const PAPER: Colour = Colour::rgb(0xfdf6ea);

/// Depths: the room lies behind, things and chefs stand row by row, signs float above.
const ROOM: i16 = -100;
pub(crate) const SIGNS: i16 = 1000;

/// Of a row, for things on its counters; what stands before them adds to it.
pub(crate) fn row(y: u8) -> i16 {
    i16::from(y) * 10
}

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
