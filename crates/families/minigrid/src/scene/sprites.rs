//! The frames of `art/minigrid.svg`, whose comments count them too.
use palaestra_env::Atlas;
use palaestra_env::catalog::Artwork;

use super::ending::Ending;
use super::layout::Camera;
use crate::grid::Place;
use crate::object::{Cell, Kind, Latch};

const COLUMNS: u16 = 6;
const ROWS: u16 = 7;

/// Rows of six: one of each hue.
const KEYS: u16 = 0;
const BALLS: u16 = 6;
const BOXES: u16 = 12;
const CLOSED_DOORS: u16 = 18;
const LOCKED_DOORS: u16 = 24;
const OPEN_DOORS: u16 = 30;
const GOAL: u16 = 36;
const LAVA: u16 = 37;
const AGENT: u16 = 38;
const AGENT_GLAD: u16 = 39;
const AGENT_SAD: u16 = 40;
/// A place in the agent's hands, with nothing in it.
pub(super) const HANDS: u16 = 41;

/// The picture.
pub(crate) const ARTWORK: Artwork = Artwork::new("minigrid.svg", include_bytes!("../../art/minigrid.svg"));

/// The picture and its grid.
pub(crate) fn atlas() -> Atlas {
    Atlas { image: ARTWORK.path.to_owned(), columns: COLUMNS, rows: ROWS }
}

/// What a sprite has around it on each side, as a part of what shows in a cell: cut from the picture at another size, a sprite
/// that filled its whole frame would have a seam of its neighbours'.
const MARGIN: f32 = 4.0 / 120.0;

/// The frame of a sprite that is to show in a square: left, top, width and height.
pub(super) fn around([left, top, width, height]: [f32; 4]) -> [f32; 4] {
    let (x, y) = (width * MARGIN, height * MARGIN);
    [left - x, top - y, width + 2.0 * x, height + 2.0 * y]
}

/// The frame of a sprite that is to show in a cell.
pub(super) fn place(camera: &Camera, place: Place) -> [f32; 4] {
    around(camera.rectangle([place.x as f32, place.y as f32, 1.0, 1.0]))
}

/// What a cell holds; nothing for walls and floors, which are no sprites.
pub(super) fn cell(cell: Cell) -> Option<u16> {
    let row = match (cell.kind, cell.latch) {
        (Kind::Empty | Kind::Wall | Kind::Floor, _) => return None,
        (Kind::Goal, _) => return Some(GOAL),
        (Kind::Lava, _) => return Some(LAVA),
        (Kind::Key, _) => KEYS,
        (Kind::Ball, _) => BALLS,
        (Kind::Box, _) => BOXES,
        (Kind::Door, Latch::Closed) => CLOSED_DOORS,
        (Kind::Door, Latch::Locked) => LOCKED_DOORS,
        (Kind::Door, Latch::Open) => OPEN_DOORS,
    };
    Some(row + cell.hue as u16)
}

/// The agent, looking to the right.
pub(super) fn agent(ending: Ending) -> u16 {
    match ending {
        Ending::Won => AGENT_GLAD,
        Ending::Lost => AGENT_SAD,
        Ending::None | Ending::OutOfSteps => AGENT,
    }
}
