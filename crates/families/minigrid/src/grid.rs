//! The grid: places, directions, and cells in one flat array with a margin of wall around it, so that no look beyond the edge
//! needs a question whether there is anything (the reference has wall there too).
use super::object::Cell;

/// A cell's column and row, from the upper left.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) x: i32,
    pub(super) y: i32,
}

impl Place {
    pub(super) const fn new(x: i32, y: i32) -> Self {
        Self { x, y }
    }

    /// The place so many cells in a direction.
    pub(super) fn ahead(self, direction: Direction, cells: i32) -> Self {
        let (dx, dy) = direction.vector();
        Self { x: self.x + dx * cells, y: self.y + dy * cells }
    }

    /// Steps from here to there along columns and rows.
    pub(super) fn distance(self, other: Place) -> i32 {
        (self.x - other.x).abs() + (self.y - other.y).abs()
    }
}

/// Where the agent looks, with MiniGrid's numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Direction {
    #[default]
    Right,
    Down,
    Left,
    Up,
}

impl Direction {
    /// By number; whole turns more or less are the same direction.
    pub(super) fn from_i64(number: i64) -> Self {
        match number.rem_euclid(4) {
            0 => Direction::Right,
            1 => Direction::Down,
            2 => Direction::Left,
            _ => Direction::Up,
        }
    }

    pub(super) fn vector(self) -> (i32, i32) {
        match self {
            Direction::Right => (1, 0),
            Direction::Down => (0, 1),
            Direction::Left => (-1, 0),
            Direction::Up => (0, -1),
        }
    }

    /// A quarter turn clockwise.
    pub(super) fn right(self) -> Self {
        match self {
            Direction::Right => Direction::Down,
            Direction::Down => Direction::Left,
            Direction::Left => Direction::Up,
            Direction::Up => Direction::Right,
        }
    }

    /// A quarter turn counter-clockwise.
    pub(super) fn left(self) -> Self {
        self.right().opposite()
    }

    pub(super) fn opposite(self) -> Self {
        self.right().right()
    }
}

/// Cells in rows.
#[derive(Clone, Debug)]
pub(super) struct Grid {
    width: i32,
    height: i32,
    margin: i32,
    cells: Vec<Cell>,
}

impl Grid {
    /// The greatest width and height.
    pub(super) const MOST: i32 = 255;

    /// An empty grid that may be looked at up to `margin` cells beyond its edge.
    pub(super) fn new(width: i32, height: i32, margin: i32) -> Self {
        let cells = (width + 2 * margin) as usize * (height + 2 * margin) as usize;
        let mut grid = Self { width, height, margin, cells: vec![Cell::WALL; cells] };
        grid.clear();
        grid
    }

    pub(super) fn width(&self) -> i32 {
        self.width
    }

    pub(super) fn height(&self) -> i32 {
        self.height
    }

    pub(super) fn contains(&self, place: Place) -> bool {
        (0..self.width).contains(&place.x) && (0..self.height).contains(&place.y)
    }

    /// Empties every cell.
    pub(super) fn clear(&mut self) {
        (0..self.height).for_each(|y| self.row_mut(y).fill(Cell::EMPTY));
    }

    /// What a place holds; wall beyond the edge.
    pub(super) fn get(&self, place: Place) -> Cell {
        self.cells.get(self.index(place)).copied().unwrap_or(Cell::WALL)
    }

    /// Puts something at a place; beyond the edge nothing can be put.
    pub(super) fn set(&mut self, place: Place, cell: Cell) {
        let index = self.index(place);
        if self.contains(place)
            && let Some(slot) = self.cells.get_mut(index)
        {
            *slot = cell;
        }
    }

    /// Fills a run of cells in a row.
    pub(super) fn horizontal(&mut self, from: Place, length: i32, cell: Cell) {
        (0..length).for_each(|along| self.set(from.ahead(Direction::Right, along), cell));
    }

    /// Fills a run of cells in a column.
    pub(super) fn vertical(&mut self, from: Place, length: i32, cell: Cell) {
        (0..length).for_each(|along| self.set(from.ahead(Direction::Down, along), cell));
    }

    /// Draws the outline of a rectangle in wall.
    pub(super) fn wall_rectangle(&mut self, top: Place, (width, height): (i32, i32)) {
        self.horizontal(top, width, Cell::WALL);
        self.horizontal(top.ahead(Direction::Down, height - 1), width, Cell::WALL);
        self.vertical(top, height, Cell::WALL);
        self.vertical(top.ahead(Direction::Right, width - 1), height, Cell::WALL);
    }

    /// The cells of a row.
    pub(super) fn row(&self, y: i32) -> &[Cell] {
        let start = self.index(Place::new(0, y));
        self.cells.get(start..start + self.width as usize).unwrap_or_default()
    }

    /// The cells of a row, to be changed.
    pub(super) fn row_mut(&mut self, y: i32) -> &mut [Cell] {
        let start = self.index(Place::new(0, y));
        self.cells.get_mut(start..start + self.width as usize).unwrap_or_default()
    }

    /// All cells with their margin, and where a place stands among them; a step down is [`stride`](Self::stride) further.
    pub(super) fn flat(&self) -> &[Cell] {
        &self.cells
    }

    pub(super) fn stride(&self) -> i32 {
        self.width + 2 * self.margin
    }

    /// Where a place, within the margin, stands in [`flat`](Self::flat); beyond the margin nowhere.
    pub(super) fn index(&self, place: Place) -> usize {
        ((place.y + self.margin) * self.stride() + place.x + self.margin) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::{Hue, Kind};

    #[test]
    fn beyond_the_edge_there_is_wall_that_nothing_changes() {
        let mut grid = Grid::new(4, 3, 6);
        for place in [Place::new(-1, 0), Place::new(4, 1), Place::new(0, -6), Place::new(9, 8)] {
            grid.set(place, Cell::EMPTY);
            assert_eq!(grid.get(place), Cell::WALL, "{place:?}");
        }
        grid.set(Place::new(3, 2), Cell::new(Kind::Key, Hue::Red));
        assert_eq!(grid.row(2).iter().filter(|cell| !cell.is_empty()).count(), 1);
        grid.clear();
        assert!((0..3).all(|y| grid.row(y).iter().all(|cell| cell.is_empty())));
    }

    #[test]
    fn four_turns_are_none_and_left_undoes_right() {
        for number in 0..4 {
            let direction = Direction::from_i64(number);
            assert_eq!(direction as i64, number);
            assert_eq!(direction.right() as i64, (number + 1) % 4);
            assert_eq!(direction.right().left(), direction);
            let (dx, dy) = direction.vector();
            assert_eq!(direction.right().vector(), (-dy, dx));
        }
    }

    #[test]
    fn a_rectangle_of_wall_is_hollow() {
        let mut grid = Grid::new(6, 5, 6);
        grid.wall_rectangle(Place::new(1, 0), (5, 5));
        let rows: Vec<String> = (0..5)
            .map(|y| grid.row(y).iter().map(|cell| if *cell == Cell::WALL { '#' } else { '.' }).collect())
            .collect();
        assert_eq!(rows, [".#####", ".#...#", ".#...#", ".#...#", ".#####"]);
    }
}
