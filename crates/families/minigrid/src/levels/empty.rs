//! An empty room with a goal in its far corner: `envs/empty.py`.
use palaestra_env::ArgumentError;

use super::given::{Given, Made};
use crate::grid::{Direction, Place};
use crate::level::{Level, Setup, Sight, place, size};
use crate::object::Cell;
use crate::placement::{Builder, Stuck};

const SENTENCE: &str = "get to the green goal square";

/// Where the agent starts; with no place anywhere.
#[derive(Clone, Copy, Debug)]
pub(super) struct Start {
    place: Option<Place>,
    direction: Direction,
}

impl Start {
    /// The least size of a room: in the smallest of all the goal leaves no place to be drawn for the agent.
    pub(super) fn least_size(given: &Given<'_>, default: Option<Place>) -> i64 {
        let anywhere = given.kwargs.get("agent_start_pos").map_or(default.is_none(), |place| place.is_null());
        if anywhere { 4 } else { 3 }
    }

    /// Reads `agent_start_pos` and `agent_start_dir` for a square grid.
    pub(super) fn read(given: &mut Given<'_>, size: i32, default: Option<Place>) -> Result<Self, ArgumentError> {
        let inside = (1, size - 2);
        let place = place((&mut given.arguments, given.kwargs), "agent_start_pos", inside, default)?;
        let direction = Direction::from_i64(given.arguments.integer("agent_start_dir", 0..=3, 0)?);
        Ok(Self { place, direction })
    }

    /// Whether the agent starts at this very place.
    pub(super) fn on(&self, place: Place) -> bool {
        self.place == Some(place)
    }

    /// Builds the room with its goal, and puts the agent into it.
    pub(super) fn build(&self, build: &mut Builder<'_>) -> Result<(), Stuck> {
        let everywhere = build.everywhere();
        let (width, height) = everywhere.size;
        build.world.grid.wall_rectangle(everywhere.top, everywhere.size);
        build.world.grid.set(Place::new(width - 2, height - 2), Cell::GOAL);
        match self.place {
            Some(place) => (build.world.agent, build.world.direction) = (place, self.direction),
            None => build.place_agent(everywhere, None)?,
        }
        Ok(())
    }
}

struct Empty {
    start: Start,
}

pub(super) fn make(given: &mut Given<'_>, default_size: i64, default_start: Option<Place>) -> Made {
    let least = Start::least_size(given, default_start);
    let size = size(&mut given.arguments, "size", least, default_size)?;
    let start = Start::read(given, size, default_start)?;
    let max_steps = i64::from(4 * size * size);
    let setup = Setup::read(&mut given.arguments, (size, size), max_steps, Sight::Fixed(true), SENTENCE)?;
    Ok((setup, Box::new(Empty { start })))
}

impl Level for Empty {
    fn build(&self, build: &mut Builder<'_>) -> Result<(), Stuck> {
        self.start.build(build)
    }
}
