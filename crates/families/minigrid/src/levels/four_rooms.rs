//! Four rooms with a gap in each wall between two: `envs/fourrooms.py`.
use super::given::{Given, Made};
use crate::grid::Place;
use crate::level::{Level, Setup, Sight, place};
use crate::object::Cell;
use crate::placement::{Builder, Stuck};

const SENTENCE: &str = "reach the goal";
const SIZE: i32 = 19;
const ROOM: i32 = SIZE / 2;

struct FourRooms {
    agent: Option<Place>,
    goal: Option<Place>,
}

pub(super) fn make(given: &mut Given<'_>) -> Made {
    // Inside the outer wall: from a place in it the agent could face what is no cell at all.
    let inside = (1, SIZE - 2);
    let agent = place((&mut given.arguments, given.kwargs), "agent_pos", inside, None)?;
    let goal = place((&mut given.arguments, given.kwargs), "goal_pos", inside, None)?;
    let setup = Setup::read(&mut given.arguments, (SIZE, SIZE), 100, Sight::Argument, SENTENCE)?;
    Ok((setup, Box::new(FourRooms { agent, goal })))
}

impl Level for FourRooms {
    fn build(&self, build: &mut Builder<'_>) -> Result<(), Stuck> {
        let everywhere = build.everywhere();
        build.world.grid.wall_rectangle(everywhere.top, everywhere.size);
        for (left, top) in [(0, 0), (ROOM, 0), (0, ROOM), (ROOM, ROOM)] {
            let (right, bottom) = (left + ROOM, top + ROOM);
            if left == 0 {
                build.world.grid.vertical(Place::new(right, top), ROOM, Cell::WALL);
                let gap = Place::new(right, build.integer(top + 1, bottom));
                build.world.grid.set(gap, Cell::EMPTY);
            }
            if top == 0 {
                build.world.grid.horizontal(Place::new(left, bottom), ROOM, Cell::WALL);
                let gap = Place::new(build.integer(left + 1, right), bottom);
                build.world.grid.set(gap, Cell::EMPTY);
            }
        }
        match self.agent {
            Some(place) => {
                build.world.agent = place;
                build.world.grid.set(place, Cell::EMPTY);
                build.world.direction = build.direction();
            }
            None => build.place_agent(everywhere, None)?,
        }
        match self.goal {
            Some(place) => build.world.grid.set(place, Cell::GOAL),
            None => drop(build.place_object(Cell::GOAL, everywhere)?),
        }
        Ok(())
    }
}
