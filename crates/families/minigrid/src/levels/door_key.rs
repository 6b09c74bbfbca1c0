//! A key, the locked door it opens, and a goal behind it: `envs/doorkey.py`.
use super::given::{Given, Made};
use crate::grid::Place;
use crate::level::{Level, Setup, Sight, size};
use crate::object::{Cell, Hue, Kind, Latch};
use crate::placement::{Area, Builder, Stuck};

const SENTENCE: &str = "use the key to open the door and then get to the goal";

struct DoorKey;

pub(super) fn make(given: &mut Given<'_>, default_size: i64) -> Made {
    let size = size(&mut given.arguments, "size", 5, default_size)?;
    let max_steps = i64::from(10 * size * size);
    let setup = Setup::read(&mut given.arguments, (size, size), max_steps, Sight::Argument, SENTENCE)?;
    Ok((Setup { hands: true, ..setup }, Box::new(DoorKey)))
}

impl Level for DoorKey {
    fn build(&self, build: &mut Builder<'_>) -> Result<(), Stuck> {
        let everywhere = build.everywhere();
        let (width, height) = everywhere.size;
        build.world.grid.wall_rectangle(everywhere.top, everywhere.size);
        build.world.grid.set(Place::new(width - 2, height - 2), Cell::GOAL);
        let split = build.integer(2, width - 2);
        build.world.grid.vertical(Place::new(split, 0), height, Cell::WALL);
        let near = Area { size: (split, height), ..everywhere };
        build.place_agent(near, None)?;
        let door = Place::new(split, build.integer(1, height - 2));
        build.world.grid.set(door, Cell::door(Hue::Yellow, Latch::Locked));
        build.place_object(Cell::new(Kind::Key, Hue::Yellow).tagged(1), near)?;
        Ok(())
    }
}
