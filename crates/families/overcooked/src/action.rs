//! What a player can do in a step.
use palaestra_kitchen::Direction;

/// The reference's six actions, numbered as its `Action.ALL_ACTIONS`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Move(Direction),
    Stay,
    Interact,
}

impl Action {
    /// How many there are.
    pub(super) const COUNT: i64 = 6;

    /// From 0 north, 1 south, 2 east, 3 west, 4 stay, 5 interact.
    pub(super) fn numbered(number: i64) -> Self {
        match number {
            0 => Action::Move(Direction::North),
            1 => Action::Move(Direction::South),
            2 => Action::Move(Direction::East),
            3 => Action::Move(Direction::West),
            5 => Action::Interact,
            _ => Action::Stay,
        }
    }
}
