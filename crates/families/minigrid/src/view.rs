//! What the agent sees: `gen_obs_grid`, `Grid.slice`, `rotate_left`, `process_vis` and `encode` of the reference in one pass over
//! flat arrays. A row of the view is the bits of a word: bit `i` is column `i`, and row 0 is furthest from the agent.
use super::grid::{Direction, Place};
use super::object::Cell;
use super::world::World;

/// The agent's view of the world at one moment.
#[derive(Clone, Debug)]
pub(super) struct View {
    size: usize,
    see_through_walls: bool,
    /// Object, colour and state, column by column.
    image: Vec<u8>,
    /// What is seen, row by row.
    seen: Vec<u64>,
    /// What can be seen past, row by row.
    clear: Vec<u64>,
}

impl View {
    /// The greatest size: a row has to fit a word.
    pub(super) const MOST: i64 = 63;

    /// `size` is odd, from 3 to [`Self::MOST`].
    pub(super) fn new(size: usize, see_through_walls: bool) -> Self {
        Self { size, see_through_walls, image: vec![0; size * size * 3], seen: vec![0; size], clear: vec![0; size] }
    }

    pub(super) fn size(&self) -> usize {
        self.size
    }

    /// An observation's image, uint8 of shape (size, size, 3): first column, then row.
    pub(super) fn image(&self) -> &[u8] {
        &self.image
    }

    /// What the view has in a column and row; nothing where nothing is seen.
    pub(super) fn cell(&self, column: usize, row: usize) -> Option<Cell> {
        let (codes, _) = self.image.as_chunks::<3>();
        let [kind, hue, latch] = codes.get(column * self.size + row).copied()?;
        Cell::from_u32(u32::from_le_bytes([kind, hue, latch, 0]))
    }

    /// The columns of a row that are seen, as bits.
    pub(super) fn seen(&self, row: usize) -> u64 {
        self.seen.get(row).copied().unwrap_or_default()
    }

    /// The place in the world that a column and row of the view show.
    pub(super) fn place(&self, world: &World, column: usize, row: usize) -> Place {
        let ahead = self.size as i32 - 1 - row as i32;
        let aside = column as i32 - (self.size / 2) as i32;
        world.agent.ahead(world.direction, ahead).ahead(world.direction.right(), aside)
    }

    /// Looks.
    pub(super) fn look(&mut self, world: &World) {
        // The common size apart, so that its loops are unrolled.
        match self.size {
            7 => self.look_sized(world, 7),
            size => self.look_sized(world, size),
        }
    }

    #[inline(always)]
    fn look_sized(&mut self, world: &World, size: usize) {
        let grid = &world.grid;
        let start = grid.index(self.place(world, 0, 0));
        let step = |direction: Direction| {
            let (dx, dy) = direction.vector();
            (dy * grid.stride() + dx) as isize
        };
        let (across, down) = (step(world.direction.right()), step(world.direction.opposite()));
        let cell = |column: usize, row: usize| {
            let index = start.wrapping_add_signed(across * column as isize + down * row as isize);
            grid.flat().get(index).copied().unwrap_or(Cell::WALL)
        };
        if self.see_through_walls {
            self.seen.fill((1 << size) - 1);
        } else {
            for (row, clear) in self.clear.iter_mut().enumerate() {
                *clear = (0..size).fold(0, |bits, column| bits | u64::from(cell(column, row).see_behind()) << column);
            }
            spread(&mut self.seen, &self.clear, size);
        }
        let (columns, _) = self.image.as_chunks_mut::<3>();
        for (column, codes) in columns.chunks_exact_mut(size).enumerate() {
            for ((row, code), seen) in codes.iter_mut().enumerate().zip(&self.seen) {
                *code = if seen >> column & 1 == 1 { cell(column, row).encode() } else { [0; 3] };
            }
        }
        // The agent sees what it carries where it stands itself.
        if let Some(code) = columns.get_mut(size / 2 * size + size - 1) {
            *code = world.carrying.encode();
        }
    }
}

/// `Grid.process_vis`: from the agent, at the middle of the last row, sight spreads along each row to the right, then to the
/// left, through what can be seen past, and from there to the row ahead.
fn spread(seen: &mut [u64], clear: &[u64], size: usize) {
    let last = 1_u64 << (size - 1);
    let mut ahead = 1 << (size / 2);
    for (row, clear) in seen.iter_mut().zip(clear).rev() {
        let mut bits = ahead;
        let rightward = fill_up(bits & clear & !last, clear & !last);
        bits |= rightward << 1;
        let leftward = fill_down(bits & clear & !1, clear & !1, size);
        bits |= leftward >> 1;
        ahead = rightward | rightward << 1 | leftward | leftward >> 1;
        *row = bits;
    }
}

/// The seeds, which lie in `through`, and what lies above each in its unbroken run of `through`.
fn fill_up(seeds: u64, through: u64) -> u64 {
    // A sum carries from a run's lowest seed through to the run's end: what it changes is the answer, but for the other seeds.
    (through ^ through.wrapping_add(seeds) | seeds) & through
}

/// The seeds, which lie in `through`, and what lies below each in its unbroken run of `through`.
fn fill_down(mut seeds: u64, mut through: u64, size: usize) -> u64 {
    let mut reach = 1;
    while reach < size {
        seeds |= through & seeds >> reach;
        through &= through >> reach;
        reach *= 2;
    }
    seeds
}

#[cfg(test)]
mod tests {
    use super::*;
    use palaestra_env::SeededRng;

    /// The rules one cell at a time, over rows of bools.
    fn spread_slowly(clear: &[Vec<bool>]) -> Vec<Vec<bool>> {
        let size = clear.len();
        let mut seen = vec![vec![false; size]; size];
        seen[size - 1][size / 2] = true;
        for row in (0..size).rev() {
            let passes =
                [(0..size - 1).map(|x| (x, x + 1)).collect::<Vec<_>>(), (1..size).rev().map(|x| (x, x - 1)).collect()];
            for (from, to) in passes.into_iter().flatten() {
                if seen[row][from] && clear[row][from] {
                    seen[row][to] = true;
                    if row > 0 {
                        seen[row - 1][from] = true;
                        seen[row - 1][to] = true;
                    }
                }
            }
        }
        seen
    }

    #[test]
    fn sight_spreads_by_words_as_it_does_cell_by_cell() {
        let mut rng = SeededRng::new(7);
        for number in 0..3000 {
            let size = [3, 5, 7, 9, 31, 63][number % 6];
            let share = rng.random();
            let clear: Vec<Vec<bool>> = (0..size).map(|_| (0..size).map(|_| rng.random() < share).collect()).collect();
            let words: Vec<u64> = clear
                .iter()
                .map(|row| row.iter().enumerate().fold(0, |bits, (x, clear)| bits | u64::from(*clear) << x))
                .collect();
            let mut seen = vec![0; size];
            spread(&mut seen, &words, size);
            let bools: Vec<Vec<bool>> = seen.iter().map(|row| (0..size).map(|x| row >> x & 1 == 1).collect()).collect();
            assert_eq!(bools, spread_slowly(&clear), "{clear:?}");
        }
    }
}
