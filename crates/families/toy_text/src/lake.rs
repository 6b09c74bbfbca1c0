//! FrozenLake's maps: the two that come with it, and everybody's own.
use palaestra_env::{ArgumentError, Arguments, Kwargs, SeededRng};
use serde_json::Value as Json;

use super::grid::{Grid, Heading};

const SMALL: [&str; 4] = ["SFFF", "FHFH", "FFFH", "HFFG"];
const LARGE: [&str; 8] =
    ["SFFFFFFF", "FFFFFFFF", "FFFHFFFF", "FFFFFHFF", "FFFHFFFF", "FHHFFFHF", "FHFFHFHF", "FFFHFFFG"];
/// More cells than anybody can look over.
const MOST: usize = 64;
/// Size of a random map, and how likely a cell of it is frozen.
const RANDOM: (usize, f64) = (8, 0.8);

/// What a cell is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tile {
    Start,
    Frozen,
    Hole,
    Goal,
}

impl Tile {
    /// By its letter. The reference takes any other than `S`, `H` and `G` for ice.
    fn lettered(letter: char) -> Option<Self> {
        Some(match letter {
            'S' => Tile::Start,
            'H' => Tile::Hole,
            'G' => Tile::Goal,
            _ if letter.is_ascii_graphic() => Tile::Frozen,
            _ => return None,
        })
    }

    /// Whether the game is over there.
    pub(super) fn is_end(self) -> bool {
        matches!(self, Tile::Hole | Tile::Goal)
    }
}

/// A lake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lake {
    pub(super) grid: Grid,
    tiles: Vec<Tile>,
}

impl Lake {
    /// Reads `desc`, which goes first, and `map_name`.
    pub(super) fn read(
        kwargs: &Kwargs,
        arguments: &mut Arguments<'_>,
        default: &'static str,
    ) -> Result<Self, ArgumentError> {
        let name = arguments.choice("map_name", &["4x4", "8x8"], default)?;
        let expected = "a map: rows of equal length of the letters S, F, H and G, at most 64 by 64";
        if let Some(lake) = arguments.parsed("desc", expected, Self::parsed)? {
            return Ok(lake);
        }
        // Without a name the reference makes a map that nobody can make again; ours is always the same.
        if kwargs.get("map_name").is_some_and(Json::is_null) {
            return Ok(Self::random(0));
        }
        let map: &[&str] = if name == "8x8" { &LARGE } else { &SMALL };
        Self::of(map.iter().map(|row| row.to_string())).ok_or_else(|| ArgumentError::Invalid {
            name: "map_name".to_owned(),
            expected: expected.to_owned(),
            found: name.to_owned(),
        })
    }

    /// From a list of rows, each a string or a list of letters, or from one string with a line a row.
    fn parsed(json: &Json) -> Option<Self> {
        match json {
            Json::String(text) => Self::of(text.trim().lines().map(|row| row.trim().to_owned())),
            Json::Array(rows) => {
                let rows: Option<Vec<String>> = rows.iter().map(row).collect();
                Self::of(rows?.into_iter())
            }
            _ => None,
        }
    }

    fn of(rows: impl Iterator<Item = String>) -> Option<Self> {
        let (mut tiles, mut grid) = (Vec::new(), Grid { rows: 0, columns: 0 });
        for row in rows {
            let columns = row.chars().count();
            if grid.rows == MOST || !(1..=MOST).contains(&columns) || (grid.rows > 0 && columns != grid.columns) {
                return None;
            }
            tiles.extend(row.chars().map(Tile::lettered).collect::<Option<Vec<_>>>()?);
            grid = Grid { rows: grid.rows + 1, columns };
        }
        (grid.rows > 0).then_some(Self { grid, tiles })
    }

    /// The reference's `generate_random_map(seed=seed)`: the first random map on which the goal can be reached.
    fn random(seed: u64) -> Self {
        let (size, frozen) = RANDOM;
        let grid = Grid { rows: size, columns: size };
        let mut rng = SeededRng::new(seed);
        loop {
            let tile = |_| if rng.choice_weighted(&[frozen, 1.0 - frozen]) == 0 { Tile::Frozen } else { Tile::Hole };
            let mut tiles: Vec<Tile> = (0..grid.cells()).map(tile).collect();
            tiles.first_mut().into_iter().for_each(|tile| *tile = Tile::Start);
            tiles.last_mut().into_iter().for_each(|tile| *tile = Tile::Goal);
            let lake = Self { grid, tiles };
            if lake.can_be_crossed() {
                return lake;
            }
        }
    }

