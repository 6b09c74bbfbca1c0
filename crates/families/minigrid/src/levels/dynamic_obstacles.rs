//! A room in which balls roll about: `envs/dynamicobstacles.py`.
use palaestra_env::{ArgumentError, SeededRng};

use super::empty::Start;
use super::given::{Given, Made};
use crate::grid::{Direction, Place};
use crate::level::{Level, Setup, Sight, size};
use crate::object::{Cell, Hue, Kind};
use crate::placement::{Area, Builder, Stuck};
use crate::world::{Action, Score, World};

const SENTENCE: &str = "get to the green goal square";
/// Tries beyond the first to place a ball.
const MOST_TRIES: u32 = 100;

struct DynamicObstacles {
    start: Start,
    obstacles: i32,
}

pub(super) fn make(given: &mut Given<'_>, default_size: i64, default_obstacles: i64) -> Made {
    let corner = Some(Place::new(1, 1));
    let least = Start::least_size(given, corner);
    let size = size(&mut given.arguments, "size", least, default_size)?;
    let start = Start::read(given, size, corner)?;
    let obstacles = obstacles(given, size, &start, default_obstacles)?;
    let max_steps = i64::from(4 * size * size);
    let setup = Setup::read(&mut given.arguments, (size, size), max_steps, Sight::Fixed(true), SENTENCE)?;
    let setup = Setup { actions: Action::Forward as i64 + 1, lost: "A collision", ..setup };
    Ok((setup, Box::new(DynamicObstacles { start, obstacles })))
}

/// As many as are asked for, or half the room's size if that would be many.
fn obstacles(given: &mut Given<'_>, size: i32, start: &Start, default: i64) -> Result<i32, ArgumentError> {
    let asked = given.arguments.integer("n_obstacles", 0..=1_000_000, default)? as i32;
    let obstacles = if asked * 2 <= size + 2 { asked } else { size / 2 };
    // Beside the agent and the goal, which may be one place.
    let free = (size - 2) * (size - 2) - 1 - i32::from(!start.on(Place::new(size - 2, size - 2)));
    if obstacles <= free {
        return Ok(obstacles);
    }
    let expected = format!("at most {free}, for which a room of size {size} has places");
    Err(ArgumentError::Invalid { name: "n_obstacles".to_owned(), expected, found: obstacles.to_string() })
}

impl Level for DynamicObstacles {
    fn build(&self, build: &mut Builder<'_>) -> Result<(), Stuck> {
        self.start.build(build)?;
        let everywhere = build.everywhere();
        for tag in (1..=u8::MAX).take(self.obstacles as usize) {
            let ball = Cell::new(Kind::Ball, Hue::Blue).tagged(tag);
            let place = build.place(ball, everywhere, Some(MOST_TRIES), |_, _| true)?;
            build.world.marks.push(place);
        }
        Ok(())
    }

    fn step(&self, world: &mut World, action: Action, rng: &mut SeededRng) -> Score {
        // Before the balls roll: one that has just rolled away is still run into.
        let ahead = world.grid.get(world.front());
        let blocked = !ahead.is_empty() && ahead.kind != Kind::Goal;
        self.roll(world, rng);
        let score = world.act(action);
        if action == Action::Forward && blocked { Score { reward: -1.0, terminated: true } } else { score }
    }
}

impl DynamicObstacles {
    /// Moves each ball in turn to a free place around it. One that finds none stays, and the tries are drawn all the same.
    fn roll(&self, world: &mut World, rng: &mut SeededRng) {
        let mut patience = Builder::PATIENCE;
        for index in 0..world.marks.len() {
            let Some(from) = world.mark(index) else { continue };
            let ball = world.grid.get(from);
            let around = Area { top: from.ahead(Direction::Left, 1).ahead(Direction::Up, 1), size: (3, 3) };
            let mut build = Builder::new(world, rng, &mut patience);
            if let Ok(to) = build.place(ball, around, Some(MOST_TRIES), |_, _| true) {
                world.grid.set(from, Cell::EMPTY);
                world.marks.iter_mut().skip(index).take(1).for_each(|mark| *mark = to);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grid::Grid;
    use palaestra_env::{Arguments, Kwargs};

    /// A room of one cell with a ball in it, and the agent elsewhere.
    fn cell() -> World {
        let mut world = World::new(Grid::new(5, 5, 7), 10);
        world.agent = Place::new(4, 4);
        world.grid.wall_rectangle(Place::new(0, 0), (3, 3));
        let ball = Place::new(1, 1);
        world.grid.set(ball, Cell::new(Kind::Ball, Hue::Blue).tagged(1));
        world.marks.push(ball);
        world
    }

    #[test]
    fn a_ball_that_is_shut_in_stays_and_all_its_tries_are_drawn() {
        let kwargs = Kwargs::new();
        let mut given = Given { arguments: Arguments::new(&kwargs), kwargs: &kwargs };
        let start = Start::read(&mut given, 5, None).unwrap();
        let level = DynamicObstacles { start, obstacles: 1 };
        let (mut rng, mut expected) = (SeededRng::new(3), SeededRng::new(3));
        let mut world = cell();
        level.step(&mut world, Action::Left, &mut rng);
        assert_eq!(world.mark(0), Some(Place::new(1, 1)));
        // A column and a row for each of 101 tries.
        (0..202).for_each(|_| {
            expected.integers(0, 3);
        });
        assert_eq!(rng, expected);
        // With one way out it takes it.
        world.grid.set(Place::new(2, 1), Cell::EMPTY);
        level.step(&mut world, Action::Left, &mut rng);
        assert_eq!(world.mark(0), Some(Place::new(2, 1)));
        assert!(world.grid.get(Place::new(1, 1)).is_empty());
    }
}
