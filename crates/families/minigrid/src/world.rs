//! What changes during play, and one step of it: `MiniGridEnv.step` in `minigrid_env.py`.
use super::grid::{Direction, Grid, Place};
use super::mission::Mission;
use super::object::{Cell, Kind};

/// What the agent can do, with MiniGrid's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Action {
    Left,
    Right,
    Forward,
    Pickup,
    Drop,
    Toggle,
    Done,
}

impl Action {
    /// How many there are.
    pub(super) const COUNT: i64 = 7;

    pub(super) fn from_i64(number: i64) -> Self {
        match number {
            0 => Action::Left,
            1 => Action::Right,
            2 => Action::Forward,
            3 => Action::Pickup,
            4 => Action::Drop,
            5 => Action::Toggle,
            _ => Action::Done,
        }
    }
}

/// What a step earned, and whether it ended the episode.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Score {
    pub(super) reward: f64,
    pub(super) terminated: bool,
}

impl Score {
    /// The task has failed.
    pub(super) const LOST: Self = Self { reward: 0.0, terminated: true };
}

/// A grid, the agent in it, and how far the episode has come.
#[derive(Clone, Debug)]
pub(super) struct World {
    pub(super) grid: Grid,
    pub(super) agent: Place,
    pub(super) direction: Direction,
    /// What the agent holds; [`Cell::EMPTY`] for nothing.
    pub(super) carrying: Cell,
    pub(super) mission: Mission,
    /// Places that the level has to remember: doors, moving obstacles, ….
    pub(super) marks: Vec<Place>,
    /// Steps since the reset.
    pub(super) steps: u32,
    pub(super) max_steps: u32,
}

impl World {
    /// Where the agent is while it is nowhere yet.
    pub(super) const NOWHERE: Place = Place::new(-1, -1);

    pub(super) fn new(grid: Grid, max_steps: u32) -> Self {
        Self {
            grid,
            agent: Self::NOWHERE,
            direction: Direction::Right,
            carrying: Cell::EMPTY,
            mission: Mission::PLAIN,
            marks: Vec::new(),
            steps: 0,
            max_steps,
        }
    }

    /// Empties everything for a new episode.
    pub(super) fn clear(&mut self) {
        self.grid.clear();
        self.agent = Self::NOWHERE;
        self.direction = Direction::Right;
        self.carrying = Cell::EMPTY;
        self.mission = Mission::PLAIN;
        self.marks.clear();
        self.steps = 0;
    }

    /// The place in front of the agent.
    pub(super) fn front(&self) -> Place {
        self.agent.ahead(self.direction, 1)
    }

    /// A place that the level remembers.
    pub(super) fn mark(&self, index: usize) -> Option<Place> {
        self.marks.get(index).copied()
    }

    /// Success at this step: the sooner the more, from nearly 1 down to 0.1 at the last.
    pub(super) fn won(&self) -> Score {
        let used = f64::from(self.steps) / f64::from(self.max_steps);
        Score { reward: 1.0 - 0.9 * used, terminated: true }
    }

    /// Whether the episode is out of steps.
    pub(super) fn truncated(&self) -> bool {
        self.steps >= self.max_steps
    }

    /// One step as in every level; a level adds what is its own.
    pub(super) fn act(&mut self, action: Action) -> Score {
        self.steps = self.steps.saturating_add(1);
        let place = self.front();
        let ahead = self.grid.get(place);
        match action {
            Action::Left => self.direction = self.direction.left(),
            Action::Right => self.direction = self.direction.right(),
            Action::Forward => {
                if ahead.can_overlap() {
                    self.agent = place;
                }
                return match ahead.kind {
                    Kind::Goal => self.won(),
                    Kind::Lava => Score::LOST,
                    _ => Score::default(),
                };
            }
            Action::Pickup => {
                if ahead.can_pickup() && self.carrying.is_empty() {
                    self.carrying = ahead;
                    self.grid.set(place, Cell::EMPTY);
                }
            }
            Action::Drop => {
                if ahead.is_empty() && !self.carrying.is_empty() {
                    self.grid.set(place, self.carrying);
                    self.carrying = Cell::EMPTY;
                }
            }
            Action::Toggle => self.grid.set(place, ahead.toggled(self.carrying)),
            Action::Done => {}
        }
        Score::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object::{Hue, Latch};

    /// A corridor to the right of the agent.
    fn corridor(cells: &[Cell]) -> World {
        let mut world = World::new(Grid::new(cells.len() as i32 + 1, 1, 6), 10);
        world.agent = Place::new(0, 0);
        for (x, cell) in (1..).zip(cells) {
            world.grid.set(Place::new(x, 0), *cell);
        }
        world
    }

    #[test]
    fn an_object_is_carried_to_where_there_is_room_for_it() {
        let key = Cell::new(Kind::Key, Hue::Red).tagged(3);
        let mut world = corridor(&[key, Cell::GOAL]);
        world.act(Action::Pickup);
        assert_eq!(world.carrying, key);
        world.act(Action::Forward);
        assert_eq!(world.agent, Place::new(1, 0));
        world.act(Action::Drop);
        assert_eq!(world.carrying, key, "a goal is no place to drop things");
        world.act(Action::Left);
        world.act(Action::Left);
        world.act(Action::Drop);
        assert_eq!((world.carrying, world.grid.get(Place::new(0, 0))), (Cell::EMPTY, key));
        assert_eq!(world.steps, 6);
    }

    #[test]
    fn hands_hold_one_object() {
        let (key, ball) = (Cell::new(Kind::Key, Hue::Red), Cell::new(Kind::Ball, Hue::Red));
        let mut world = corridor(&[key]);
        world.carrying = ball;
        world.act(Action::Pickup);
        assert_eq!((world.carrying, world.grid.get(Place::new(1, 0))), (ball, key));
    }

    #[test]
    fn the_goal_pays_more_the_sooner_it_is_reached() {
        let mut world = corridor(&[Cell::GOAL]);
        assert_eq!(world.act(Action::Done), Score::default());
        assert_eq!(world.act(Action::Forward), Score { reward: 1.0 - 0.9 * 0.2, terminated: true });
        assert_eq!(world.agent, Place::new(1, 0));
    }

    #[test]
    fn lava_ends_it_and_pays_nothing_and_a_closed_door_or_the_edge_stops_the_agent() {
        let mut world = corridor(&[Cell::LAVA]);
        assert_eq!(world.act(Action::Forward), Score::LOST);
        assert_eq!(world.act(Action::Forward), Score::default());
        assert_eq!(world.agent, Place::new(1, 0));
        let mut world = corridor(&[Cell::door(Hue::Red, Latch::Closed)]);
        world.act(Action::Forward);
        assert_eq!(world.agent, Place::new(0, 0));
        world.act(Action::Toggle);
        world.act(Action::Forward);
        assert_eq!(world.agent, Place::new(1, 0));
    }
}
