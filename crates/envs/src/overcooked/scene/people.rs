//! The chefs and what they carry.
use palaestra_env::Colour;
use palaestra_env::scene::{Align, Style};

use super::painter::{Painter, corner};
use super::{INK, PAPER, SIGNS, room, row, sprites};
use crate::overcooked::grid::Direction;
use crate::overcooked::kitchen::Kitchen;
use crate::overcooked::state::{Item, State};

/// Identities, by player.
const CHEF_ID: u32 = 1;
const HELD_ID: u32 = 11;
const EARNED_ID: u32 = 21;

const CHEF_SIDE: f32 = 1.24;
/// The middle of a chef above the middle of the cell, so that the feet stand in it.
const CHEF_RAISED: f32 = 0.2;

/// For how many steps a delivery's reward is shown.
const EARNED_SHOWN: u32 = 8;
const EARNED: Colour = Colour::rgb(0x2f8a4b);
const NOTHING_EARNED: Colour = Colour::rgb(0xc4412f);

pub(super) fn draw(kitchen: &Kitchen, state: &State, painter: &mut Painter<'_>) {
    for (index, player) in state.players.iter().enumerate() {
        let [x, y] = corner(player.position);
        let middle = [x + 0.5, y + 0.5];
        let depth = row(player.position.y) + 4;
        let chef = Style::fill(Colour::WHITE).depth(depth).id(CHEF_ID + index as u32);
        let frame = sprites::chef(index, player.orientation);
        painter.sprite(&chef, frame, [middle[0], middle[1] - CHEF_RAISED], CHEF_SIDE);
        if let Some(item) = player.held {
            let ([dx, dy], before) = hands(player.orientation);
            let style = Style::fill(Colour::WHITE).depth(depth + before).id(HELD_ID + index as u32);
            let side = if matches!(item, Item::Ingredient(_)) { 0.5 } else { 0.62 };
            painter.sprite(&style, sprites::item(item), [middle[0] + dx, middle[1] + dy], side);
        }
    }
    earned(kitchen, state, painter);
}

/// Where the hands are from the middle of the cell, and whether what is in them hides the chef or the chef it.
fn hands(facing: Direction) -> ([f32; 2], i16) {
    match facing {
        Direction::North => ([0.0, -0.8], -1),
        Direction::South => ([0.0, 0.17], 1),
        Direction::East => ([0.36, 0.1], 1),
        Direction::West => ([-0.36, 0.1], 1),
    }
}

/// What the latest deliveries earned, rising from the hatch.
fn earned(kitchen: &Kitchen, state: &State, painter: &mut Painter<'_>) {
    for (index, delivery) in state.deliveries.iter().enumerate() {
        let Some(delivery) = delivery else { continue };
        let age = state.timestep.saturating_sub(delivery.timestep);
        if age >= EARNED_SHOWN {
            continue;
        }
        let [x, y] = room::surface(&kitchen.grid, delivery.hatch);
        let colour = if delivery.reward > 0.0 { EARNED } else { NOTHING_EARNED };
        let style = Style::fill(colour).depth(SIGNS).id(EARNED_ID + index as u32);
        let place = [x, y - 0.2 - 0.07 * age as f32];
        let plate = [place[0] - 0.48, place[1] - 0.23, 0.96, 0.46];
        let paper = Style::fill(PAPER).outlined(INK, 0.03).depth(SIGNS).id(EARNED_ID + 10 + index as u32);
        painter.rounded(&paper, plate, 0.23);
        let sign = if delivery.reward > 0.0 { "+" } else { "" };
        painter.text(&style, place, 0.34, Align::Centre, format_args!("{sign}{}", delivery.reward));
    }
}
