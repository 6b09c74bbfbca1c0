//! A kitchen's floor plan: places, directions and what stands where.
use palaestra_env::ArgumentError;

/// The longest side of a layout, in cells: an observation then stays small enough to cross to the page at every step.
const LONGEST_SIDE: usize = 32;
/// Floor with a wall all round.
const SHORTEST_SIDE: usize = 3;

/// A cell: columns count eastwards and rows southwards from the north-west corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Columns from the west.
    pub x: u8,
    /// Rows from the north.
    pub y: u8,
}

impl Position {
    /// The neighbouring cell.
    pub fn towards(self, direction: Direction) -> Self {
        let [dx, dy] = direction.delta();
        Self { x: self.x.wrapping_add_signed(dx), y: self.y.wrapping_add_signed(dy) }
    }
}

/// Where a player looks, numbered as the reference's actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each name says all there is to say")]
pub enum Direction {
    North,
    South,
    East,
    West,
}

impl Direction {
    /// In the order of their numbers.
    pub const ALL: [Direction; 4] = [Direction::North, Direction::South, Direction::East, Direction::West];

    /// The reference's vector: x eastwards, y southwards.
    pub const fn delta(self) -> [i8; 2] {
        match self {
            Direction::North => [0, -1],
            Direction::South => [0, 1],
            Direction::East => [1, 0],
            Direction::West => [-1, 0],
        }
    }
}

/// What a cell holds, by the reference's letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "each name says all there is to say")]
pub enum Tile {
    Floor,
    Counter,
    Onions,
    Tomatoes,
    Dishes,
    Pot,
    Serving,
}

impl Tile {
    fn from_letter(letter: char) -> Option<Self> {
        Some(match letter {
            ' ' | '1' | '2' => Tile::Floor,
            'X' => Tile::Counter,
            'O' => Tile::Onions,
            'T' => Tile::Tomatoes,
            'D' => Tile::Dishes,
            'P' => Tile::Pot,
            'S' => Tile::Serving,
            _ => return None,
        })
    }
}

/// A floor plan with the two players' starting places.
#[derive(Clone, Debug)]
pub struct Grid {
    width: u8,
    height: u8,
    tiles: Vec<Tile>,
    /// Where the first and the second player start.
    pub starts: [Position; 2],
}

impl Grid {
    /// Reads a layout: a line a row, with the letters of the reference's layout files.
    ///
    /// # Errors
    /// [`ArgumentError::Invalid`] for whatever the reference's own check refuses, for more or fewer than two players,
    /// and for sides outside 3 to 32 cells.
    pub fn parse(text: &str) -> Result<Self, ArgumentError> {
        // The reference strips its rows, since its files indent them: a border is never a space.
        let rows: Vec<&str> = text.trim().lines().map(str::trim).collect();
        let width = rows.first().map_or(0, |row| row.chars().count());
        let sides = SHORTEST_SIDE..=LONGEST_SIDE;
        if !sides.contains(&width) || !sides.contains(&rows.len()) {
            let expected = format!("a grid of {SHORTEST_SIDE} to {LONGEST_SIDE} rows and as many columns");
            return Err(refused(&expected, format!("{} rows of {width} characters", rows.len())));
        }
        let mut grid = Self { width: 0, height: 0, tiles: Vec::with_capacity(width * rows.len()), starts: [ORIGIN; 2] };
        let mut starts = [None; 2];
        for (y, row) in rows.iter().enumerate() {
            let found = row.chars().count();
            if found != width {
                let found = format!("{found} characters in row {}", y + 1);
                return Err(refused(&format!("rows of equal length ({width}, as the first)"), found));
            }
            for (x, letter) in row.chars().enumerate() {
                let at = || format!("'{letter}' in row {}, column {}", y + 1, x + 1);
                let Some(tile) = Tile::from_letter(letter) else {
                    return Err(refused("the characters X O T D P S 1 2 and space", at()));
                };
                let border = x == 0 || y == 0 || x + 1 == width || y + 1 == rows.len();
                if border && tile == Tile::Floor {
                    return Err(refused("a border without floor", at()));
                }
                let start = match letter {
                    '1' => starts.first_mut(),
                    '2' => starts.last_mut(),
                    _ => None,
                };
                if start.is_some_and(|start| start.replace(Position { x: x as u8, y: y as u8 }).is_some()) {
                    return Err(refused("each of the players 1 and 2 once", format!("a second {}", at())));
                }
                grid.tiles.push(tile);
            }
        }
        (grid.width, grid.height) = (width as u8, rows.len() as u8);
        let [Some(first), Some(second)] = starts else {
            return Err(refused("starting places for two players, 1 and 2", "fewer".into()));
        };
        grid.starts = [first, second];
        grid.has_what_a_soup_needs()?;
        Ok(grid)
    }

