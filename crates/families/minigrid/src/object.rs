//! What a cell can hold, and how it is encoded for an observation: `core/world_object.py` and `core/constants.py`.

/// Kinds of things, with MiniGrid's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Kind {
    Empty = 1,
    Wall,
    Floor,
    Door,
    Key,
    Ball,
    Box,
    Goal,
    Lava,
}

impl Kind {
    const ALL: [Kind; 9] =
        [Kind::Empty, Kind::Wall, Kind::Floor, Kind::Door, Kind::Key, Kind::Ball, Kind::Box, Kind::Goal, Kind::Lava];

    pub(super) fn from_u8(number: u8) -> Option<Self> {
        Kind::ALL.into_iter().find(|kind| *kind as u8 == number)
    }

    /// As missions call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Kind::Empty => "empty",
            Kind::Wall => "wall",
            Kind::Floor => "floor",
            Kind::Door => "door",
            Kind::Key => "key",
            Kind::Ball => "ball",
            Kind::Box => "box",
            Kind::Goal => "goal",
            Kind::Lava => "lava",
        }
    }
}

/// Colours of things, with MiniGrid's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Hue {
    Red,
    Green,
    Blue,
    Purple,
    Yellow,
    Grey,
}

impl Hue {
    const ALL: [Hue; 6] = [Hue::Red, Hue::Green, Hue::Blue, Hue::Purple, Hue::Yellow, Hue::Grey];
    /// In the order of their names, which is the order they are drawn from at random.
    pub(super) const BY_NAME: [Hue; 6] = [Hue::Blue, Hue::Green, Hue::Grey, Hue::Purple, Hue::Red, Hue::Yellow];

    pub(super) fn from_u8(number: u8) -> Option<Self> {
        Hue::ALL.get(usize::from(number)).copied()
    }

    /// As missions call it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Hue::Red => "red",
            Hue::Green => "green",
            Hue::Blue => "blue",
            Hue::Purple => "purple",
            Hue::Yellow => "yellow",
            Hue::Grey => "grey",
        }
    }
}

/// What a door is like, with MiniGrid's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Latch {
    Open,
    Closed,
    Locked,
}

impl Latch {
    pub(super) fn from_u8(number: u8) -> Option<Self> {
        [Latch::Open, Latch::Closed, Latch::Locked].get(usize::from(number)).copied()
    }
}

/// What a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) kind: Kind,
    pub(super) hue: Hue,
    /// Of a door; open for everything else, as the encoding has 0 there.
    pub(super) latch: Latch,
    /// Tells an object from others like it, as Python's `is` does; 0 for what need not be known again.
    pub(super) tag: u8,
}

impl Cell {
    pub(super) const EMPTY: Self = Self::new(Kind::Empty, Hue::Red);
    pub(super) const WALL: Self = Self::new(Kind::Wall, Hue::Grey);
    pub(super) const GOAL: Self = Self::new(Kind::Goal, Hue::Green);
    pub(super) const LAVA: Self = Self::new(Kind::Lava, Hue::Red);

    pub(super) const fn new(kind: Kind, hue: Hue) -> Self {
        Self { kind, hue, latch: Latch::Open, tag: 0 }
    }

    pub(super) const fn door(hue: Hue, latch: Latch) -> Self {
        Self { kind: Kind::Door, hue, latch, tag: 0 }
    }

    pub(super) const fn tagged(self, tag: u8) -> Self {
        Self { tag, ..self }
    }

    pub(super) fn is_empty(self) -> bool {
        self.kind == Kind::Empty
    }

    /// Whether the agent may stand here.
    pub(super) fn can_overlap(self) -> bool {
        match self.kind {
            Kind::Empty | Kind::Floor | Kind::Goal | Kind::Lava => true,
            Kind::Door => self.latch == Latch::Open,
            Kind::Wall | Kind::Key | Kind::Ball | Kind::Box => false,
        }
    }

