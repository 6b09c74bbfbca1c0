//! Seats, sets of them, and the frame that never comes.

/// The most seats that a match has.
pub const MOST_SEATS: usize = 8;

/// No frame: later than all.
pub(crate) const NEVER: u32 = u32::MAX;

/// A set of seats, by their numbers from 0 to 7.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeatSet(u8);

impl SeatSet {
    /// No seat.
    pub const NONE: Self = Self(0);

    /// A set whose bit `n` stands for seat `n`.
    pub fn from_bits(bits: u8) -> Self {
        Self(bits)
    }

    /// Bit `n` stands for seat `n`.
    pub fn bits(self) -> u8 {
        self.0
    }

    /// Whether a seat is in it.
    pub fn contains(self, seat: u8) -> bool {
        seat < 8 && self.0 & (1 << seat) != 0
    }

    /// Adds a seat; a number above 7 is none.
    pub fn insert(&mut self, seat: u8) {
        if seat < 8 {
            self.0 |= 1 << seat;
        }
    }

    /// How many seats it has.
    pub fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether it has none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The seats, from the lowest.
    pub fn iter(self) -> impl Iterator<Item = u8> {
        (0..8).filter(move |seat| self.contains(*seat))
    }

    /// The seats of both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Those that are not in the other.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

impl FromIterator<u8> for SeatSet {
    fn from_iter<I: IntoIterator<Item = u8>>(seats: I) -> Self {
        let mut set = Self::NONE;
        seats.into_iter().for_each(|seat| set.insert(seat));
        set
    }
}
