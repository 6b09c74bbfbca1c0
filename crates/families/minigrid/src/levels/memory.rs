//! An object to remember, and at a fork the way to one like it: `envs/memory.py`.
use palaestra_env::{ArgumentError, Arguments, SeededRng};
use serde_json::Value as Json;

use super::given::{Given, Made};
use crate::expert::Aim;
use crate::grid::{Direction, Grid, Place};
use crate::level::{Level, Setup, Sight};
use crate::object::{Cell, Hue, Kind};
use crate::placement::{Builder, Stuck};
use crate::world::{Action, Score, World};

const SENTENCE: &str = "go to the matching object at the end of the hallway";
/// The marks: before the object that matches, and before the other.
const MATCH: usize = 0;
const MISMATCH: usize = 1;

struct Memory {
    random_length: bool,
}

pub(super) fn make(given: &mut Given<'_>, default_size: i64) -> Made {
    let random_length = given.arguments.bool("random_length", false)?;
    let size = odd_size(&mut given.arguments, if random_length { 7 } else { 5 }, default_size)?;
    let max_steps = i64::from(5 * size * size);
    let setup = Setup::read(&mut given.arguments, (size, size), max_steps, Sight::Fixed(false), SENTENCE)?;
    Ok((Setup { lost: "The other one matches", ..setup }, Box::new(Memory { random_length })))
}

fn odd_size(arguments: &mut Arguments<'_>, least: i64, default: i64) -> Result<i32, ArgumentError> {
    let most = i64::from(Grid::MOST);
    let odd = |json: &Json| json.as_i64().filter(|size| size % 2 == 1 && (least..=most).contains(size));
    let size = arguments.parsed("size", &format!("an odd integer from {least} to {most}"), odd)?;
    Ok(size.unwrap_or(default) as i32)
}

impl Level for Memory {
    fn aim(&self, world: &World) -> Aim {
        Aim { place: world.mark(MATCH), ..Aim::default() }
    }

    fn build(&self, build: &mut Builder<'_>) -> Result<(), Stuck> {
        let everywhere = build.everywhere();
        let (width, height) = everywhere.size;
        let middle = height / 2;
        let end = if self.random_length { build.integer(4, width - 2) } else { width - 3 };
        let grid = &mut build.world.grid;
        grid.wall_rectangle(everywhere.top, everywhere.size);
        for side in [-1, 1] {
            // The start room, and the hallway's wall on this side.
            grid.horizontal(Place::new(1, middle + 2 * side), 4, Cell::WALL);
            grid.set(Place::new(4, middle + side), Cell::WALL);
            grid.horizontal(Place::new(5, middle + side), end - 5, Cell::WALL);
        }
        grid.vertical(Place::new(end, 0), height, Cell::WALL);
        grid.set(Place::new(end, middle), Cell::EMPTY);
        grid.vertical(Place::new(end + 2, 0), height, Cell::WALL);
        build.world.agent = Place::new(build.integer(1, end + 1), middle);
        build.world.direction = Direction::Right;

        let (key, ball) = (Cell::new(Kind::Key, Hue::Green), Cell::new(Kind::Ball, Hue::Green));
        let shown = if build.integer(0, 2) == 0 { key } else { ball };
        let (upper, lower) = if build.integer(0, 2) == 0 { (ball, key) } else { (key, ball) };
        let grid = &mut build.world.grid;
        grid.set(Place::new(1, middle - 1), shown);
        grid.set(Place::new(end + 1, middle - 2), upper);
        grid.set(Place::new(end + 1, middle + 2), lower);
        let before = |side: i32| Place::new(end + 1, middle + side);
        let matching = if shown == upper { -1 } else { 1 };
        build.world.marks.extend([before(matching), before(-matching)]);
        Ok(())
    }

    fn step(&self, world: &mut World, action: Action, _: &mut SeededRng) -> Score {
        // Nothing is to be carried away.
        let score = world.act(if action == Action::Pickup { Action::Toggle } else { action });
        let here = Some(world.agent);
        match () {
            () if here == world.mark(MISMATCH) => Score::LOST,
            () if here == world.mark(MATCH) => world.won(),
            () => score,
        }
    }
}