    pub(super) fn can_pickup(self) -> bool {
        matches!(self.kind, Kind::Key | Kind::Ball | Kind::Box)
    }

    /// Whether the agent sees what lies behind.
    pub(super) fn see_behind(self) -> bool {
        !(self.kind == Kind::Wall || (self.kind == Kind::Door && self.latch != Latch::Open))
    }

    /// What is left after the agent, holding `carrying`, has toggled this.
    pub(super) fn toggled(self, carrying: Cell) -> Self {
        match (self.kind, self.latch) {
            (Kind::Door, Latch::Locked) if carrying.kind == Kind::Key && carrying.hue == self.hue => {
                Self { latch: Latch::Open, ..self }
            }
            (Kind::Door, Latch::Closed) => Self { latch: Latch::Open, ..self },
            (Kind::Door, Latch::Open) => Self { latch: Latch::Closed, ..self },
            // A box gives way to what it contains; those of the environments here contain nothing.
            (Kind::Box, _) => Self::EMPTY,
            _ => self,
        }
    }

    /// Object, colour and state, as an observation holds them.
    pub(super) fn encode(self) -> [u8; 3] {
        [self.kind as u8, self.hue as u8, self.latch as u8]
    }

    /// All that is known of it, as a saved state holds it.
    pub(super) fn to_u32(self) -> u32 {
        u32::from_le_bytes([self.kind as u8, self.hue as u8, self.latch as u8, self.tag])
    }

    /// Reads [`Cell::to_u32`].
    pub(super) fn from_u32(bits: u32) -> Option<Self> {
        let [kind, hue, latch, tag] = bits.to_le_bytes();
        let cell = Self { kind: Kind::from_u8(kind)?, hue: Hue::from_u8(hue)?, latch: Latch::from_u8(latch)?, tag };
        (cell.kind == Kind::Door || cell.latch == Latch::Open).then_some(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cell_reads_back_from_its_bits_and_nothing_else_does() {
        for kind in Kind::ALL {
            for hue in Hue::ALL {
                let cell = Cell::new(kind, hue).tagged(9);
                assert_eq!(Cell::from_u32(cell.to_u32()), Some(cell));
            }
        }
        let locked = Cell::door(Hue::Grey, Latch::Locked);
        assert_eq!(Cell::from_u32(locked.to_u32()), Some(locked));
        let wall_with_a_latch = u32::from_le_bytes([Kind::Wall as u8, 5, 1, 0]);
        for bits in [0, 10, 0x0600 | Kind::Key as u32, 0x03_0000 | Kind::Door as u32, wall_with_a_latch] {
            assert_eq!(Cell::from_u32(bits), None, "{bits:#x}");
        }
    }

    #[test]
    fn a_locked_door_opens_for_the_key_of_its_colour_only() {
        let door = Cell::door(Hue::Blue, Latch::Locked);
        for carrying in [Cell::EMPTY, Cell::new(Kind::Key, Hue::Red), Cell::new(Kind::Ball, Hue::Blue)] {
            assert_eq!(door.toggled(carrying), door, "{carrying:?}");
        }
        let open = door.toggled(Cell::new(Kind::Key, Hue::Blue));
        assert_eq!(open.latch, Latch::Open);
        // Once unlocked it needs no key.
        assert_eq!(open.toggled(Cell::EMPTY).latch, Latch::Closed);
        assert_eq!(open.toggled(Cell::EMPTY).toggled(Cell::EMPTY), open);
    }

    #[test]
    fn a_box_vanishes_when_toggled_and_the_rest_stays_as_it_is() {
        assert_eq!(Cell::new(Kind::Box, Hue::Red).toggled(Cell::EMPTY), Cell::EMPTY);
        for cell in [Cell::EMPTY, Cell::WALL, Cell::GOAL, Cell::LAVA, Cell::new(Kind::Key, Hue::Red)] {
            assert_eq!(cell.toggled(Cell::new(Kind::Key, cell.hue)), cell);
        }
    }
}
