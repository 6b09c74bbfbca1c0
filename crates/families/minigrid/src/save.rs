//! A world as bytes.
use palaestra_env::{RestoreError, StateReader, StateWriter};

use super::grid::{Direction, Place};
use super::mission::Mission;
use super::object::Cell;
use super::world::World;

/// More places than any level remembers.
const MOST_MARKS: usize = 256;

impl World {
    /// Writes everything but what the arguments of `make` say.
    pub(super) fn save(&self, out: &mut StateWriter) {
        for y in 0..self.grid.height() {
            self.grid.row(y).iter().for_each(|cell| out.u32(cell.to_u32()));
        }
        save_place(self.agent, out);
        out.u8(self.direction as u8);
        out.u32(self.carrying.to_u32());
        self.mission.save(out);
        out.u32(self.marks.len() as u32);
        self.marks.iter().for_each(|mark| save_place(*mark, out));
        out.u32(self.steps);
    }

    /// Reads [`save`](Self::save).
    pub(super) fn restore(&mut self, state: &mut StateReader<'_>) -> Result<(), RestoreError> {
        for y in 0..self.grid.height() {
            for cell in self.grid.row_mut(y) {
                *cell = read_cell(state, "grid")?;
            }
        }
        self.agent = self.read_place(state, "agent")?;
        self.direction = match state.u8()? {
            direction @ 0..4 => Direction::from_i64(direction.into()),
            _ => return Err(RestoreError::Invalid { field: "direction" }),
        };
        self.carrying = read_cell(state, "carrying")?;
        if !self.carrying.is_empty() && !self.carrying.can_pickup() {
            return Err(RestoreError::Invalid { field: "carrying" });
        }
        self.mission = Mission::restore(state)?;
        let marks = state.below(MOST_MARKS, "marks")?;
        self.marks.clear();
        for _ in 0..marks {
            let mark = self.read_place(state, "marks")?;
            self.marks.push(mark);
        }
        self.steps = state.u32()?;
        Ok(())
    }

    /// A place of the grid; or nowhere, which is where the agent is before the first reset.
    fn read_place(&self, state: &mut StateReader<'_>, field: &'static str) -> Result<Place, RestoreError> {
        let [x, y] = [state.u8()?, state.u8()?].map(|number| number as i32 - i32::from(number == u8::MAX) * 256);
        let place = Place::new(x, y);
        if self.grid.contains(place) || place == World::NOWHERE {
            Ok(place)
        } else {
            Err(RestoreError::Invalid { field })
        }
    }
}

/// The greatest grid's last column is 254, so that 255 is free for −1.
fn save_place(place: Place, out: &mut StateWriter) {
    out.u8(place.x as u8);
    out.u8(place.y as u8);
}

fn read_cell(state: &mut StateReader<'_>, field: &'static str) -> Result<Cell, RestoreError> {
    Cell::from_u32(state.u32()?).ok_or(RestoreError::Invalid { field })
}
