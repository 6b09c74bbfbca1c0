//! Rooms of one size in rows and columns, with doors between them: `core/roomgrid.py`.
use super::grid::{Direction, Place};
use super::object::{Cell, Hue, Kind, Latch};
use super::placement::{Area, Builder, Stuck};
use super::world::World;

/// Tries beyond the first to put something into a room.
const MOST_TRIES: u32 = 1000;
/// Doors tried to make every room reachable.
const MOST_DOORS: u32 = 5000;

/// A room's ways out, in the order right, down, left, up.
#[derive(Clone, Debug, Default)]
struct Room {
    /// Where a door to a neighbour would be; `None` where there is no neighbour.
    places: [Option<Place>; 4],
    /// Where there is a door, or no wall any more.
    joined: [bool; 4],
    locked: bool,
}

/// The rooms of a level while it is built.
pub(super) struct RoomGrid {
    size: i32,
    columns: i32,
    rows: i32,
    rooms: Vec<Room>,
}

impl RoomGrid {
    /// The width or height of a grid with so many rooms side by side.
    pub(super) fn extent(size: i32, rooms: i32) -> i32 {
        (size - 1) * rooms + 1
    }

    /// Builds the walls, draws where doors may be, and puts the agent into the middle room.
    pub(super) fn build(build: &mut Builder<'_>, size: i32, columns: i32, rows: i32) -> Self {
        let mut grid = Self { size, columns, rows, rooms: vec![Room::default(); (columns * rows) as usize] };
        for index in 0..grid.rooms.len() as i32 {
            let area = grid.area(index % columns, index / columns);
            build.world.grid.wall_rectangle(area.top, area.size);
        }
        for index in 0..grid.rooms.len() as i32 {
            let (column, row) = (index % columns, index / columns);
            let top = grid.area(column, row).top;
            let (right, bottom) = (top.x + size - 1, top.y + size - 1);
            if column < columns - 1 {
                let place = Place::new(right, build.integer(top.y + 1, bottom));
                grid.connectable(column, row, Direction::Right, place);
            }
            if row < rows - 1 {
                let place = Place::new(build.integer(top.x + 1, right), bottom);
                grid.connectable(column, row, Direction::Down, place);
            }
        }
        let middle = grid.area(columns / 2, rows / 2).top;
        build.world.agent = Place::new(middle.x + size / 2, middle.y + size / 2);
        build.world.direction = Direction::Right;
        grid
    }

    /// A room with its walls.
    fn area(&self, column: i32, row: i32) -> Area {
        let top = Place::new(column * (self.size - 1), row * (self.size - 1));
        Area { top, size: (self.size, self.size) }
    }

    fn room(&mut self, column: i32, row: i32) -> Option<&mut Room> {
        self.rooms.get_mut(usize::try_from(row * self.columns + column).ok()?)
    }

    fn neighbour(&mut self, column: i32, row: i32, side: Direction) -> Option<&mut Room> {
        let (dx, dy) = side.vector();
        let (column, row) = (column + dx, row + dy);
        if !(0..self.columns).contains(&column) {
            return None;
        }
        self.room(column, row)
    }

    fn connectable(&mut self, column: i32, row: i32, side: Direction, place: Place) {
        self.room(column, row).into_iter().for_each(|room| room.places[side as usize] = Some(place));
        let back = side.opposite() as usize;
        self.neighbour(column, row, side).into_iter().for_each(|room| room.places[back] = Some(place));
    }

    fn join(&mut self, column: i32, row: i32, side: Direction) {
        self.room(column, row).into_iter().for_each(|room| room.joined[side as usize] = true);
        let back = side.opposite() as usize;
        self.neighbour(column, row, side).into_iter().for_each(|room| room.joined[back] = true);
    }

    /// Puts a door between a room and its neighbour; `None` where there is no neighbour.
    pub(super) fn add_door(
        &mut self,
        build: &mut Builder<'_>,
        (column, row): (i32, i32),
        side: Direction,
        hue: Hue,
        locked: bool,
    ) -> Option<Place> {
        let room = self.room(column, row)?;
        let place = room.places[side as usize]?;
        room.locked = locked;
        build.world.grid.set(place, Cell::door(hue, if locked { Latch::Locked } else { Latch::Closed }));
        self.join(column, row, side);
        Some(place)
    }

