//! What both halves of Taxi's picture keep to: the town, and the slip beside it.
use palaestra_env::Colour;
use palaestra_scenery::palette::{DANGER, GOLD, OLIVE, SEA};
use palaestra_scenery::view::View;

use super::grid::Heading;
use super::town::Fare;

/// Cells, rows downwards from 0; the slip is to the right of the town.
pub(super) const VIEW: View = View { left: -0.35, top: 0.35, width: 7.98, height: 5.7 };
/// Red, green, yellow, blue.
pub(super) const COLOURS: [Colour; 4] = [DANGER, OLIVE, GOLD, SEA];

/// What is there to be shown.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Seen {
    pub(super) fare: Fare,
    pub(super) facing: Heading,
    pub(super) steps: u32,
    /// All that has been earned since the reset.
    pub(super) score: i64,
    /// What the last step earned.
    pub(super) earned: i64,
    /// Whether the passenger changed their mind in the last step.
    pub(super) changed: bool,
}
