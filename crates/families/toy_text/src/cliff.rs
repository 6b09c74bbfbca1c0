//! The field beside the cliff.
use super::grid::Grid;

pub(super) const GRID: Grid = Grid { rows: 4, columns: 12 };
pub(super) const START: usize = 36;
pub(super) const GOAL: usize = 47;

/// What a walk over the cliff's edge adds up to, for the eye.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Falls {
    pub(super) count: u32,
    /// The column of the last step's fall.
    pub(super) latest: Option<u32>,
}

/// Between start and goal.
pub(super) fn is_cliff(cell: usize) -> bool {
    START < cell && cell < GOAL
}
