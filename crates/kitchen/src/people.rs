//! The chefs and what they carry.
use palaestra_env::Colour;
use palaestra_env::scene::{Align, Style};
use palaestra_text::Decimal;

use crate::painter::{Painter, corner};
use crate::{Direction, INK, PAPER, Position, SIGNS, row, sprites};

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

/// A sprite of something carried, and its side.
pub type Carried = (u16, f32);

/// A chef, the first or the second, with what is in the hands.
pub fn chef(index: usize, position: Position, facing: Direction, carried: Option<Carried>, painter: &mut Painter<'_>) {
    let [x, y] = corner(position);
    let middle = [x + 0.5, y + 0.5];
    let depth = row(position.y) + 4;
    let chef = Style::fill(Colour::WHITE).depth(depth).id(CHEF_ID + index as u32);
    let frame = sprites::chef(index, facing);
    painter.sprite(&chef, frame, [middle[0], middle[1] - CHEF_RAISED], CHEF_SIDE);
    if let Some((frame, side)) = carried {
        let ([dx, dy], before) = hands(facing);
        let style = Style::fill(Colour::WHITE).depth(depth + before).id(HELD_ID + index as u32);
        painter.sprite(&style, frame, [middle[0] + dx, middle[1] + dy], side);
    }
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

/// What a chef's latest delivery earned, rising from the hatch for a while.
pub fn earned(index: usize, [x, y]: [f32; 2], age: u32, reward: f64, painter: &mut Painter<'_>) {
    if age >= EARNED_SHOWN {
        return;
    }
    let colour = if reward > 0.0 { EARNED } else { NOTHING_EARNED };
    let style = Style::fill(colour).depth(SIGNS).id(EARNED_ID + index as u32);
    let place = [x, y - 0.2 - 0.07 * age as f32];
    let plate = [place[0] - 0.48, place[1] - 0.23, 0.96, 0.46];
    let paper = Style::fill(PAPER).outlined(INK, 0.03).depth(SIGNS).id(EARNED_ID + 10 + index as u32);
    painter.rounded(&paper, plate, 0.23);
    let sign = if reward > 0.0 { "+" } else { "" };
    painter.text(&style, place, 0.34, Align::Centre, format_args!("{sign}{}", Decimal(reward)));
}
