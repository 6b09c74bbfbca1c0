//! Cells in rows, numbered in reading order, and the four ways from one to the next.

/// A way to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heading {
    Left,
    Down,
    Right,
    Up,
}

impl Heading {
    const ALL: [Self; 4] = [Heading::Left, Heading::Down, Heading::Right, Heading::Up];

    /// By its place in the declaration.
    pub(super) fn numbered(number: usize) -> Option<Self> {
        Self::ALL.get(number).copied()
    }

    /// Across and down.
    pub(super) fn vector(self) -> [i8; 2] {
        match self {
            Heading::Left => [-1, 0],
            Heading::Down => [0, 1],
            Heading::Right => [1, 0],
            Heading::Up => [0, -1],
        }
    }

    /// For people.
    pub(super) fn arrow(self) -> &'static str {
        match self {
            Heading::Left => "←",
            Heading::Down => "↓",
            Heading::Right => "→",
            Heading::Up => "↑",
        }
    }
}

/// How many rows and columns there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Grid {
    pub(super) rows: usize,
    pub(super) columns: usize,
}

impl Grid {
    /// How many cells.
    pub(super) fn cells(self) -> usize {
        self.rows * self.columns
    }

    /// Row and column of a cell.
    pub(super) fn place(self, cell: usize) -> [usize; 2] {
        // Where numbers of 64 bits are divided slowly, these are not.
        let (cell, columns) = (cell as u32, self.columns as u32);
        [(cell / columns) as usize, (cell % columns) as usize]
    }

    /// The cell next to one; at the edge the same.
    pub(super) fn next(self, cell: usize, heading: Heading) -> usize {
        let [row, column] = self.place(cell);
        let [across, down] = heading.vector();
        let row = row.saturating_add_signed(down.into()).min(self.rows - 1);
        let column = column.saturating_add_signed(across.into()).min(self.columns - 1);
        row * self.columns + column
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_no_way_over_the_edge() {
        let grid = Grid { rows: 2, columns: 3 };
        let to = |cell| Heading::ALL.map(|heading| grid.next(cell, heading));
        assert_eq!(to(0), [0, 3, 1, 0]);
        assert_eq!(to(4), [3, 4, 5, 1]);
        assert_eq!(to(2), [1, 5, 2, 2]);
    }
}
