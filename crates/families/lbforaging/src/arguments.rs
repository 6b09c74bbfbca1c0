//! Ids and keyword arguments.
use palaestra_env::{ArgumentError, Arguments, Kwargs};
use serde_json::Value as Json;

/// The most players, food, rows or columns, and the highest level. The reference knows no limits.
pub(crate) const MOST_PLAYERS: i64 = 32;
pub(crate) const MOST_FOOD: i64 = 64;
pub(crate) const MOST_CELLS: i64 = 64;
pub(crate) const MOST_LEVEL: i64 = 1000;
pub(crate) const MOST_STEPS: i64 = i32::MAX as i64;
/// Steps after which a game is over, as all ids are registered.
pub(crate) const LONGEST: u32 = 50;
/// Those who can share food that is made for some: it has the level of so many of the weakest.
pub(crate) const SHARERS: usize = 3;

/// What an id says: the arguments that it is registered with, as far as ids differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Registered {
    pub(crate) size: i64,
    pub(crate) players: i64,
    pub(crate) food: i64,
    pub(crate) coop: bool,
    pub(crate) sight: i64,
}

impl Registered {
    /// What `Foraging-8x8-3p-4f-v3` and its kind say: 5 to 19 rows and columns, 2 to 9 players, 1 to 4 food, with `-2s` a sight of
    /// two cells, with `-coop` food that takes as many as can share it. `None` for what is not registered.
    pub(crate) fn read(id: &str) -> Option<Self> {
        let rest = id.strip_prefix("Foraging-")?.strip_suffix("-v3")?;
        let (near, rest) = rest.strip_prefix("2s-").map_or((false, rest), |rest| (true, rest));
        let (coop, rest) = rest.strip_suffix("-coop").map_or((false, rest), |rest| (true, rest));
        let mut parts = rest.split('-');
        let (rows, columns) = parts.next()?.split_once('x')?;
        let size = number(rows, 5..=19).filter(|_| rows == columns)?;
        let players = number(parts.next()?.strip_suffix('p')?, 2..=9)?;
        let food = number(parts.next()?.strip_suffix('f')?, 1..=4)?;
        let sight = if near { 2 } else { size };
        parts.next().is_none().then_some(Self { size, players, food, coop, sight })
    }
}

/// A number written as the registry writes it.
fn number(text: &str, range: std::ops::RangeInclusive<i64>) -> Option<i64> {
    let number = text.parse::<i64>().ok().filter(|number| range.contains(number))?;
    (number.to_string() == text).then_some(number)
}

/// Everything that an environment is made with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Settings {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) players: usize,
    pub(crate) food: usize,
    pub(crate) sight: usize,
    /// Steps after which `gymnasium.make` cuts a game off, if it is told so; its own end is always the same.
    pub(crate) cut_after: Option<u32>,
    pub(crate) coop: bool,
    pub(crate) normalize: bool,
    pub(crate) levels_seen: bool,
    pub(crate) penalty: f64,
    /// The lowest and the highest, one a player; which of the players has which is drawn.
    pub(crate) player_levels: [Vec<i64>; 2],
    /// The lowest, one a food.
    pub(crate) min_food: Vec<i64>,
    /// The highest; without, what the weakest players can share.
    pub(crate) max_food: Option<Vec<i64>>,
    /// The highest level that a player, and food, can have.
    pub(crate) highest: [i64; 2],
}

impl Settings {
    /// # Errors
    /// [`ArgumentError`] for what the reference refuses, fails with later, or would take beyond the limits above.
    pub(crate) fn read(registered: Registered, kwargs: &Kwargs) -> Result<Self, ArgumentError> {
        let mut arguments = Arguments::new(kwargs);
        let players = arguments.integer("players", 1..=MOST_PLAYERS, registered.players)? as usize;
        let food = arguments.integer("max_num_food", 1..=MOST_FOOD, registered.food)? as usize;
        let [rows, columns] = arguments
            .parsed("field_size", "two integers from 3 to 64, of rows and of columns", sides)?
            .unwrap_or([registered.size; 2]);
        let given = arguments.json("max_episode_steps").is_some();
        let steps = arguments.integer("max_episode_steps", 1..=MOST_STEPS, LONGEST.into())? as u32;
        let cut_after = given.then_some(steps);
        let sight = arguments.integer("sight", 0..=2 * MOST_CELLS, registered.sight)?;
        let mut settings = Self {
            rows: rows as usize,
            columns: columns as usize,
            players,
            food,
            sight: sight as usize,
            cut_after,
            coop: arguments.bool("force_coop", registered.coop)?,
            normalize: arguments.bool("normalize_reward", true)?,
            levels_seen: arguments.bool("observe_agent_levels", true)?,
            penalty: arguments.number("penalty", 0.0)?,
            player_levels: [
                levels(&mut arguments, "min_player_level", players)?.unwrap_or_else(|| vec![1; players]),
                levels(&mut arguments, "max_player_level", players)?.unwrap_or_else(|| vec![2; players]),
            ],
            min_food: levels(&mut arguments, "min_food_level", food)?.unwrap_or_else(|| vec![1; food]),
            max_food: levels(&mut arguments, "max_food_level", food)?,
            highest: [0; 2],
        };
        // The package makes a space for these that Gymnasium 1 refuses.
        let flat = |json: &Json| (json.as_bool() == Some(false)).then_some(());
        arguments.parsed("grid_observation", "false: with true the reference's observation space is refused", flat)?;
        arguments.finish()?;
        settings.check(sight)?;
        let [_, most] = &settings.player_levels;
        let listed = settings.max_food.as_ref().and_then(|levels| levels.iter().max().copied());
        let food = listed.unwrap_or_else(|| shared_level(most.clone()));
        settings.highest = [most.iter().max().copied().unwrap_or(1), food];
        Ok(settings)
    }

