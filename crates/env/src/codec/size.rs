use crate::space::Space;

/// How many bytes every member takes, if all take the same.
pub fn fixed_size(space: &Space) -> Option<usize> {
    match space {
        Space::Discrete { .. } => Some(8),
        Space::Box(space) => space.len().checked_mul(space.dtype.size()),
        Space::MultiDiscrete { nvec } => nvec.len().checked_mul(8),
        Space::MultiBinary { n } => Some(*n),
        Space::Tuple { spaces } => spaces.iter().map(fixed_size).sum(),
        Space::Dict { spaces } => spaces.iter().map(|(_, space)| fixed_size(space)).sum(),
        Space::None => Some(0),
        Space::Bool => Some(1),
        Space::Text { .. } | Space::Sequence { .. } | Space::OneOf { .. } => None,
    }
}

/// Whether a member is no byte at all.
pub(super) fn takes_nothing(space: &Space) -> bool {
    match space {
        Space::None => true,
        Space::Box(space) => space.is_empty(),
        Space::MultiDiscrete { nvec } => nvec.is_empty(),
        Space::MultiBinary { n } => *n == 0,
        Space::Tuple { spaces } => spaces.iter().all(takes_nothing),
        Space::Dict { spaces } => spaces.iter().all(|(_, space)| takes_nothing(space)),
        Space::Bool | Space::Discrete { .. } | Space::Text { .. } | Space::Sequence { .. } | Space::OneOf { .. } => {
            false
        }
    }
}
