//! What does not change while an environment is played: its floor plan, read once, and its rules.
use palaestra_env::{ArgumentError, Arguments, Kwargs, StateWriter};

use super::setup::{Rewards, Setup, View};
use super::thing::{Scope, Thing};

/// The longest episode; at seven steps a second more than a day.
const LONGEST: i64 = 1_000_000;
/// Pots, or buttons, of a layout.
pub(super) const MOST: usize = 2;

/// A cell, numbered row by row.
pub(super) type Cell = usize;

/// Where an agent looks, numbered as the reference does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Right,
    Down,
    Left,
    Up,
}

impl Direction {
    pub(super) const ALL: [Direction; 4] = [Direction::Right, Direction::Down, Direction::Left, Direction::Up];

    /// 0 right, 1 down, 2 left, 3 up.
    pub(super) fn numbered(number: i64) -> Self {
        Self::ALL[(number & 3) as usize]
    }
}

/// A few cells of one kind, in reading order.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Few {
    cells: [u8; MOST],
    len: u8,
}

impl Few {
    fn push(&mut self, cell: Cell) {
        if let Some(free) = self.cells.get_mut(usize::from(self.len)) {
            *free = cell as u8;
            self.len += 1;
        }
    }

    pub(super) fn len(&self) -> usize {
        usize::from(self.len)
    }

    pub(super) fn cells(&self) -> impl Iterator<Item = Cell> + '_ {
        self.cells.iter().take(self.len()).map(|cell| usize::from(*cell))
    }

    /// Which of them a cell is.
    pub(super) fn index(&self, cell: Cell) -> Option<usize> {
        self.cells().position(|other| other == cell)
    }
}

/// A floor plan and the rules that hold there.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) id: &'static str,
    pub(super) scope: Scope,
    pub(super) view: View,
    pub(super) rewards: Rewards,
    pub(super) max_steps: u32,
    pub(super) width: u8,
    pub(super) height: u8,
    /// What stands in each cell at first, by number.
    pub(super) things: Vec<u8>,
    /// Where the agents start; without, anywhere.
    pub(super) starts: Option<[Cell; 2]>,
    pub(super) pots: Few,
    pub(super) buttons: Few,
    pub(super) signs: Vec<Cell>,
    pub(super) hatches: Vec<Cell>,
    /// Steps until a full pot is done.
    pub(super) cook_time: u8,
    /// Tells the saved states of one environment from those of another.
    pub(super) fingerprint: u64,
}

impl Plan {
    /// Of a registered environment with the arguments of `make`.
    ///
    /// # Errors
    /// [`ArgumentError`] for arguments it does not take.
    pub(super) fn new(setup: &Setup, kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        let mut arguments = Arguments::new(kwargs);
        let max_steps = arguments.integer("max_steps", 1..=LONGEST, i64::from(setup.max_steps))? as u32;
        arguments.finish()?;
        let letters = || setup.layout.iter().flat_map(|row| row.bytes());
        let things: Vec<u8> = letters().map(|letter| setup.scope.lettered(letter)).collect();
        let mut starts = letters().enumerate().filter(|(_, letter)| *letter == b'+').map(|(cell, _)| cell);
        let starts = starts.next().zip(starts.next()).map(|(first, second)| [first, second]);
        let mut plan = Self {
            id: setup.id,
            scope: setup.scope,
            view: setup.view,
            rewards: setup.rewards,
            max_steps,
            width: setup.layout.first().map_or(0, |row| row.len()) as u8,
            height: setup.layout.len() as u8,
            things,
            starts,
            pots: Few::default(),
            buttons: Few::default(),
            signs: Vec::new(),
            hatches: Vec::new(),
            cook_time: if setup.scope == Scope::OpenKitchen { 20 } else { 30 },
            fingerprint: 0,
        };
        for cell in 0..plan.things.len() {
            match plan.built(cell) {
                Thing::Pot => plan.pots.push(cell),
                Thing::Button => plan.buttons.push(cell),
                Thing::Sign => plan.signs.push(cell),
                Thing::Hatch => plan.hatches.push(cell),
                _ => {}
            }
        }
        let mut known = StateWriter::new();
        setup.id.bytes().for_each(|byte| known.u8(byte));
        known.u32(max_steps);
        plan.fingerprint = known.hash();
        Ok(plan)
    }

    /// What stands in a cell at first.
    pub(super) fn built(&self, cell: Cell) -> Thing {
        self.things.get(cell).map_or(Thing::Wall, |number| self.scope.thing(*number))
    }

    /// The first two cells of floor.
    pub(super) fn first_free(&self) -> [Cell; 2] {
        let mut free = (0..self.things.len()).filter(|cell| self.built(*cell) == Thing::Nothing);
        [free.next().unwrap_or_default(), free.next().unwrap_or_default()]
    }

    pub(super) fn row(&self, cell: Cell) -> u8 {
        (cell / usize::from(self.width).max(1)) as u8
    }

    pub(super) fn column(&self, cell: Cell) -> u8 {
        (cell % usize::from(self.width).max(1)) as u8
    }

    /// The neighbouring cell; none beyond the edge.
    pub(super) fn towards(&self, cell: Cell, direction: Direction) -> Option<Cell> {
        let (row, column) = (self.row(cell), self.column(cell));
        let width = usize::from(self.width);
        match direction {
            Direction::Right if column + 1 < self.width => Some(cell + 1),
            Direction::Left if column > 0 => Some(cell - 1),
            Direction::Down if row + 1 < self.height => Some(cell + width),
            Direction::Up if row > 0 => Some(cell - width),
            _ => None,
        }
    }
}