    fn check(&self, sight: i64) -> Result<(), ArgumentError> {
        let cells = self.rows * self.columns;
        if cells < self.players {
            return Err(invalid("players", format!("at most {cells}, one a cell"), self.players));
        }
        // The reference has the bounds of rows and columns in each other's place.
        let (short, long) = (self.rows.min(self.columns), self.rows.max(self.columns));
        if short != long && 2 * self.sight >= short {
            return Err(invalid("sight", format!("at most {}, as the field is no square", (short - 1) / 2), sight));
        }
        let [least, most] = &self.player_levels;
        in_order("max_player_level", least, most)?;
        if let Some(most) = &self.max_food {
            return in_order("max_food_level", &self.min_food, most);
        }
        let shared = shared_level(least.clone());
        match self.min_food.iter().find(|level| **level > shared && !self.coop) {
            Some(level) => {
                Err(invalid("min_food_level", format!("at most {shared}, what the players can share"), level))
            }
            None => Ok(()),
        }
    }

    /// What a saved state of an environment with the same arguments begins with.
    pub(crate) fn stamp(&self) -> impl Iterator<Item = u64> + '_ {
        let counts = [self.rows, self.columns, self.players, self.food, self.sight].map(|count| count as u64);
        let flags = [self.coop, self.normalize, self.levels_seen, self.max_food.is_some()].map(u64::from);
        let levels = self.player_levels.iter().flatten().chain(&self.min_food).chain(self.max_food.iter().flatten());
        let numbers = [self.cut_after.map_or(0, u64::from), self.penalty.to_bits()];
        counts.into_iter().chain(flags).chain(numbers).chain(levels.map(|level| *level as u64))
    }
}

/// The level of some of the weakest together.
pub(crate) fn shared_level(mut levels: Vec<i64>) -> i64 {
    levels.sort_unstable();
    levels.iter().take(SHARERS).sum()
}

fn sides(json: &Json) -> Option<[i64; 2]> {
    match json.as_array()?.as_slice() {
        [rows, columns] => {
            let side = |json: &Json| json.as_i64().filter(|side| (3..=MOST_CELLS).contains(side));
            Some([side(rows)?, side(columns)?])
        }
        _ => None,
    }
}

/// A level for all, or one each.
fn levels(arguments: &mut Arguments<'_>, name: &'static str, count: usize) -> Result<Option<Vec<i64>>, ArgumentError> {
    let level = |json: &Json| json.as_i64().filter(|level| (1..=MOST_LEVEL).contains(level));
    let read = |json: &Json| match json {
        Json::Array(list) if list.len() == count => list.iter().map(level).collect(),
        one => level(one).map(|level| vec![level; count]),
    };
    arguments.parsed(name, &format!("an integer from 1 to {MOST_LEVEL}, or a list of {count}"), read)
}

fn in_order(name: &str, least: &[i64], most: &[i64]) -> Result<(), ArgumentError> {
    match least.iter().zip(most).find(|(least, most)| least > most) {
        Some((least, most)) => Err(invalid(name, format!("{least} or more, the lowest"), most)),
        None => Ok(()),
    }
}

fn invalid(name: &str, expected: String, found: impl ToString) -> ArgumentError {
    ArgumentError::Invalid { name: name.to_owned(), expected, found: found.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_how_the_game_is_and_only_registered_ones_do() {
        let read = |size, players, food, coop, sight| Some(Registered { size, players, food, coop, sight });
        assert_eq!(Registered::read("Foraging-8x8-3p-4f-v3"), read(8, 3, 4, false, 8));
        assert_eq!(Registered::read("Foraging-2s-10x10-4p-4f-v3"), read(10, 4, 4, false, 2));
        assert_eq!(Registered::read("Foraging-2s-19x19-9p-1f-coop-v3"), read(19, 9, 1, true, 2));
        for id in [
            "Foraging-8x8-3p-4f-v2",
            "Foraging-8x9-3p-4f-v3",
            "Foraging-4x4-3p-4f-v3",
            "Foraging-20x20-3p-4f-v3",
            "Foraging-8x8-1p-4f-v3",
            "Foraging-8x8-10p-4f-v3",
            "Foraging-8x8-3p-5f-v3",
            "Foraging-08x08-3p-4f-v3",
            "Foraging-8x8-3p-4f-coop-pen-v3",
            "Foraging-8x8-3p-v3",
            "Foraging--v3",
        ] {
            assert_eq!(Registered::read(id), None, "{id}");
        }
    }
}
