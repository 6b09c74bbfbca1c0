//! The game: players on a grid, food that stands on it, and who lifts what. Rule for rule as in lbforaging 2.0.0,
//! `foraging/environment.py`.
use palaestra_env::SeededRng;

use super::arguments::{Settings, shared_level};

/// Tries to find an empty cell before the reference goes on without.
const ATTEMPTS: u32 = 1000;
/// The actions.
const NONE: i64 = 0;
const LOAD: i64 = 5;

/// Row and column.
pub(crate) type Cell = [usize; 2];

/// A player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Player {
    pub(crate) cell: Cell,
    pub(crate) level: i64,
}

/// Food on a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Food {
    pub(crate) cell: Cell,
    pub(crate) level: i64,
}

/// Where everything is.
#[derive(Clone, Debug)]
pub(crate) struct Field {
    pub(crate) players: Vec<Player>,
    /// In reading order.
    pub(crate) food: Vec<Food>,
    /// The levels of all food that there was at first.
    pub(crate) spawned: i64,
    /// Whether the players have places: before the first reset they have none, and later keep those of the last game until they
    /// get new ones.
    pub(crate) placed: bool,
    /// Where a player wants to go in this step, and whether it loads.
    wishes: Vec<(Cell, bool)>,
}

impl Field {
    /// Before the first reset.
    pub(crate) fn new(settings: &Settings) -> Self {
        Self {
            players: vec![Player { cell: [0; 2], level: 1 }; settings.players],
            food: Vec::with_capacity(settings.food),
            spawned: 0,
            placed: false,
            wishes: Vec::with_capacity(settings.players),
        }
    }

    /// Puts players and food on an empty field.
    pub(crate) fn start(&mut self, settings: &Settings, rng: &mut SeededRng) {
        self.food.clear();
        self.place_players(settings, rng);
        self.place_food(settings, rng);
        self.placed = true;
        self.spawned = self.food.iter().map(|food| food.level).sum();
    }

    fn place_players(&mut self, settings: &Settings, rng: &mut SeededRng) {
        let mut order = Vec::new();
        rng.permutation(settings.players, &mut order);
        let [least, most] = &settings.player_levels;
        for (player, rank) in order.into_iter().enumerate() {
            let mut found = None;
            for _ in 0..ATTEMPTS {
                let cell = drawn_cell(rng, [0, settings.rows], [0, settings.columns]);
                // Those who have no new place yet are in the way where they were in the last game.
                if self.is_empty(cell, player) {
                    found = Some((cell, rng.integers(least[rank], most[rank] + 1)));
                    break;
                }
            }
            if let Some((cell, level)) = found {
                self.players[player] = Player { cell, level };
            } else if !self.placed {
                // The reference goes on with a player who is nowhere, and fails.
                let cells = (0..settings.rows * settings.columns)
                    .map(|cell| [cell / settings.columns, cell % settings.columns]);
                let free = cells.into_iter().find(|cell| self.is_empty(*cell, player));
                self.players[player] = Player { cell: free.unwrap_or_default(), level: least[rank] };
            }
        }
    }

    /// Whether nobody is there; before the first game only those count who have been placed, the first `placed`.
    fn is_empty(&self, cell: Cell, placed: usize) -> bool {
        let placed = if self.placed { self.players.len() } else { placed };
        self.level_at(cell) == 0 && self.players.iter().take(placed).all(|player| player.cell != cell)
    }

    fn place_food(&mut self, settings: &Settings, rng: &mut SeededRng) {
        let mut order = Vec::new();
        rng.permutation(settings.food, &mut order);
        let shared = shared_level(self.players.iter().map(|player| player.level).collect());
        let most = |rank: usize| settings.max_food.as_ref().map_or(shared, |levels| levels[rank]);
        let least = |rank: usize| if settings.coop { most(rank) } else { settings.min_food[rank] };
        for _ in 0..ATTEMPTS {
            let Some(rank) = order.get(self.food.len()).copied() else { break };
            let cell = drawn_cell(rng, [1, settings.rows - 1], [1, settings.columns - 1]);
            if self.has_food_near(cell) || !self.is_empty(cell, settings.players) {
                continue;
            }
            let (least, most) = (least(rank), most(rank));
            let level = if least == most { least } else { rng.integers(least, most + 1) };
            let place = self.food.partition_point(|food| food.cell < cell);
            self.food.insert(place, Food { cell, level });
        }
    }