    fn has_what_a_soup_needs(&self) -> Result<(), ArgumentError> {
        for (tile, what) in
            [(Tile::Dishes, "dishes (D)"), (Tile::Serving, "a serving hatch (S)"), (Tile::Pot, "a pot (P)")]
        {
            if !self.tiles.contains(&tile) {
                return Err(refused(&format!("a kitchen with {what}"), "none".into()));
            }
        }
        if !self.tiles.contains(&Tile::Onions) && !self.tiles.contains(&Tile::Tomatoes) {
            return Err(refused("a kitchen with onions (O) or tomatoes (T)", "neither".into()));
        }
        Ok(())
    }

    /// Cells across.
    pub fn width(&self) -> u8 {
        self.width
    }

    /// Cells down.
    pub fn height(&self) -> u8 {
        self.height
    }

    /// What stands at a place; beyond the edge, a counter.
    pub fn tile(&self, Position { x, y }: Position) -> Tile {
        if x >= self.width || y >= self.height {
            return Tile::Counter;
        }
        let index = usize::from(y) * usize::from(self.width) + usize::from(x);
        self.tiles.get(index).copied().unwrap_or(Tile::Counter)
    }

    /// Every cell, row by row.
    pub fn cells(&self) -> impl Iterator<Item = (Position, Tile)> + '_ {
        self.tiles.iter().enumerate().map(|(index, tile)| {
            let width = usize::from(self.width).max(1);
            (Position { x: (index % width) as u8, y: (index / width) as u8 }, *tile)
        })
    }
}

const ORIGIN: Position = Position { x: 0, y: 0 };

fn refused(expected: &str, found: String) -> ArgumentError {
    ArgumentError::Invalid { name: "layout".to_owned(), expected: expected.to_owned(), found }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_layout_may_be_indented_as_the_references_files_are() {
        let grid = Grid::parse("\n  XPXO\n  X12X\n  XDSX\n").unwrap();
        assert_eq!((grid.width(), grid.height()), (4, 3));
        assert_eq!(grid.starts, [Position { x: 1, y: 1 }, Position { x: 2, y: 1 }]);
        assert_eq!(grid.tile(Position { x: 3, y: 0 }), Tile::Onions);
        assert_eq!(grid.tile(Position { x: 1, y: 1 }), Tile::Floor);
    }

    #[test]
    fn a_layout_that_cannot_be_played_is_refused_with_what_is_wrong() {
        let cases = [
            ("", "3 to 32 rows"),
            ("XX\nXX\nXX", "3 to 32 rows"),
            ("XPOX\nX12\nXDSX", "rows of equal length"),
            ("XPOX\nX12Q\nXDSX", "'Q' in row 2, column 4"),
            ("XPOX\nX121\nXDSX", "a border without floor"),
            ("XPOXX\nX1 1X\nXDSXX", "a second '1' in row 2, column 4"),
            ("XPOX\nX1 X\nXDSX", "two players"),
            ("XPOX\nX12X\nXXSX", "dishes (D)"),
            ("XPOX\nX12X\nXDXX", "serving hatch (S)"),
            ("XXOX\nX12X\nXDSX", "a pot (P)"),
            ("XPXX\nX12X\nXDSX", "onions (O) or tomatoes (T)"),
        ];
        for (layout, message) in cases {
            let error = Grid::parse(layout).unwrap_err().to_string();
            assert!(error.contains(message), "{layout:?}: {error}");
        }
        let huge = format!("{}\n", "X".repeat(33)).repeat(3);
        assert!(Grid::parse(&huge).is_err());
    }
}
