//! Pots with what is in them.
use palaestra_env::Colour;
use palaestra_env::scene::Style;

use crate::painter::Painter;
use crate::{Grid, INK, PAPER, Position, SIGNS, room, row, sprites};

const PROGRESS: Colour = Colour::rgb(0xf28a2e);

/// A pot on its stove.
const STOVE_SIDE: f32 = 0.92;
const POT_SIDE: f32 = 0.86;
/// How far the pot stands above the stove's middle.
const POT_RAISED: f32 = 0.12;
/// The middle of its opening above its own.
const OPENING: f32 = 0.09;
/// Signs sit at the upper right of the stove.
const SIGN_OFFSET: [f32; 2] = [0.42, -0.4];

/// Identity of the cooking sign of a pot, beside its cell's number.
const SIGN_ID: u32 = 1000;

/// What is going on in a pot.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Cooking {
    /// It waits for more, or to be started, and then the sign for that is shown.
    Raw {
        /// Whether the sign is shown.
        startable: bool,
    },
    /// The soup boils: its sprite, and the share of its time that is over.
    Boils(u16, f32),
    /// The soup is done: its sprite.
    Done(u16),
}

/// A pot on its stove, with the sprites of the ingredients that are in it.
pub fn stove(
    grid: &Grid,
    position: Position,
    cooking: Cooking,
    ingredients: impl Iterator<Item = u16>,
    timestep: u32,
    painter: &mut Painter<'_>,
) {
    let style = Style::fill(Colour::WHITE).depth(row(position.y));
    let [x, y] = room::surface(grid, position);
    let middle = [x, y - POT_RAISED];
    let alight = matches!(cooking, Cooking::Boils(..));
    painter.sprite(&style, if alight { sprites::STOVE_ALIGHT } else { sprites::STOVE }, [x, y], STOVE_SIDE);
    painter.sprite(&style, sprites::POT, middle, POT_SIDE);
    let sign = [x + SIGN_OFFSET[0], y + SIGN_OFFSET[1]];
    // Bubbles and steam move with the game's own clock, so that a replay looks the same.
    let beat = (timestep / 2 % 2) as usize;
    match cooking {
        Cooking::Raw { startable } => {
            if pile(ingredients, middle, &style, painter) {
                painter.sprite(&style, sprites::POT_FRONT, middle, POT_SIDE);
            }
            if startable {
                painter.sprite(&style.depth(SIGNS), sprites::START, sign, 0.4);
            }
        }
        Cooking::Boils(broth, share) => {
            painter.sprite(&style, broth, middle, POT_SIDE);
            painter.sprite(&style, sprites::BUBBLES[beat], middle, POT_SIDE);
            let id = SIGN_ID + u32::from(position.y) * 256 + u32::from(position.x);
            let disc = Style::fill(PAPER).outlined(INK, 0.03).depth(SIGNS);
            painter.circle(&disc, sign, 0.19);
            painter.pie(&Style::fill(PROGRESS).depth(SIGNS).id(id), sign, 0.145, share);
        }
        Cooking::Done(broth) => {
            painter.sprite(&style, broth, middle, POT_SIDE);
            painter.sprite(&style.depth(row(position.y) + 6), sprites::STEAM[beat], [x, y - 0.52], 0.6);
            painter.sprite(&style.depth(SIGNS), sprites::DONE, sign, 0.42);
        }
    }
}

/// Piled up in the opening: three in a layer, the later layers behind and above. Gives whether there was anything.
fn pile(ingredients: impl Iterator<Item = u16>, [x, y]: [f32; 2], style: &Style, painter: &mut Painter<'_>) -> bool {
    const PLACES: [f32; 3] = [-0.17, 0.17, 0.0];
    let mut any = false;
    for (index, frame) in ingredients.enumerate() {
        let layer = (index / PLACES.len()) as f32;
        let across = PLACES[index % PLACES.len()];
        let at = [x + across, y - OPENING - 0.09 - 0.13 * layer];
        painter.sprite(style, frame, at, 0.34);
        any = true;
    }
    any
}
