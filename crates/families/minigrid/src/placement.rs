//! Building a level: the reference's draws (`_rand_int`, `_rand_elem`, `place_obj`, `place_agent` of `minigrid_env.py`), one for
//! one, with a bound on how long a level may look for what is not there.
use palaestra_env::SeededRng;

use super::grid::{Direction, Place};
use super::object::{Cell, Hue};
use super::world::World;

/// A level could not be built: a search has failed, as it does in the reference with a RecursionError, or all patience is spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stuck;

/// A part of the grid that things are placed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Area {
    pub(super) top: Place,
    /// Width and height.
    pub(super) size: (i32, i32),
}

/// Draws at random and builds.
pub(super) struct Builder<'a> {
    pub(super) world: &'a mut World,
    rng: &'a mut SeededRng,
    patience: &'a mut u32,
}

impl<'a> Builder<'a> {
    /// Tries that suffice for every level that can be built at all: with one cell free in the greatest grid, all of them miss
    /// it once in 10¹⁹ levels.
    pub(super) const PATIENCE: u32 = 3_000_000;

    pub(super) fn new(world: &'a mut World, rng: &'a mut SeededRng, patience: &'a mut u32) -> Self {
        Self { world, rng, patience }
    }

    /// Counts a try.
    pub(super) fn attempt(&mut self) -> Result<(), Stuck> {
        *self.patience = self.patience.checked_sub(1).ok_or(Stuck)?;
        Ok(())
    }

    /// An integer in low ..< high.
    pub(super) fn integer(&mut self, low: i32, high: i32) -> i32 {
        self.rng.integers(low.into(), high.into()) as i32
    }

    pub(super) fn hue(&mut self) -> Hue {
        let index = self.rng.choice(Hue::BY_NAME.len());
        Hue::BY_NAME.get(index).copied().unwrap_or(Hue::Blue)
    }

    pub(super) fn direction(&mut self) -> Direction {
        Direction::from_i64(self.integer(0, 4).into())
    }

    /// The whole grid.
    pub(super) fn everywhere(&self) -> Area {
        Area { top: Place::new(0, 0), size: (self.world.grid.width(), self.world.grid.height()) }
    }

    /// Puts something at an empty place that is not the agent's and that `allowed` allows. After `most` tries beyond the first
    /// it gives up, as the reference does.
    pub(super) fn place(
        &mut self,
        cell: Cell,
        area: Area,
        most: Option<u32>,
        allowed: impl Fn(&World, Place) -> bool,
    ) -> Result<Place, Stuck> {
        let (left, top) = (area.top.x.max(0), area.top.y.max(0));
        let right = (left + area.size.0).min(self.world.grid.width());
        let bottom = (top + area.size.1).min(self.world.grid.height());
        let mut tries = 0;
        loop {
            if most.is_some_and(|most| tries > most) {
                return Err(Stuck);
            }
            self.attempt()?;
            tries += 1;
            let place = Place::new(self.integer(left, right), self.integer(top, bottom));
            if self.world.grid.get(place).is_empty() && place != self.world.agent && allowed(self.world, place) {
                self.world.grid.set(place, cell);
                return Ok(place);
            }
        }
    }

    /// Puts something anywhere in an area.
    pub(super) fn place_object(&mut self, cell: Cell, area: Area) -> Result<Place, Stuck> {
        self.place(cell, area, None, |_, _| true)
    }

    /// Puts the agent anywhere in an area, looking anywhere.
    pub(super) fn place_agent(&mut self, area: Area, most: Option<u32>) -> Result<(), Stuck> {
        self.world.agent = World::NOWHERE;
        self.world.agent = self.place(Cell::EMPTY, area, most, |_, _| true)?;
        self.world.direction = self.direction();
        Ok(())
    }
}
