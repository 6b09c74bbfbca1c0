//! An object behind a locked door, and the key in one of the rooms along a corridor: `envs/keycorridor.py`.
use palaestra_env::{ArgumentError, Arguments, SeededRng};

use super::given::{Given, Made};
use crate::expert::Aim;
use crate::grid::{Direction, Grid};
use crate::level::{Level, Setup, Sight};
use crate::mission::Mission;
use crate::object::{Cell, Kind};
use crate::placement::{Builder, Stuck};
use crate::rooms::RoomGrid;
use crate::world::{Action, Score, World};

const SENTENCE: &str = "pick up the {color} {type}";
/// The columns of rooms: the keys are on the left, the corridor is in the middle, the objects are on the right.
const COLUMNS: i32 = 3;
/// What tells the object to be picked up from others that look the same.
const WANTED: u8 = 1;

struct KeyCorridor {
    room: i32,
    rows: i32,
    kind: Kind,
}

pub(super) fn make(given: &mut Given<'_>, default_room: i64, default_rows: i64) -> Made {
    let arguments = &mut given.arguments;
    // Three rooms side by side, and what is below must fit as well.
    let room = arguments.integer("room_size", 3..=i64::from((Grid::MOST - 1) / COLUMNS + 1), default_room)? as i32;
    let rows = rows(arguments, room, default_rows)?;
    let kind = match arguments.choice("obj_type", &["ball", "box", "key"], "ball")? {
        "box" => Kind::Box,
        "key" => Kind::Key,
        _ => Kind::Ball,
    };
    let extent = (RoomGrid::extent(room, COLUMNS), RoomGrid::extent(room, rows));
    let setup = Setup::read(arguments, extent, i64::from(30 * room * room), Sight::Fixed(false), SENTENCE)?;
    Ok((Setup { hands: true, ..setup }, Box::new(KeyCorridor { room, rows, kind })))
}

fn rows(arguments: &mut Arguments<'_>, room: i32, default: i64) -> Result<i32, ArgumentError> {
    let most = i64::from((Grid::MOST - 1) / (room - 1));
    arguments.integer("num_rows", 1..=most, default.min(most)).map(|rows| rows as i32)
}

impl Level for KeyCorridor {
    fn aim(&self, _: &World) -> Aim {
        Aim { object: Some((self.kind, WANTED)), ..Aim::default() }
    }

    fn build(&self, build: &mut Builder<'_>) -> Result<(), Stuck> {
        let mut rooms = RoomGrid::build(build, self.room, COLUMNS, self.rows);
        for row in 1..self.rows {
            rooms.remove_wall(build, (1, row), Direction::Up);
        }
        let row = build.integer(0, self.rows);
        let lock = build.hue();
        rooms.add_door(build, (2, row), Direction::Left, lock, true);
        let hue = build.hue();
        rooms.place_in_room(build, (2, row), Cell::new(self.kind, hue).tagged(WANTED))?;
        let row = build.integer(0, self.rows);
        rooms.place_in_room(build, (0, row), Cell::new(Kind::Key, lock).tagged(WANTED + 1))?;
        rooms.place_agent(build, (1, self.rows / 2))?;
        rooms.connect_all(build)?;
        build.world.mission = Mission::about(hue, self.kind);
        Ok(())
    }

    fn step(&self, world: &mut World, action: Action, _: &mut SeededRng) -> Score {
        let score = world.act(action);
        if action == Action::Pickup && world.carrying.tag == WANTED { world.won() } else { score }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Place;
    use crate::object::Hue;

    #[test]
    fn of_two_keys_that_look_the_same_only_the_wanted_one_pays() {
        let level = KeyCorridor { room: 3, rows: 1, kind: Kind::Key };
        for (tag, terminated) in [(WANTED, true), (WANTED + 1, false)] {
            let mut world = World::new(Grid::new(3, 3, 7), 10);
            world.agent = Place::new(1, 1);
            world.grid.set(Place::new(2, 1), Cell::new(Kind::Key, Hue::Red).tagged(tag));
            let score = level.step(&mut world, Action::Pickup, &mut SeededRng::new(0));
            assert_eq!((score.terminated, score.reward > 0.0), (terminated, terminated));
            // Holding it is not picking it up.
            assert_eq!(level.step(&mut world, Action::Left, &mut SeededRng::new(0)), Score::default());
        }
    }
}
