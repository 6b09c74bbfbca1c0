//! How far it is to what a kitchen works with, as the reference's `MotionPlanner` counts it: steps and turns of one player
//! alone until it faces the thing.
use palaestra_kitchen::{Direction, Grid, Position, Tile};

use std::collections::VecDeque;

use super::state::Player;

/// Where no way leads.
const NEVER: u16 = u16::MAX;

/// Something to work with: whatever is neither floor nor counter. The planner that the reference's environment makes knows no
/// way to a counter.
#[derive(Clone, Copy, Debug)]
struct Fixture {
    position: Position,
    tile: Tile,
}

/// The ways to all fixtures of a kitchen.
#[derive(Clone, Debug, Default)]
pub(super) struct Reach {
    width: usize,
    /// Row by row, which decides between two that are as near.
    fixtures: Vec<Fixture>,
    /// A cell's steps for each fixture and each cell, of a player there who does not face it.
    steps: Vec<Vec<u16>>,
}

impl Reach {
    pub(super) fn new(grid: &Grid) -> Self {
        let fixtures = grid.cells().filter(|(_, tile)| !matches!(tile, Tile::Floor | Tile::Counter));
        let fixtures: Vec<Fixture> = fixtures.map(|(position, tile)| Fixture { position, tile }).collect();
        let steps = fixtures.iter().map(|fixture| steps_to(grid, fixture.position)).collect();
        Self { width: grid.width().into(), fixtures, steps }
    }

    /// The place of the nearest fixture of a kind, with the exception of one place; of two as near, the first.
    pub(super) fn nearest(&self, player: &Player, tile: Tile, except: Option<Position>) -> Option<Position> {
        let mut nearest = (NEVER, None);
        for (fixture, steps) in self.fixtures.iter().zip(&self.steps) {
            if fixture.tile == tile && Some(fixture.position) != except {
                let steps = self.steps(player, fixture.position, steps);
                nearest = if steps < nearest.0 { (steps, Some(fixture.position)) } else { nearest };
            }
        }
        nearest.1
    }

    fn steps(&self, player: &Player, fixture: Position, steps: &[u16]) -> u16 {
        if player.position.towards(player.orientation) == fixture {
            return 0;
        }
        steps.get(index(player.position, self.width)).copied().unwrap_or(NEVER)
    }
}

fn index(Position { x, y }: Position, width: usize) -> usize {
    usize::from(y) * width + usize::from(x)
}

/// From each cell; cells that are no floor are never left.
fn steps_to(grid: &Grid, fixture: Position) -> Vec<u16> {
    let width = usize::from(grid.width());
    let mut steps = vec![NEVER; width * usize::from(grid.height())];
    let mut next = VecDeque::new();
    let mut reach = |position: Position, count: u16, next: &mut VecDeque<Position>| {
        if let Some(slot) = steps.get_mut(index(position, width))
            && *slot == NEVER
            && grid.tile(position) == Tile::Floor
        {
            *slot = count;
            next.push_back(position);
        }
        steps.get(index(position, width)).copied().unwrap_or(NEVER)
    };
    // Beside it a turn is left to do; a cell further away in a straight line, a step that also turns.
    for direction in Direction::ALL {
        let beside = fixture.towards(direction);
        if grid.tile(beside) == Tile::Floor {
            reach(beside, 1, &mut next);
            reach(beside.towards(direction), 1, &mut next);
        }
    }
    while let Some(position) = next.pop_front() {
        let count = reach(position, NEVER, &mut VecDeque::new());
        for direction in Direction::ALL {
            reach(position.towards(direction), count.saturating_add(1), &mut next);
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn player(x: u8, y: u8, orientation: Direction) -> Player {
        Player { position: Position { x, y }, orientation, held: None }
    }

    #[test]
    fn the_way_to_a_thing_ends_with_facing_it() {
        let grid = Grid::parse("XXPXXX\nX1   O\nX   2X\nXXDXSX").unwrap();
        let reach = Reach::new(&grid);
        let steps = |player: &Player, tile| {
            let place = reach.nearest(player, tile, None).unwrap();
            let fixture = reach.fixtures.iter().position(|fixture| fixture.position == place).unwrap();
            reach.steps(player, place, &reach.steps[fixture])
        };
        for (x, y, orientation, expected) in [
            (2, 1, Direction::North, 0),
            (2, 1, Direction::East, 1),
            (2, 2, Direction::North, 1),
            (1, 1, Direction::East, 2),
            (1, 2, Direction::West, 2),
            (3, 2, Direction::West, 2),
            (4, 1, Direction::West, 3),
        ] {
            assert_eq!(steps(&player(x, y, orientation), Tile::Pot), expected, "from {x}, {y} facing {orientation:?}");
        }
    }

    #[test]
    fn what_no_way_leads_to_is_not_near_and_of_two_as_near_the_first_is_taken() {
        let grid = Grid::parse("XPXPX\nX1X2X\nXXXXX\nXDOSX").unwrap();
        let reach = Reach::new(&grid);
        let at_the_left = player(1, 1, Direction::South);
        assert_eq!(reach.nearest(&at_the_left, Tile::Pot, None), Some(Position { x: 1, y: 0 }));
        assert_eq!(reach.nearest(&at_the_left, Tile::Pot, Some(Position { x: 1, y: 0 })), None);
        assert_eq!(reach.nearest(&at_the_left, Tile::Onions, None), None);
        let grid = Grid::parse("XXPXX\nP   P\nX1 2X\nXDOSX").unwrap();
        let reach = Reach::new(&grid);
        let between = player(2, 2, Direction::South);
        let first = reach.nearest(&between, Tile::Pot, None);
        assert_eq!(first, Some(Position { x: 2, y: 0 }));
        assert_eq!(reach.nearest(&between, Tile::Pot, first), Some(Position { x: 0, y: 1 }));
    }
}