    /// Whether there is food in one of the eight cells around, or two cells away in a straight line.
    fn has_food_near(&self, cell: Cell) -> bool {
        self.food.iter().any(|food| {
            let [rows, columns] = [0, 1].map(|axis| food.cell[axis].abs_diff(cell[axis]));
            (rows <= 1 && columns <= 1) || (rows == 0 && columns <= 2) || (columns == 0 && rows <= 2)
        })
    }

    /// The level of the food on a cell; 0 where there is none.
    pub(crate) fn level_at(&self, cell: Cell) -> i64 {
        self.food.iter().find(|food| food.cell == cell).map_or(0, |food| food.level)
    }

    /// The cell that an action leads to from another, if there is one.
    fn beside(settings: &Settings, [row, column]: Cell, action: i64) -> Option<Cell> {
        let cell = match action {
            1 => [row.checked_sub(1)?, column],
            2 => [row + 1, column],
            3 => [row, column.checked_sub(1)?],
            4 => [row, column + 1],
            _ => return None,
        };
        (cell[0] < settings.rows && cell[1] < settings.columns).then_some(cell)
    }

    /// The food that a player beside it lifts: above, below, to the left or to the right.
    fn food_beside(&self, settings: &Settings, cell: Cell) -> Option<usize> {
        let beside = (1..=4).filter_map(|action| Self::beside(settings, cell, action));
        beside.into_iter().find_map(|cell| self.food.iter().position(|food| food.cell == cell))
    }

    /// A step. What cannot be done is not done.
    pub(crate) fn step(&mut self, settings: &Settings, actions: impl Iterator<Item = i64>, rewards: &mut [f64]) {
        let mut wishes = std::mem::take(&mut self.wishes);
        wishes.clear();
        wishes.extend(self.players.iter().zip(actions).map(|(player, action)| match action {
            LOAD => (player.cell, self.food_beside(settings, player.cell).is_some()),
            NONE => (player.cell, false),
            _ => {
                let target = Self::beside(settings, player.cell, action);
                (target.filter(|cell| self.level_at(*cell) == 0).unwrap_or(player.cell), false)
            }
        }));
        // Where several want to be, whoever is there already included, nobody goes.
        for (number, player) in self.players.iter_mut().enumerate() {
            let target = wishes[number].0;
            if wishes.iter().filter(|(other, _)| *other == target).count() == 1 {
                player.cell = target;
            }
        }
        self.load(settings, &mut wishes, rewards);
        self.wishes = wishes;
    }

    /// Food never stands so near to other food that somebody could lift both: in which order it is tried makes no difference.
    fn load(&mut self, settings: &Settings, wishes: &mut [(Cell, bool)], rewards: &mut [f64]) {
        for first in 0..self.players.len() {
            if !wishes[first].1 {
                continue;
            }
            let Some(number) = self.food_beside(settings, self.players[first].cell) else { continue };
            let food = self.food[number];
            let beside = |player: &Player| {
                let [rows, columns] = [0, 1].map(|axis| player.cell[axis].abs_diff(food.cell[axis]));
                rows + columns == 1
            };
            let helps =
                |(player, wish): (&Player, &(Cell, bool))| if wish.1 && beside(player) { player.level } else { 0 };
            let together: i64 = self.players.iter().zip(wishes.iter()).map(helps).sum();
            let lifted = together >= food.level;
            for ((player, wish), reward) in self.players.iter().zip(wishes.iter_mut()).zip(rewards.iter_mut()) {
                if !(wish.1 && beside(player)) {
                    continue;
                }
                wish.1 = false;
                *reward = match (lifted, settings.normalize) {
                    (false, _) => 0.0 - settings.penalty,
                    (true, false) => (player.level * food.level) as f64,
                    (true, true) => (player.level * food.level) as f64 / (together * self.spawned) as f64,
                };
            }
            if lifted {
                self.food.remove(number);
            }
        }
    }
}

fn drawn_cell(rng: &mut SeededRng, rows: [usize; 2], columns: [usize; 2]) -> Cell {
    [rows, columns].map(|[low, high]| rng.integers(low as i64, high as i64) as usize)
}