    fn can_be_crossed(&self) -> bool {
        let mut seen = vec![false; self.grid.cells()];
        let mut next = vec![0];
        while let Some(cell) = next.pop() {
            match self.tile(cell) {
                Tile::Goal => return true,
                Tile::Hole => continue,
                Tile::Start | Tile::Frozen => {}
            }
            if std::mem::replace(&mut seen[cell], true) {
                continue;
            }
            let ways = [Heading::Left, Heading::Down, Heading::Right, Heading::Up];
            next.extend(ways.map(|heading| self.grid.next(cell, heading)));
        }
        false
    }

    pub(super) fn tile(&self, cell: usize) -> Tile {
        self.tiles.get(cell).copied().unwrap_or(Tile::Frozen)
    }

    pub(super) fn tiles(&self) -> impl Iterator<Item = (usize, Tile)> {
        self.tiles.iter().copied().enumerate()
    }

    /// How likely each cell is to be where the game begins. A map without a start begins, as in the reference, in its first.
    pub(super) fn starts(&self) -> impl Iterator<Item = f64> {
        let count = self.tiles.iter().filter(|tile| **tile == Tile::Start).count();
        let share = if count == 0 { 0.0 } else { 1.0 / count as f64 };
        self.tiles.iter().map(move |tile| if *tile == Tile::Start { share } else { 0.0 })
    }
}

fn row(json: &Json) -> Option<String> {
    match json {
        Json::String(row) => Some(row.clone()),
        Json::Array(letters) => {
            let letter = |json: &Json| json.as_str().filter(|text| text.chars().count() == 1).map(str::to_owned);
            letters.iter().map(letter).collect()
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn letters(lake: &Lake) -> Vec<String> {
        let letter = |tile: &Tile| match tile {
            Tile::Start => 'S',
            Tile::Frozen => 'F',
            Tile::Hole => 'H',
            Tile::Goal => 'G',
        };
        lake.tiles.chunks(lake.grid.columns).map(|row| row.iter().map(letter).collect()).collect()
    }

    #[test]
    fn a_map_reads_alike_from_rows_from_letters_and_from_lines() {
        let rows = Lake::parsed(&json!(["SFH", "FFG"])).unwrap();
        assert_eq!(rows.grid, Grid { rows: 2, columns: 3 });
        for other in [json!([["S", "F", "H"], ["F", "F", "G"]]), json!("SFH\nFFG\n"), json!(["S.H", "FxG"])] {
            assert_eq!(Lake::parsed(&other).as_ref(), Some(&rows), "{other}");
        }
        for wrong in [json!([]), json!([""]), json!(["SF", "G"]), json!(["S\u{e4}"]), json!([["SF"]]), json!(5)] {
            assert_eq!(Lake::parsed(&wrong), None, "{wrong}");
        }
        assert_eq!(Lake::parsed(&json!(["F".repeat(65)])), None);
        assert_eq!(Lake::parsed(&json!(vec!["F"; 65])), None);
    }

    /// As `generate_random_map(seed=…)` of gymnasium 1.4.0 gives them; the seed 4's first map cannot be crossed.
    #[test]
    fn random_maps_are_the_reference_s() {
        assert_eq!(
            letters(&Lake::random(0)),
            ["SFFFHHFF", "FHHFHFFF", "HFFFFFFF", "FFHHFFFF", "FFFFFHHF", "FFFFFHFF", "FHFFHFFF", "FFFFFFFG"]
        );
        assert_eq!(
            letters(&Lake::random(4)),
            ["SHFFHHFF", "FFFFFFFF", "FFFFFFFF", "FFFFFFFF", "FFHFFFFF", "FFFFFFFF", "HHHFFFFH", "FFHFFFFG"]
        );
    }

    #[test]
    fn every_start_is_as_likely() {
        let starts = |rows: Json| Lake::parsed(&rows).unwrap().starts().collect::<Vec<_>>();
        assert_eq!(starts(json!(["SFS"])), [0.5, 0.0, 0.5]);
        assert_eq!(starts(json!(["FG"])), [0.0, 0.0]);
    }
}
