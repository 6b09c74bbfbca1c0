//! A chain of rooms of random sizes, each behind a door: `envs/multiroom.py`.
use palaestra_env::ArgumentError;

use super::given::{Given, Made};
use crate::grid::{Direction, Place};
use crate::level::{Level, Setup, Sight, size};
use crate::object::{Cell, Hue, Latch};
use crate::placement::{Area, Builder, Stuck};

const SENTENCE: &str = "traverse the rooms to get to the goal";
const LEAST_SIZE: i32 = 4;
const MOST_ROOMS: i64 = 100;
/// Walls tried for the next room before a chain ends.
const TRIES: u32 = 8;

struct MultiRoom {
    /// The fewest and the most rooms.
    rooms: (i32, i32),
    most_size: i32,
}

/// A room of the chain, and the door that leads into it.
#[derive(Clone, Copy, Debug)]
struct Room {
    area: Area,
    entry: Place,
}

impl Room {
    /// The reference's own question, which is stricter on two sides than on the others.
    fn meets(&self, other: Area) -> bool {
        let apart = |top: i32, size: i32, other_top: i32, other_size: i32| {
            top + size < other_top || other_top + other_size <= top
        };
        let (own, other_size) = (self.area, other.size);
        !(apart(other.top.x, other_size.0, own.top.x, own.size.0)
            || apart(other.top.y, other_size.1, own.top.y, own.size.1))
    }
}

pub(super) fn make(given: &mut Given<'_>, default_rooms: i64, default_size: i64) -> Made {
    let least = given.arguments.integer("minNumRooms", 1..=MOST_ROOMS, default_rooms)?;
    let most = most_rooms(given, least, default_rooms)?;
    let most_size = size(&mut given.arguments, "maxRoomSize", LEAST_SIZE.into(), default_size)?;
    // A chain begins with a door anywhere but in the last two columns, and ends a row above the last.
    let width = size(&mut given.arguments, "width", LEAST_SIZE.into(), 25)?;
    let height = size(&mut given.arguments, "height", i64::from(LEAST_SIZE) + 1, 25)?;
    let setup = Setup::read(&mut given.arguments, (width, height), most * 20, Sight::Argument, SENTENCE)?;
    let setup = Setup { crowding: "minNumRooms", ..setup };
    Ok((setup, Box::new(MultiRoom { rooms: (least as i32, most as i32), most_size })))
}

fn most_rooms(given: &mut Given<'_>, least: i64, default: i64) -> Result<i64, ArgumentError> {
    let most = given.arguments.integer("maxNumRooms", 1..=MOST_ROOMS, default)?;
    if most >= least {
        return Ok(most);
    }
    let expected = format!("no fewer than minNumRooms ({least})");
    Err(ArgumentError::Invalid { name: "maxNumRooms".to_owned(), expected, found: most.to_string() })
}

impl Level for MultiRoom {
    fn build(&self, build: &mut Builder<'_>) -> Result<(), Stuck> {
        let wanted = build.integer(self.rooms.0, self.rooms.1 + 1);
        let width = build.world.grid.width();
        let mut chain = Vec::new();
        while (chain.len() as i32) < wanted {
            // Both from the width, as in the reference.
            let entry = Place::new(build.integer(0, width - 2), build.integer(0, width - 2));
            let mut attempt = Vec::new();
            self.extend(build, &mut attempt, wanted, Direction::Left, entry)?;
            if attempt.len() > chain.len() {
                chain = attempt;
            }
        }
        self.draw(build, &chain);
        if let (Some(first), Some(last)) = (chain.first(), chain.last()) {
            build.place_agent(first.area, None)?;
            build.place_object(Cell::GOAL, last.area)?;
        }
        Ok(())
    }
}

impl MultiRoom {
    /// Adds a room behind an entry, and `left - 1` more behind it as far as they fit; says whether this one did.
    fn extend(
        &self,
        build: &mut Builder<'_>,
        chain: &mut Vec<Room>,
        left: i32,
        entry_side: Direction,
        entry: Place,
    ) -> Result<bool, Stuck> {
        build.attempt()?;
        let most = self.most_size + 1;
        let size = (build.integer(LEAST_SIZE, most), build.integer(LEAST_SIZE, most));
        let top = if chain.is_empty() { entry } else { top(build, entry_side, entry, size) };
        let area = Area { top, size };
        let inside = top.x >= 0
            && top.y >= 0
            && top.x + size.0 <= build.world.grid.width()
            && top.y + size.1 < build.world.grid.height();
        let earlier = chain.split_last().map_or(&[][..], |(_, earlier)| earlier);
        if !inside || earlier.iter().any(|room| room.meets(area)) {
            return Ok(false);
        }
        chain.push(Room { area, entry });
        if left == 1 {
            return Ok(true);
        }
        for _ in 0..TRIES {
            let sides = (0..4).map(Direction::from_i64).filter(|side| *side != entry_side);
            let drawn = build.integer(0, 3) as usize;
            let exit_side = sides.into_iter().nth(drawn).unwrap_or_default();
            let exit = exit(build, exit_side, area);
            if self.extend(build, chain, left - 1, exit_side.opposite(), exit)? {
                break;
            }
        }
        Ok(true)
    }

    /// Draws the walls and the doors, no two neighbouring doors of one colour.
    fn draw(&self, build: &mut Builder<'_>, chain: &[Room]) {
        let mut previous = None;
        for (index, room) in chain.iter().enumerate() {
            build.world.grid.wall_rectangle(room.area.top, room.area.size);
            if index > 0 {
                let others = Hue::BY_NAME.len() - usize::from(previous.is_some());
                let drawn = build.integer(0, others as i32) as usize;
                let hue = Hue::BY_NAME.into_iter().filter(|hue| Some(*hue) != previous).nth(drawn);
                let hue = hue.unwrap_or(Hue::Grey);
                build.world.grid.set(room.entry, Cell::door(hue, Latch::Closed));
                previous = Some(hue);
            }
        }
    }
}

/// The upper left corner of a room with its entry in one of its walls.
fn top(build: &mut Builder<'_>, side: Direction, entry: Place, (width, height): (i32, i32)) -> Place {
    let Place { x, y } = entry;
    match side {
        Direction::Right => Place::new(x - width + 1, build.integer(y - height + 2, y)),
        Direction::Down => Place::new(build.integer(x - width + 2, x), y - height + 1),
        Direction::Left => Place::new(x, build.integer(y - height + 2, y)),
        Direction::Up => Place::new(build.integer(x - width + 2, x), y),
    }
}

/// A place for a door in one of a room's walls.
fn exit(build: &mut Builder<'_>, side: Direction, Area { top, size }: Area) -> Place {
    match side {
        Direction::Right => Place::new(top.x + size.0 - 1, top.y + build.integer(1, size.1 - 1)),
        Direction::Down => Place::new(top.x + build.integer(1, size.0 - 1), top.y + size.1 - 1),
        Direction::Left => Place::new(top.x, top.y + build.integer(1, size.1 - 1)),
        Direction::Up => Place::new(top.x + build.integer(1, size.0 - 1), top.y),
    }
}
