//! What moves, in the page's eyes.
use crate::object::Cell;

pub(super) const AGENT: u32 = 1;
pub(super) const METER: u32 = 2;

/// Of an object that can be told from others, wherever it is; of the rest none.
pub(super) fn object(cell: Cell) -> u32 {
    if cell.tag == 0 { 0 } else { 100 + u32::from(cell.tag) }
}
