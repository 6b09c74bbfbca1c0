//! A locked door and its key: `envs/unlock.py`.
use palaestra_env::SeededRng;

use super::given::{Given, Made};
use crate::grid::Direction;
use crate::level::{Level, Setup, Sight};
use crate::object::{Cell, Kind, Latch};
use crate::placement::{Builder, Stuck};
use crate::rooms::RoomGrid;
use crate::world::{Action, Score, World};

const SENTENCE: &str = "open the door";
const ROOM: i32 = 6;
const FIRST: (i32, i32) = (0, 0);

struct Unlock;

pub(super) fn make(given: &mut Given<'_>) -> Made {
    let extent = (RoomGrid::extent(ROOM, 2), RoomGrid::extent(ROOM, 1));
    let max_steps = i64::from(8 * ROOM * ROOM);
    let setup = Setup::read(&mut given.arguments, extent, max_steps, Sight::Fixed(false), SENTENCE)?;
    Ok((Setup { hands: true, ..setup }, Box::new(Unlock)))
}

impl Level for Unlock {
    fn build(&self, build: &mut Builder<'_>) -> Result<(), Stuck> {
        let mut rooms = RoomGrid::build(build, ROOM, 2, 1);
        let hue = build.hue();
        let door = rooms.add_door(build, FIRST, Direction::Right, hue, true);
        build.world.marks.extend(door);
        rooms.place_in_room(build, FIRST, Cell::new(Kind::Key, hue).tagged(1))?;
        rooms.place_agent(build, FIRST)
    }

    fn step(&self, world: &mut World, action: Action, _: &mut SeededRng) -> Score {
        let score = world.act(action);
        let open = world.mark(0).is_some_and(|door| {
            let door = world.grid.get(door);
            door.kind == Kind::Door && door.latch == Latch::Open
        });
        if action == Action::Toggle && open { world.won() } else { score }
    }
}