    /// Takes away the wall between a room and its neighbour.
    pub(super) fn remove_wall(&mut self, build: &mut Builder<'_>, (column, row): (i32, i32), side: Direction) {
        let top = self.area(column, row).top;
        let (first, inner) = (1, self.size - 2);
        let grid = &mut build.world.grid;
        match side {
            Direction::Right => grid.vertical(Place::new(top.x + self.size - 1, top.y + first), inner, Cell::EMPTY),
            Direction::Down => grid.horizontal(Place::new(top.x + first, top.y + self.size - 1), inner, Cell::EMPTY),
            Direction::Left => grid.vertical(Place::new(top.x, top.y + first), inner, Cell::EMPTY),
            Direction::Up => grid.horizontal(Place::new(top.x + first, top.y), inner, Cell::EMPTY),
        }
        self.join(column, row, side);
    }

    /// Puts an object into a room, not next to the agent.
    pub(super) fn place_in_room(
        &self,
        build: &mut Builder<'_>,
        (column, row): (i32, i32),
        cell: Cell,
    ) -> Result<Place, Stuck> {
        let apart = |world: &World, place: Place| world.agent.distance(place) >= 2;
        build.place(cell, self.area(column, row), Some(MOST_TRIES), apart)
    }

    /// Puts the agent into a room, not face to face with an object.
    pub(super) fn place_agent(&self, build: &mut Builder<'_>, (column, row): (i32, i32)) -> Result<(), Stuck> {
        loop {
            build.place_agent(self.area(column, row), Some(MOST_TRIES))?;
            let ahead = build.world.grid.get(build.world.front());
            if ahead.is_empty() || ahead.kind == Kind::Wall {
                return Ok(());
            }
        }
    }

    /// Adds doors at random until every room can be reached; none to a locked room.
    pub(super) fn connect_all(&mut self, build: &mut Builder<'_>) -> Result<(), Stuck> {
        let inner = self.size - 1;
        let start = (build.world.agent.x / inner, build.world.agent.y / inner);
        for _ in 0..=MOST_DOORS {
            if self.all_reachable(start) {
                return Ok(());
            }
            build.attempt()?;
            let (column, row) = (build.integer(0, self.columns), build.integer(0, self.rows));
            let side = build.direction();
            let open = self.room(column, row).is_some_and(|room| {
                room.places[side as usize].is_some() && !room.joined[side as usize] && !room.locked
            });
            if open && self.neighbour(column, row, side).is_some_and(|room| !room.locked) {
                let hue = build.hue();
                self.add_door(build, (column, row), side, hue, false);
            }
        }
        Err(Stuck)
    }

    fn all_reachable(&mut self, start: (i32, i32)) -> bool {
        let mut reached = vec![false; self.rooms.len()];
        let mut left = vec![start];
        let mut count = 0;
        while let Some((column, row)) = left.pop() {
            let index = (row * self.columns + column) as usize;
            let Some(seen) = reached.get_mut(index).filter(|seen| !**seen) else { continue };
            *seen = true;
            count += 1;
            for side in (0..4).map(Direction::from_i64) {
                if self.rooms.get(index).is_some_and(|room| room.joined[side as usize]) {
                    let (dx, dy) = side.vector();
                    left.push((column + dx, row + dy));
                }
            }
        }
        count == self.rooms.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Grid;
    use palaestra_env::SeededRng;

    #[test]
    fn an_object_keeps_a_step_away_from_the_agent() {
        let (mut rng, mut patience) = (SeededRng::new(5), Builder::PATIENCE);
        let mut world = World::new(Grid::new(5, 5, 7), 1);
        let mut build = Builder::new(&mut world, &mut rng, &mut patience);
        // One room of three by three cells, and the agent in its middle: only the corners are left.
        let rooms = RoomGrid::build(&mut build, 5, 1, 1);
        for _ in 0..4 {
            let place = rooms.place_in_room(&mut build, (0, 0), Cell::new(Kind::Ball, Hue::Red)).unwrap();
            assert_eq!((place.x % 2, place.y % 2), (1, 1), "{place:?}");
        }
        assert_eq!(rooms.place_in_room(&mut build, (0, 0), Cell::new(Kind::Ball, Hue::Red)), Err(Stuck));
    }
}
