//! Whether what a record has of a member says which alternative of a OneOf it is of: it has the member alone, as JSON.
use crate::space::Space;

impl Space {
    /// Two alternatives of a OneOf in this space that have members of which nobody can tell, by their JSON, of which of the two they are: a
    /// record's replay would take them for members of the first.
    pub fn look_alikes(&self) -> Option<[&Space; 2]> {
        match self {
            Space::OneOf { spaces } => {
                let others = |index| spaces.iter().skip(index + 1);
                let mut pairs =
                    spaces.iter().enumerate().flat_map(|(at, one)| others(at).map(move |other| [one, other]));
                let alike = pairs.find(|[one, other]| one.looks_like(other));
                alike.or_else(|| spaces.iter().find_map(Space::look_alikes))
            }
            Space::Tuple { spaces } => spaces.iter().find_map(Space::look_alikes),
            Space::Dict { spaces } => spaces.iter().find_map(|(_, space)| space.look_alikes()),
            Space::Sequence { space } => space.look_alikes(),
            _ => None,
        }
    }

    fn looks_like(&self, other: &Space) -> bool {
        match (self, other) {
            (Space::OneOf { spaces }, space) | (space, Space::OneOf { spaces }) => {
                spaces.iter().any(|own| own.looks_like(space))
            }
            (Space::Discrete { n, start }, Space::Discrete { n: others, start: from }) => {
                *start < from.saturating_add(*others) && *from < start.saturating_add(*n)
            }
            (Space::Text { min_length, max_length, .. }, Space::Text { min_length: least, max_length: most, .. }) => {
                min_length <= most && least <= max_length
            }
            (Space::Dict { spaces }, Space::Dict { spaces: others }) => {
                let same = |(name, space): &(String, Space)| {
                    others.iter().any(|(known, other)| known == name && space.looks_like(other))
                };
                spaces.len() == others.len() && spaces.iter().all(same)
            }
            (Space::Tuple { spaces }, Space::Tuple { spaces: others }) => {
                spaces.len() == others.len() && spaces.iter().zip(others).all(|(space, other)| space.looks_like(other))
            }
            (Space::Tuple { spaces }, list) | (list, Space::Tuple { spaces }) => list.may_list(spaces.len()),
            (Space::Sequence { .. }, list) | (list, Space::Sequence { .. }) => list.is_list(),
            (Space::None, Space::None) | (Space::Bool, Space::Bool) => true,
            // A page may give a Box its numbers in one list, and a single one alone.
            (Space::Box(space), other) | (other, Space::Box(space)) => other.numbers() == Some(space.len()),
            (Space::Discrete { .. }, _) | (_, Space::Discrete { .. }) => false,
            _ => self.numbers().is_some_and(|count| other.numbers() == Some(count)),
        }
    }

    /// Of how many numbers each member is, if it is of nothing else.
    fn numbers(&self) -> Option<usize> {
        match self {
            Space::Discrete { .. } => Some(1),
            Space::Box(space) => Some(space.len()),
            Space::MultiDiscrete { nvec } => Some(nvec.len()),
            Space::MultiBinary { n } => Some(*n),
            _ => None,
        }
    }

    fn is_list(&self) -> bool {
        match self {
            Space::Box(space) => !space.shape.is_empty(),
            Space::MultiDiscrete { .. } | Space::MultiBinary { .. } | Space::Sequence { .. } => true,
            _ => false,
        }
    }

    /// Whether members may be lists of so many items.
    fn may_list(&self, count: usize) -> bool {
        match self {
            Space::Box(space) => space.shape.first() == Some(&count),
            Space::Sequence { .. } => true,
            Space::MultiDiscrete { .. } | Space::MultiBinary { .. } => self.numbers() == Some(count),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::{BoxSpace, DType};

    fn alike(spaces: impl IntoIterator<Item = Space>) -> bool {
        Space::OneOf { spaces: spaces.into_iter().collect() }.look_alikes().is_some()
    }

    fn boxed(shape: &[usize]) -> Space {
        Space::Box(BoxSpace::uniform(0.0, 1.0, shape, DType::Float32))
    }

    fn from(start: i64, n: i64) -> Space {
        Space::Discrete { n, start }
    }

    #[test]
    fn alternatives_with_a_member_of_the_same_json_look_alike() {
        let pair = || Space::tuple([Space::discrete(2), Space::discrete(3)]);
        let named = |space| Space::dict([("one", space)]);
        for [one, other] in [
            [Space::discrete(2), Space::discrete(5)],
            [from(-2, 3), from(0, 9)],
            [Space::discrete(2), boxed(&[])],
            [Space::discrete(2), boxed(&[1])],
            [Space::MultiBinary { n: 2 }, Space::MultiDiscrete { nvec: vec![3, 3] }],
            [Space::MultiBinary { n: 4 }, boxed(&[2, 2])],
            [pair(), Space::MultiBinary { n: 2 }],
            [pair(), pair()],
            [Space::sequence(Space::Bool), boxed(&[3])],
            [Space::text(3), Space::text(5)],
            [named(Space::discrete(2)), named(from(1, 1))],
            [Space::Bool, Space::Bool],
            [Space::discrete(2), Space::optional(from(1, 4))],
        ] {
            assert!(alike([one.clone(), other.clone()]), "{one} and {other}");
            assert!(alike([Space::None, other.clone(), one.clone()]), "{other} and {one}");
        }
    }

    #[test]
    fn alternatives_that_json_tells_apart_do_not() {
        let pair = || Space::tuple([Space::discrete(2), Space::discrete(3)]);
        let named = |name| Space::dict([(name, Space::discrete(2))]);
        for [one, other] in [
            [Space::discrete(6), Space::MultiBinary { n: 3 }],
            [Space::discrete(1), Space::MultiBinary { n: 1 }],
            [from(0, 3), from(3, 2)],
            [Space::MultiBinary { n: 2 }, Space::MultiBinary { n: 3 }],
            [pair(), Space::tuple([Space::discrete(2), Space::Bool])],
            [pair(), Space::discrete(2)],
            [boxed(&[2]), boxed(&[3])],
            [named("one"), named("other")],
            [Space::text(3), Space::discrete(3)],
            [Space::None, Space::Bool],
        ] {
            assert!(!alike([one.clone(), other.clone()]), "{one} and {other}");
            assert!(!alike([other.clone(), one.clone()]), "{other} and {one}");
        }
    }

    #[test]
    fn those_within_other_spaces_are_found() {
        let own = || Space::OneOf { spaces: vec![Space::discrete(2), Space::discrete(5)] };
        let found = [Space::discrete(2), Space::discrete(5)];
        for space in [own(), Space::tuple([Space::Bool, own()]), Space::dict([("one", own())]), Space::sequence(own())]
        {
            assert_eq!(space.look_alikes(), Some([&found[0], &found[1]]), "{space}");
        }
        assert_eq!(Space::optional(own()).look_alikes(), Some([&found[0], &found[1]]));
        assert_eq!(Space::optional(Space::discrete(2)).look_alikes(), None);
    }
}
