//! A strip of lava, or of wall, with one gap to the goal behind it: `envs/lavagap.py`.
use super::given::{Given, Made};
use crate::grid::{Direction, Place};
use crate::level::{Level, Setup, Sight, size};
use crate::object::Cell;
use crate::placement::{Builder, Stuck};

const LAVA_SENTENCE: &str = "avoid the lava and get to the green goal square";
const WALL_SENTENCE: &str = "find the opening and get to the green goal square";

struct LavaGap {
    obstacle: Cell,
}

pub(super) fn make(given: &mut Given<'_>, default_size: i64) -> Made {
    let size = size(&mut given.arguments, "size", 5, default_size)?;
    let (obstacle, sentence) = match given.arguments.choice("obstacle_type", &["lava", "wall"], "lava")? {
        "wall" => (Cell::WALL, WALL_SENTENCE),
        _ => (Cell::LAVA, LAVA_SENTENCE),
    };
    let max_steps = i64::from(4 * size * size);
    let setup = Setup::read(&mut given.arguments, (size, size), max_steps, Sight::Fixed(false), sentence)?;
    Ok((Setup { lost: "Into the lava", ..setup }, Box::new(LavaGap { obstacle })))
}

impl Level for LavaGap {
    fn build(&self, build: &mut Builder<'_>) -> Result<(), Stuck> {
        let everywhere = build.everywhere();
        let (width, height) = everywhere.size;
        build.world.grid.wall_rectangle(everywhere.top, everywhere.size);
        (build.world.agent, build.world.direction) = (Place::new(1, 1), Direction::Right);
        build.world.grid.set(Place::new(width - 2, height - 2), Cell::GOAL);
        let gap = Place::new(build.integer(2, width - 2), build.integer(1, height - 1));
        build.world.grid.vertical(Place::new(gap.x, 1), height - 2, self.obstacle);
        build.world.grid.set(gap, Cell::EMPTY);
        Ok(())
    }
}
